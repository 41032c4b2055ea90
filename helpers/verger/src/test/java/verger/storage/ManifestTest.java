package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import verger.TestSpark;

class ManifestTest {

    private final SparkSession spark = TestSpark.session();
    private final Manifest manifest = new Manifest(spark, "images");

    @Test
    void ofManyFailuresTheFirstThousandAreNamed() throws Exception {
        Dataset<Row> rows = spark.range(1001).selectExpr("format_string('%04d', 1000 - id) as origin", "'broken' as reason")
                .union(spark.sql("select 'used', string(null)"));

        manifest.counts(rows);

        JsonNode json = json();
        assertThat(json.get("counts").toString()).isEqualTo("{\"read\":1002,\"used\":1,\"failed\":1001}");
        assertThat(json.get("failed")).hasSize(1000);
        assertThat(json.at("/failed/0/origin").asText()).isEqualTo("0000");
        assertThat(json.at("/failed/999/origin").asText()).isEqualTo("0999");
        assertThat(json.has("listing")).as("there are no lengths").isFalse();
        assertThat(manifest.summary().lines()).hasSize(7).startsWith("1002 files read, 1 used, 1001 failed", "  0000: broken")
                .endsWith("  0004: broken", "  …");
    }

    @Test
    void fiveFailuresAreAllInTheSummary() {
        manifest.counts(spark.range(5).selectExpr("string(id) as origin", "'broken' as reason")
                .union(spark.sql("select 'used', string(null)")));

        assertThat(manifest.summary().lines()).hasSize(6).endsWith("  4: broken");
    }

    @Test
    void aRunThatUsesNoFileIsRefusedButNotOneThatReadsNone() {
        Dataset<Row> rows = spark.sql("select 'b' as origin, 'broken' as reason union all select 'a', 'empty'");

        assertThatThrownBy(() -> manifest.counts(rows)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("None of the 2 files is an image that can be used; the first, a: empty");
        assertThatCode(() -> manifest.counts(rows.limit(0))).doesNotThrowAnyException();
        assertThat(manifest.summary()).isEqualTo("0 files read, 0 used, 0 failed");
    }

    /** By {@code printf 'b\t2\né\t1\n' | sha256sum}; the sum does not depend on the order of the rows. */
    @Test
    void theListingIsTheSumOfSortedLines() throws Exception {
        manifest.listing(spark.sql("select 'é' as origin, 1L as length union all select 'b', 2L").coalesce(1));

        assertThat(json().get("listing").toString()).isEqualTo("{\"files\":2,\"bytes\":3,\"sha256\":"
                + "\"41776eaeb80e1ec0d5b2d9caaea73c995378e4493613bf3acb68b508a9956a29\"}");
    }

    @Test
    void aStageThatComesTwiceAddsUp() throws Exception {
        manifest.stage("draw");
        Thread.sleep(30);
        manifest.stage("save");
        manifest.stage("draw");
        Thread.sleep(30);

        JsonNode seconds = json().get("seconds");
        assertThat(seconds.get("draw").asDouble()).isGreaterThanOrEqualTo(0.06);
        assertThat(seconds.get("save").asDouble()).isLessThan(seconds.get("draw").asDouble());
        Thread.sleep(30);
        assertThat(json().get("seconds").get("draw").asDouble()).as("the clock stopped")
                .isEqualTo(seconds.get("draw").asDouble());
    }

    @Test
    void whatJsonCannotHoldIsRefused() {
        manifest.put("thread", new Object());

        assertThatThrownBy(manifest::toJson).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The manifest holds something that JSON cannot: ");
    }

    @Test
    void filesAreReadFromAManifestOfOursOnly() {
        assertThat(files("{\"files\": [\"a\", \"b\"]}")).containsExactly("a", "b");
        for (String foreign : List.of("{broken", "[1]", "{}", "{\"files\": \"a\"}", "")) {
            assertThat(files(foreign)).as(foreign).isEmpty();
        }
    }

    private static List<String> files(String json) {
        return Manifest.files(json.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(manifest.toJson());
    }
}
