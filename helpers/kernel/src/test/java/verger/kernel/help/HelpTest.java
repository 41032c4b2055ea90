package verger.kernel.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the code of these tests a bar stands for the cursor. */
class HelpTest {

    /** As Spark writes it, with its annotations, an overload, and a setter that says nothing. */
    private static final String READER = """
            package org.apache.spark.sql

            /**
             * Interface used to load a [[Dataset]] from external storage systems.
             * @since 1.4.0
             */
            @Stable
            class DataFrameReader private[sql](sparkSession: SparkSession) extends Logging {

              /* not a comment for anybody */
              /**
               * Loads a Parquet file, as `parquet()` does.
               */
              def parquet(path: String): DataFrame = parquet(Seq(path): _*)

              /**
               * Loads Parquet files:
               * {{{
               *   spark.read.parquet("a", "b")
               * }}}
               *
               * @param paths of the files
               * @since 1.4.0
               */
              @scala.annotation.varargs
              def parquet(paths: String*): DataFrame = format("parquet").load(paths: _*)
            }
            """;

    @TempDir
    private static Path sources;
    private static Help help;

    @BeforeAll
    static void start() throws IOException {
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(sources.resolve("spark-sql-sources.jar")))) {
            jar.putNextEntry(new ZipEntry("org/apache/spark/sql/DataFrameReader.scala"));
            jar.write(READER.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        help = new Help(NotebookShell.shell(), HelpTest.class::getClassLoader, sources);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "ImageFeat|urizer; class verger.features.ImageFeaturizer",
        "ImageFeaturizer|; class verger.features.ImageFeaturizer",
        "f.setNetwork|; ImageFeaturizer NetworkStage.setNetwork(String value)",
        "f.setNet|work('auto'); ImageFeaturizer NetworkStage.setNetwork(String value)",
        "f.setNetwork('au|to'); ImageFeaturizer NetworkStage.setNetwork(String value)",
        "f.setNetwork(chosen.trim(), |; ImageFeaturizer NetworkStage.setNetwork(String value)",
        "Images.read(|; Dataset<Row> Images.read(SparkSession spark, String uri)",
        "Images.read|(spark, 'a'); Dataset<Row> Images.read(SparkSession spark, String uri)",
        "Images.read(spark, 'a')|; Dataset<Row> Images.read(SparkSession spark, String uri)",
        "spark.read()|; DataFrameReader SparkSession.read()",
        "spark.read().|; DataFrameReader SparkSession.read()",
        "String.format|; String String.format(String format, Object... args)",
        "df.map(Images::fold|er); String Images.folder(String path)",
        "new ImageFeaturizer(|; new ImageFeaturizer()",
        "new ImageFeat|urizer(); class verger.features.ImageFeaturizer",
        "Dataset<Ro|w> d = df; interface org.apache.spark.sql.Row",
        "Map.Ent|ry; interface java.util.Map.Entry<K, V>",
        "Math.P|I; double Math.PI",
        "f|; verger.features.ImageFeaturizer f",
        "twi|ce(2); int twice(int number)",
        "disp|lay(df, 200); void Displays.display(Object value, int most)",
        "if (f.getNetwo|rk() == null) {; String NetworkStage.getNetwork()"})
    void showsTheSignatureOfWhatTheCursorIsIn(String code, String signature) {
        assertThat(text(code.replace('\'', '"'))).isNotNull().startsWith(signature);
    }

    @Test
    void showsOurTextInTextAndHtml() {
        DisplayData shown = inspect("f.setWeightsSha256(|");

        assertThat(shown.getData(MIMEType.TEXT_PLAIN).toString()).startsWith(
                """
                ImageFeaturizer NetworkStage.setWeightsSha256(String value)
                Other weights than these are refused, so that a saved stage never gives other numbers without a word.

                  value: SHA-256 of the file of weights in hex, as NetworkChoice.weightsSha256() gives it; null or empty for any""");
        assertThat(shown.getData(MIMEType.TEXT_HTML).toString())
                .startsWith(
                        "<p><b><code>ImageFeaturizer NetworkStage.setWeightsSha256(String value)</code></b></p><p>Other weights")
                .contains("<li><code>value</code> SHA-256");
        assertThat(inspect("df.map|(").getData(MIMEType.TEXT_HTML).toString()).contains("MapFunction&lt;T,U&gt;");
    }

    @Test
    void showsTheOverloadFirstThatTheArgumentsFit() {
        assertThat(text("df.select(|")).startsWith("Dataset<Row> Dataset.select(Column... cols)");
        assertThat(text("df.select(\"a\", |")).startsWith("Dataset<Row> Dataset.select(String col, String... cols)")
                .contains("Dataset.select(Column... cols)");
    }

    @Test
    void showsTheTextOfSparksSources() {
        assertThat(text("spark.read().parquet(|")).isEqualTo("""
                Dataset<Row> DataFrameReader.parquet(String... paths)
                Loads Parquet files:

                    spark.read.parquet("a", "b")

                  paths: of the files
                  since: 1.4.0

                Dataset<Row> DataFrameReader.parquet(String path)
                Loads a Parquet file, as parquet() does.

                Dataset<Row> DataFrameReader.parquet(scala.collection.Seq<String> paths)
                Loads Parquet files:""");
        assertThat(text("DataFrameRea|der r;")).contains("Interface used to load a Dataset from external storage systems.");
    }

    @Test
    void knowsWhatTheCellItselfImportsAndDeclares() {
        String cell = """
                import org.apache.spark.ml.feature.*;
                import static org.apache.spark.sql.functions.*;
                %%lsmagic is no word of Java
                StringIndexer labels = new StringIndexer();
                var own = new ImageFeaturizer();
                """.replace("%%", "%");

        assertThat(text(cell + "labels.setInputCol(|")).startsWith("StringIndexer StringIndexer.setInputCol(String value)");
        assertThat(text(cell + "df.select(col(|")).startsWith("Column functions.col(String colName)");
        assertThat(text(cell + "own.setNetwork(|")).contains("a name in Networks, or auto");
        assertThat(text(cell + "new StringInd|exer()")).startsWith("class org.apache.spark.ml.feature.StringIndexer");
        assertThat(text("%time\n".replace("%", "%%") + "f.setNetwork(|"))
                .startsWith("ImageFeaturizer NetworkStage.setNetwork(");
        assertThat(text("class Stall { int price() { return twice(| } }")).startsWith("int twice(int number)");
    }

    @Test
    void countsAsJupyterDoes() {
        String code = "String apples = \"🍎🍎🍎\"; f.setNetwork(";

        assertThat(help.inspect(code, code.codePointCount(0, code.length())).getData(MIMEType.TEXT_PLAIN).toString())
                .startsWith("ImageFeaturizer NetworkStage.setNetwork");
    }

    @ParameterizedTest
    @ValueSource(strings = {"// f.setNet|work", "/* f.setNetwork(| */", "%%sql\nselect f.setNetwork(|", "nothing.of_this|()",
        "|", "1 + |2"})
    void saysNothingWhereNothingIsKnown(String code) {
        assertThat(inspect(code)).isNull();
    }

    private static String text(String code) {
        DisplayData shown = inspect(code);
        return shown == null ? null : shown.getData(MIMEType.TEXT_PLAIN).toString();
    }

    private static DisplayData inspect(String code) {
        return help.inspect(code.replace("|", ""), code.indexOf('|'));
    }
}
