package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;

class ResultsTest {

    private final SparkSession spark = TestSpark.session();

    @TempDir
    Path folder;

    @Test
    void savesPlainArraysThatAnyReaderUnderstands() throws IOException {
        saveAll(rows("a", "b"));

        Dataset<Row> parquet = spark.read().parquet(folder + "/projection.parquet").orderBy("origin");
        assertThat(parquet.schema().simpleString()).isEqualTo("struct<origin:string,label:string,pca:array<double>>");
        assertThat(parquet.collectAsList().get(1).getList(2)).isEqualTo(List.of(1.5, -2.5));
        String json = spark.read().text(folder + "/projection.json").orderBy("value").first().getString(0);
        assertThat(json).isEqualTo("{\"origin\":\"a\",\"label\":\"Apple\",\"pca\":[1.5,-2.5]}");
        assertThat(spark.read().parquet(folder + "/features.parquet").schema().simpleString())
                .isEqualTo("struct<origin:string,label:string,features:array<float>>");
        assertThat(folder.resolve("explained-variance.csv"))
                .hasContent("component,share,cumulative\n1,0.75,0.75\n2,0.25,1.0\n");
        assertThat(ImageIO.read(folder.resolve("charts/dot.png").toFile()).getRGB(2, 1)).isEqualTo(0xff123456);
    }

    @Test
    void anyTableIsSavedUnderItsName() {
        Results results = new Results(spark, folder.toString());
        results.saveTable("pears.json", spark.sql("select 'Conference' as name, 3 as count").coalesce(1));
        results.saveTable("apples.parquet", spark.sql("select 'Topaz' as name"));
        assertThatThrownBy(() -> results.saveTable("figs.csv", spark.sql("select 1"))).hasMessage(
                "A table is saved as .parquet or .json: got figs.csv");
        results.saveManifest(new Manifest(spark, "images"));
        results.publish();

        assertThat(spark.read().text(folder + "/pears.json").first().getString(0))
                .isEqualTo("{\"name\":\"Conference\",\"count\":3}");
        assertThat(results.read("apples.parquet").first().getString(0)).isEqualTo("Topaz");
    }

    @Test
    void imagesThatCouldNotBeUsedAreInTheManifestAlone() throws IOException {
        Dataset<Row> rows = rows("a", null);
        Manifest manifest = new Manifest(spark, "images");
        manifest.counts(rows);
        Results results = new Results(spark, folder.toString());
        results.saveProjection(rows);
        results.saveFeatures(rows);
        results.saveManifest(manifest);
        results.publish();

        assertThat(spark.read().parquet(folder + "/projection.parquet").count()).isEqualTo(1);
        assertThat(spark.read().parquet(folder + "/features.parquet").count()).isEqualTo(1);
        JsonNode saved = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
        assertThat(saved.get("counts").toString()).isEqualTo("{\"read\":2,\"used\":1,\"failed\":1}");
        assertThat(manifest.summary()).isEqualTo("2 files read, 1 used, 1 failed\n  broken: not an image");
        manifest.counts(rows("a"));
        assertThat(manifest.summary()).isEqualTo("1 file read, 1 used, 0 failed");
        assertThat(saved.get("failed").toString()).isEqualTo("[{\"origin\":\"broken\",\"reason\":\"not an image\"}]");
    }

    @Test
    void anEarlierResultStaysUntilTheNewOneIsComplete() throws IOException {
        saveAll(rows("old"));
        Files.writeString(folder.resolve("notes.txt"), "mine");

        Results results = new Results(spark, folder.toString());
        results.saveProjection(rows("new", "newer"));
        assertThatThrownBy(results::publish)
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("save the manifest first");
        assertThat(spark.read().parquet(folder + "/projection.parquet").count()).isEqualTo(1);

        results.saveManifest(new Manifest(spark, "images"));
        results.publish();

        assertThat(spark.read().parquet(folder + "/projection.parquet").count()).isEqualTo(2);
        assertThat(folder.resolve("notes.txt")).hasContent("mine");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("_"));
        }
    }

    @Test
    void nothingOfAnEarlierResultStandsBesideANewOne() throws IOException {
        saveAll(rows("old"));
        Files.writeString(folder.resolve("charts/mine.txt"), "mine");

        Results results = new Results(spark, folder.toString());
        results.saveProjection(rows("new"));
        results.saveManifest(new Manifest(spark, "images"));
        results.publish();

        assertThat(folder.resolve("features.parquet")).doesNotExist();
        assertThat(folder.resolve("charts/dot.png")).doesNotExist();
        assertThat(folder.resolve("charts/mine.txt")).hasContent("mine");
        assertThat(results.read("projection.json").first().<String>getAs("origin")).isEqualTo("new");
    }

    @Test
    void aTableThatIsAppendedToIsNotReplaced() throws IOException {
        saveAll(rows("a"));
        Path madeBy = Files.writeString(folder.resolve("features.parquet/_made-by.json"), "{}");

        assertThatThrownBy(() -> saveAll(rows("b"))).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cannot publish the results at " + folder + ": features.parquet is a table that is "
                        + "appended to, and would be replaced; what was saved is in ");

        assertThat(madeBy).exists();
        assertThat(spark.read().parquet(folder + "/projection.parquet").first().getString(0)).isEqualTo("a");
    }

    @Test
    void pathsAreTakenLiterally() {
        Results results = new Results(spark, folder + "/à {x} [1] *");
        results.saveProjection(rows("a"));
        results.saveManifest(new Manifest(spark, "images"));
        results.publish();

        assertThat(results.read("projection.parquet").count()).isEqualTo(1);
        assertThat(folder.resolve("à {x} [1] */manifest.json")).exists();
    }

    @Test
    void tablesAreNotScatteredOverFiles() throws IOException {
        Results results = new Results(spark, folder.toString());
        results.saveProjection(rows("c", "a", "b").repartition(3));
        results.saveManifest(new Manifest(spark, "images"));
        results.publish();

        try (var files = Files.list(folder.resolve("projection.parquet"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".parquet"))).hasSize(1);
        }
        assertThat(results.read("projection.parquet").collectAsList()).extracting(row -> row.getString(0)).containsExactly("a",
                "b", "c");
    }

    @Test
    void resultsDoNotLieAmongTheImages() {
        Results results = new Results(spark, folder + "/pictures/out");

        results.requireOutside(folder + "/pict");
        results.requireOutside("s3a://fruits/Training");
        assertThatThrownBy(() -> results.requireOutside("file://" + folder)).hasMessageContaining("choose another output");
        assertThatThrownBy(() -> results.requireOutside(folder + "/pictures/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The results would lie among the images: " + folder + "/pictures/out is in the folder of images "
                        + folder + "/pictures/; choose another output");
    }

    @Test
    void noUsableImageIsAnErrorWithAReason() {
        assertThatThrownBy(() -> new Manifest(spark, "images").counts(rows((String) null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("None of the 2 files is an image that can be used; the first, broken: not an image");
    }

    @Test
    void anOutputThatCannotBeWrittenIsAnErrorBeforeTheWork() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new Results(spark, file.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot write results to " + file);
    }

    @Test
    void theManifestTimesItsStages() throws Exception {
        Manifest manifest = new Manifest(spark, "images");
        manifest.stage("list");
        Thread.sleep(20);
        manifest.stage("featurize");
        manifest.put("k", 12);

        JsonNode json = new ObjectMapper().readTree(manifest.toJson());

        assertThat(json.get("seconds").get("list").asDouble()).isGreaterThanOrEqualTo(0.02);
        assertThat(json.get("seconds").has("featurize")).isTrue();
        assertThat(json.get("k").asInt()).isEqualTo(12);
        assertThat(json.get("versions").get("spark").asText()).isEqualTo(spark.version());
        assertThat(json.get("versions").get("onnxruntime").asText()).matches("1\\.\\d+\\.\\d+");
    }

    private void saveAll(Dataset<Row> rows) {
        Results results = new Results(spark, folder.toString());
        results.saveFeatures(rows);
        results.saveProjection(rows);
        results.saveExplainedVariance(new double[] {0.75, 0.25});
        BufferedImage dot = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        dot.setRGB(2, 1, 0x123456);
        results.saveChart("dot", dot);
        results.saveManifest(new Manifest(spark, "images"));
        results.publish();
    }

    /** A row for each origin; null is an image that could not be used. */
    private Dataset<Row> rows(String... origins) {
        StructType schema = new StructType()
                .add("origin", DataTypes.StringType).add("label", DataTypes.StringType)
                .add("features", SQLDataTypes.VectorType()).add("pca", SQLDataTypes.VectorType())
                .add("reason", DataTypes.StringType);
        List<Row> rows = Arrays.stream(origins).map(origin -> origin == null
                ? RowFactory.create("broken", "Apple", null, null, "not an image")
                : RowFactory.create(origin, "Apple", Vectors.dense(1, 2, 3), Vectors.dense(1.5, -2.5), null)).toList();
        return spark.createDataFrame(rows, schema);
    }
}
