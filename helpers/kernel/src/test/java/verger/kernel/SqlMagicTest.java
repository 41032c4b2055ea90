package verger.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlMagicTest {

    private final SparkSession spark = TestSpark.session().newSession();

    @Test
    void aQueryIsATable() {
        assertThat(SqlMagic.run(spark, "select 1 + 1 as two, image_label('a/Pear/1.jpg') as label;\n").text())
                .isEqualTo("two | label\n2 | Pear\n(1 row)");
    }

    @Test
    void aFunctionOfTheUsersOwnStays() {
        spark.udf().register("image_label", (UDF1<String, String>) path -> "mine", DataTypes.StringType);
        for (int cell = 0; cell < 2; cell++) {
            assertThat(SqlMagic.run(spark, "select image_label('a/Pear/1.jpg') as label").text()).contains("mine");
        }
    }

    @Test
    void aStatementWithoutAResultIsNone() {
        assertThat(SqlMagic.run(spark, "create temp view pears as select 'Pear' as label")).isNull();
        assertThat(SqlMagic.run(spark, "select * from pears").text()).contains("Pear");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "selec 1                        | [PARSE_SYNTAX_ERROR] Syntax error at or near 'selec'.(line 1, pos 0)",
        "select x from range(1)         | [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `x` "
                + "cannot be resolved. Did you mean one of the following? [`id`].; line 1 pos 7",
        "select image_size(id) from range(1) | image_size: id must be binary",
        "select image_features(unhex(''), 'EfficientNet-Lite0', 's3a://none/x.pth') | EfficientNet-Lite0 weights not "
                + "found: weights=s3a://none/x.pth (",
        "select raise_error('no luck')  | RuntimeException: no luck"})
    void aMistakeIsOneSentence(String query, String sentence) {
        assertThatThrownBy(() -> SqlMagic.run(spark, query)).isInstanceOf(SqlMagic.QueryFailed.class)
                .hasMessageStartingWith(sentence).hasNoCause().hasMessageNotContaining("\n")
                .extracting(Throwable::getStackTrace).asInstanceOf(InstanceOfAssertFactories.ARRAY).isEmpty();
    }

    @Test
    void argumentsAreRefused() {
        assertThatThrownBy(() -> new SqlMagic().eval(null, List.of("select", "1"), ""))
                .hasMessage("%%sql stands alone in its line, and the query below it: got select 1");
    }
}
