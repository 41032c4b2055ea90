package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.files.S3Commit;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;
import verger.storage.Manifest;
import verger.storage.Results;

/** Results in a bucket, on Spark as it comes. */
@Tag("slow")
class ResultsOnS3Test {

    private static int buckets;

    private final SparkSession spark = TestS3.spark();
    private final String bucket = "results-" + ++buckets;

    @TempDir
    Path folder;

    private TestS3 s3;

    @BeforeEach
    void start() throws IOException {
        s3 = new TestS3(folder, bucket, TestS3.CREDENTIALS);
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3a", "s3"})
    void areCommittedByMagicAndReadBack(String scheme) throws IOException {
        String output = scheme + "://" + bucket + "/été 1/out";
        Results results = save(output, "a", "b");

        for (String table : List.of("features.parquet", "projection.parquet", "projection.json", "pca-model/data")) {
            assertThat(text("été 1/out/" + table + "/_SUCCESS")).describedAs(table).contains("\"committer\" : \"magic\"");
        }
        assertThat(s3.keys()).contains(
                "été 1/out/manifest.json", "été 1/out/explained-variance.csv", "été 1/out/pca-model/metadata/_SUCCESS")
                .noneMatch(key -> key.matches(".*(_writing|_earlier|__magic|_temporary).*"));
        assertThat(s3.pending()).isEmpty();
        assertThat(results.location()).isEqualTo(output);
        for (String table : List.of("projection.parquet", "projection.json")) {
            assertThat(results.read(table).select("origin").collectAsList())
                    .extracting(row -> row.getString(0)).containsExactly("a", "b");
        }
        assertThat(PrincipalComponentsModel.load(output + "/pca-model").explainedVariance()).hasSize(1);
    }

    /** A bucket alone is its root; brackets, commas and a colon mean nothing in a key. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/2024-01-01T10:22 [x], {y,z} *"})
    void lieInAnyPlaceOfABucket(String place) throws IOException {
        Results results = save("s3a://" + bucket + place, "a", "b");

        assertThat(results.location()).isEqualTo("s3a://" + bucket + (place.isEmpty() ? "/" : place));
        assertThat(results.read("projection.parquet").count()).isEqualTo(2);
        assertThat(PrincipalComponentsModel.load(results.location() + "/pca-model").explainedVariance()).hasSize(1);
        assertThat(s3.keys()).contains((place + "/manifest.json").substring(1)).noneMatch(key -> key.contains("_writing"));
    }

    @Test
    void leaveTheSessionsSettingsAsTheyWere() {
        var before = spark.conf().getAll();

        save(s3.uri("out"), "a", "b");

        assertThat(spark.conf().getAll()).isEqualTo(before);
    }

    @Test
    void replaceAnEarlierResultWhole() throws IOException {
        save(s3.uri("out"), "old", "older", "oldest");
        List<String> earlier = s3.keys();

        Results results = save(s3.uri("out"), "new", "newer");

        assertThat(results.read("projection.parquet").count()).isEqualTo(2);
        assertThat(s3.keys()).hasSameSizeAs(earlier);
        assertThat(s3.keys().stream().filter(key -> key.contains("/part-")).toList()).doesNotContainAnyElementsOf(
                earlier.stream().filter(key -> key.contains(".parquet/part-")).toList());
    }

    @Test
    void ofAJobThatFailsAreNoneAtAll() throws IOException {
        Dataset<Row> failing = spark.range(0, 400, 1, 4).toDF("n").withColumn("m", functions.udf((UDF1<Long, Long>) n -> {
            if (n == 399) {
                Thread.sleep(2000); // the other tasks are committed by then
                throw new IllegalStateException("the last row");
            }
            return n;
        }, DataTypes.LongType).apply(functions.col("n")));

        assertThatThrownBy(() -> S3Commit.during(spark, s3.uri("failed"), () -> failing.write().parquet(s3.uri("failed"))))
                .hasStackTraceContaining("the last row");

        assertThat(s3.requests().of(Operation.UPLOAD_PART)).isGreaterThanOrEqualTo(3);
        assertThat(s3.keys()).isEmpty();
        assertThat(s3.pending()).isEmpty();
        assertThat(s3.requests().of(Operation.COMPLETE_MULTIPART_UPLOAD)).isZero();
    }

    @Test
    void withoutTheMarkOfSuccessAreRefused() throws IOException {
        Results results = save(s3.uri("out"), "a", "b");
        for (String marked : List.of("projection.parquet", "pca-model/data")) {
            org.apache.hadoop.fs.Path mark = new org.apache.hadoop.fs.Path(s3.uri("out/" + marked + "/_SUCCESS"));
            mark.getFileSystem(spark.sessionState().newHadoopConf()).delete(mark, false);
        }

        assertThatThrownBy(() -> results.read("projection.parquet")).isInstanceOf(IllegalStateException.class)
                .hasMessage(s3.uri("out/projection.parquet")
                        + " is no whole table: it has no _SUCCESS, so the job that wrote it failed or still runs; write it again");
        assertThatThrownBy(() -> results.read("nothing.parquet")).isInstanceOf(IllegalStateException.class)
                .hasMessage("There is no table at " + s3.uri("out/nothing.parquet"));
        assertThatThrownBy(() -> PrincipalComponentsModel.load(s3.uri("out/pca-model")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pca-model/data is no whole table: it has no _SUCCESS");
    }

    @Test
    void areCommittedAsTheUserHasChosen() throws IOException {
        String protocol = "spark.sql.sources.commitProtocolClass";
        spark.conf().set(protocol, "org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol");
        try {
            save(s3.uri("out"), "a", "b");
        } finally {
            spark.conf().unset(protocol);
        }

        assertThat(text("out/projection.parquet/_SUCCESS")).as("left empty by this committer, and named when it is published")
                .startsWith("{\"id\":").doesNotContain("committer");
        assertThat(s3.requests().of(Operation.CREATE_MULTIPART_UPLOAD)).isZero();
    }

    private Results save(String output, String... origins) {
        StructType schema = new StructType().add("origin", DataTypes.StringType).add("label", DataTypes.StringType)
                .add("features", SQLDataTypes.VectorType());
        List<Row> rows = IntStream.range(0, origins.length)
                .mapToObj(i -> RowFactory.create(origins[i], "Apple", Vectors.dense(i, 2 * i, 3))).toList();
        Dataset<Row> features = spark.createDataFrame(rows, schema);
        PrincipalComponentsModel model = new PrincipalComponents().setInputCol("features").setK(1).fit(features);
        Results results = new Results(spark, output);
        results.saveFeatures(features);
        results.saveProjection(model.transform(features));
        results.saveExplainedVariance(model.explainedVariance());
        results.saveModel("pca-model", model);
        results.saveManifest(new Manifest(spark, "images"));
        results.publish();
        return results;
    }

    private String text(String key) throws IOException {
        return new String(s3.content(key), StandardCharsets.UTF_8);
    }
}
