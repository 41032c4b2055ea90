package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.functions$;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.charts.Charts;
import verger.features.ImageFeaturizer;

class RunTest {

    private final SparkSession spark = TestSpark.session();

    @TempDir
    Path folder;

    @Test
    void savesAllAndAManifestThatNamesIt() throws IOException {
        Dataset<Row> rows = spark.sql("select 'a' as origin, 'Apple' as label, 12L as length, string(null) as reason "
                + "union all select 'b', 'Apple', 3L, 'not an image'");
        Dataset<Row> arrays =
                spark.sql("select 'a' as origin, 'Apple' as label, array(1.0D, 2.0D) as features, array(0.5D) as pca");
        Dataset<Row> vectors = arrays.withColumn("features", functions$.MODULE$.array_to_vector(arrays.col("features")))
                .withColumn("pca", functions$.MODULE$.array_to_vector(arrays.col("pca")));
        Run run = Run.of(spark, "s3a://fruits/Training", folder + "/out");
        run.stage("featurize");
        run.network(new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64));

        assertThat(run.counts(rows)).isEqualTo("2 files read, 1 used, 1 failed\n  b: not an image");
        run.put("k", 1);
        run.saveFeatures(vectors);
        run.saveProjection(vectors);
        run.saveExplainedVariance(new double[] {1});
        run.saveTable("names.json", spark.sql("select 'Topaz' as name"));
        run.saveModel("model", new SQLTransformer().setStatement("select * from __THIS__"));
        run.saveChart("dot", new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB));
        run.saveChart("shares", Charts.explainedVariance(new double[] {0.75, 0.25}, 0.95, null));
        assertThat(folder.resolve("out/manifest.json")).doesNotExist();
        SavedRun saved = run.publish();

        assertThat(saved.location()).isEqualTo(run.location()).isEqualTo(folder + "/out");
        assertThat(saved).hasToString("Saved to " + folder + "/out");
        assertThat(saved.read("features.parquet").first().getList(2)).isEqualTo(List.of(1f, 2f));
        assertThat(saved.read("projection.json").first().<String>getAs("origin")).isEqualTo("a");
        assertThat(SQLTransformer.load(saved.location() + "/model").getStatement()).isEqualTo("select * from __THIS__");
        assertThat(ImageIO.read(folder.resolve("out/charts/dot.png").toFile()).getWidth()).isEqualTo(3);
        assertThat(ImageIO.read(folder.resolve("out/charts/shares.png").toFile()).getWidth()).isGreaterThan(800);
        JsonNode manifest = new ObjectMapper().readTree(folder.resolve("out/manifest.json").toFile());
        assertThat(manifest.fieldNames()).toIterable().containsExactly("created", "images", "spark", "versions", "network",
                "counts",
                "listing", "failed", "k", "run", "files", "seconds");
        assertThat(manifest.get("images").asText()).isEqualTo("s3a://fruits/Training");
        assertThat(manifest.at("/network/inputSize").asInt()).isEqualTo(64);
        assertThat(manifest.get("seconds").get("featurize").asDouble()).isPositive();
        assertThat(manifest.get("files")).extracting(JsonNode::asText).containsExactly("features.parquet", "projection.parquet",
                "projection.json", "explained-variance.csv", "names.json", "model", "charts/dot.png", "charts/shares.png");
    }

    @Test
    void aRunThatIsPublishedTakesNoMore() throws IOException {
        Run run = Run.of(spark, "images", folder.toString());
        run.saveExplainedVariance(new double[] {1});
        run.publish();
        String manifest = Files.readString(folder.resolve("manifest.json"));

        assertThatThrownBy(run::publish).isInstanceOf(IllegalStateException.class).hasMessageContaining("are published");
        assertThatThrownBy(() -> run.saveExplainedVariance(new double[] {1})).isInstanceOf(IllegalStateException.class);

        assertThat(folder.resolve("manifest.json")).hasContent(manifest);
        assertThat(folder.resolve("explained-variance.csv")).exists();
    }

    @Test
    void resultsDoNotLieAmongTheImagesUnlessThatIsMeant() {
        assertThatThrownBy(() -> Run.of(spark, folder.toString(), folder + "/out")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "The results would lie among the images: " + folder + "/out is in the folder of images ");

        assertThat(Run.amongImages(spark, folder.toString(), folder + "/out").location()).isEqualTo(folder + "/out");
    }

    /** However the folder is written. */
    @Test
    void resultsDoNotLieAmongImagesOfAFolderWithAnOddName() throws IOException {
        Path photos = Files.createDirectories(folder.resolve("odd names 10:22"));

        for (String images : List.of(photos.toString(), "file://" + folder + "/odd%20names%2010:22",
                photos + "/../" + photos.getFileName())) {
            for (String output : List.of(photos + "/out", "file://" + folder + "/odd%20names%2010:22/out")) {
                assertThatThrownBy(() -> Run.of(spark, images, output)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("choose another output");
            }
        }
    }

    @Test
    void anOutputMayBeAUriAsABrowserWritesIt() {
        Run run = Run.of(spark, "images", "file://" + folder + "/odd%20names/out");
        run.saveTable("names.json", spark.sql("select 'Topaz' as name"));

        assertThat(run.publish().location()).isEqualTo(folder + "/odd names/out");
        assertThat(folder.resolve("odd names/out/manifest.json")).exists();
        assertThat(SavedRun.open(spark, "file://" + folder + "/odd%20names/out").read("names.json").count()).isEqualTo(1);
        assertThat(Provenance.describe("file://" + folder + "/odd%20names/out")).startsWith("results: ");
    }

    /** As {@code notebooks/run --output} gives it. */
    @Test
    void anOutputMayHaveAColonAndNoSlash() {
        Path here = Path.of("2024-01-01T10:22").toAbsolutePath();
        try {
            assertThat(Run.of(spark, "12:30", "2024-01-01T10:22").publish().location()).isEqualTo(here.toString());
            assertThat(SavedRun.open(spark, "2024-01-01T10:22").location()).isEqualTo(here.toString());
        } finally {
            FileUtil.fullyDelete(here.toFile());
        }
    }

    @Test
    void aBucketThatHadoopCannotReachIsSaidAsForImages() {
        String why = ": Hadoop cannot reach a bucket of the name my_bucket, which is none of a host";

        assertThatThrownBy(() -> Run.of(spark, "images", "s3a://my_bucket/out")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot write results to s3a://my_bucket/out" + why);
        assertThatThrownBy(() -> SavedRun.open(spark, "s3a://my_bucket")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read results at s3a://my_bucket" + why);
        assertThatThrownBy(() -> new AppendedFeatures(spark, "s3a://my_bucket/out"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot append to s3a://my_bucket/out" + why);
        assertThatThrownBy(() -> Provenance.describe("s3a://my_bucket/out")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot describe s3a://my_bucket/out" + why);
    }

    @Test
    void anOutputThatIsRefusedIsLeftToOthers() throws IOException {
        assertThatThrownBy(() -> Run.of(spark, folder.toString(), folder + "/out"))
                .isInstanceOf(IllegalArgumentException.class);

        try (var files = Files.list(folder.resolve("out"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void theTablesOfARunAreReadOrAnErrorSaysThatAnotherOneHasReplacedThem() {
        Run first = named("Topaz");
        SavedRun topaz = first.publish();
        SavedRun opened = SavedRun.open(spark, folder.toString());
        assertThat(opened.location()).isEqualTo(folder.toString());
        assertThat(opened.read("names.json").first().getString(0)).isEqualTo("Topaz");
        Run second = named("Elstar");
        assertThat(topaz.read("names.json").first().getString(0)).as("until it is published").isEqualTo("Topaz");

        second.publish();
        for (File part : folder.resolve("names.parquet").toFile().listFiles((parent, name) -> name.contains("part-"))) {
            assertThat(part.delete()).isTrue(); // so that Spark fails, with an exception that is checked and not declared
        }

        assertThatThrownBy(() -> topaz.read("names.parquet")).isInstanceOf(ResultReplacedException.class)
                .hasCauseInstanceOf(AnalysisException.class);
        for (SavedRun before : List.of(topaz, opened)) {
            assertThatThrownBy(() -> before.read("names.json")).isInstanceOf(IllegalStateException.class)
                    .hasMessage("The result at " + folder + " is another run's by now, or is being replaced: read it again by "
                            + "SavedRun.open");
        }
        assertThat(SavedRun.open(spark, folder.toString()).read("names.json").first().getString(0)).isEqualTo("Elstar");
    }

    @Test
    void whatIsReadWhileRunsPublishIsOfOneRun() throws Exception {
        named("0").publish();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= 5; i++) {
                named(Integer.toString(i)).publish();
            }
        });
        int read = 0;
        do {
            try {
                SavedRun saved = SavedRun.open(spark, folder.toString());
                Dataset<Row> names = saved.read("names.json");
                Dataset<Row> pairs = saved.read("names.parquet").crossJoin(names.withColumnRenamed("name", "other"));
                Row pair = pairs.first();
                assertThat(pair.getString(0)).isEqualTo(pair.getString(1));
                read++;
            } catch (ResultReplacedException e) {
                assertThat(e).hasMessageContaining("read it again");
            } catch (Exception e) {
                assertThat(e).hasStackTraceContaining("FileNotFoundException"); // it went while Spark read it
            }
        } while (!publishing.isDone() || read == 0);
        publishing.get();
        assertThat(SavedRun.open(spark, folder.toString()).read("names.json").first().getString(0)).isEqualTo("5");
    }

    private Run named(String name) {
        Run run = Run.of(spark, "images", folder.toString());
        Dataset<Row> names = spark.sql("select '" + name + "' as name");
        run.saveTable("names.json", names);
        run.saveTable("names.parquet", names);
        return run;
    }

    @Test
    void whereNoResultIsNoneIsRead() {
        assertThatThrownBy(() -> SavedRun.open(spark, folder.toString())).isInstanceOf(IllegalStateException.class)
                .hasMessage("There is no whole result at " + folder + ": it has no manifest.json; run again");
        Run run = Run.of(spark, "images", folder.toString());
        assertThatThrownBy(() -> SavedRun.open(spark, folder.toString())).isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "There is no whole result at " + folder + ": it has no manifest.json, and a run writes there: "
                                + "process \\d+ on \\S+ \\(local-\\d+\\), since .*; read it when that run has ended");
        run.publish();
        assertThatThrownBy(() -> SavedRun.open(spark, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read results at : ");
    }

    @Test
    void anOutputThatCannotBeWrittenIsAnErrorBeforeTheWork() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Run.of(spark, "images", file.toString())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot write results to " + file + ": ");
    }

    /** The manifest has what the user gave; what is read and kept clear of results is the folder that it stands for. */
    @Test
    void aFolderOfTheProjectIsFoundFromAnywhere() throws IOException {
        String home = System.getProperty("verger.home");
        Files.createDirectories(folder.resolve("home/pictures"));
        System.setProperty("verger.home", folder + "/home");
        try {
            Run run = Run.of(spark, "pictures", folder + "/out");
            assertThat(run.images()).isEqualTo("file:" + folder + "/home/pictures");
            assertThatThrownBy(() -> Run.of(spark, "pictures", folder + "/home/pictures/out"))
                    .hasMessageContaining("choose another output");
            run.publish();
        } finally {
            System.setProperty("verger.home", home);
        }
        assertThat(new ObjectMapper().readTree(folder.resolve("out/manifest.json").toFile()).get("images").asText())
                .isEqualTo("pictures");
    }

    @Test
    void aCellThatSavesMayBeRunAgain() {
        Run run = Run.of(spark, "images", folder.toString());
        for (String name : List.of("Topaz", "Elstar")) {
            run.saveTable("names.json", spark.sql("select '" + name + "' as name"));
            run.saveModel("model", new SQLTransformer().setStatement("select '" + name + "' from __THIS__"));
            run.saveExplainedVariance(new double[] {1});
        }

        SavedRun saved = run.publish();

        assertThat(saved.read("names.json").first().getString(0)).isEqualTo("Elstar");
        assertThat(SQLTransformer.load(folder + "/model").getStatement()).isEqualTo("select 'Elstar' from __THIS__");
        assertThat(folder.resolve("explained-variance.csv")).exists();
    }

    @Test
    void aTableThatIsNotWholeIsNotRead() throws IOException {
        Run run = Run.of(spark, "images", folder.toString());
        run.saveTable("names.json", spark.sql("select 'Topaz' as name"));
        SavedRun saved = run.publish();
        Files.delete(folder.resolve("names.json/_SUCCESS"));

        assertThatThrownBy(() -> saved.read("names.json")).isInstanceOf(IllegalStateException.class).hasMessage(
                "file:" + folder
                        + "/names.json is no whole table: it has no _SUCCESS, so the job that wrote it failed or still runs; "
                        + "write it again");
        assertThatThrownBy(() -> saved.read("pears.json")).hasMessage("There is no table at file:" + folder + "/pears.json");
    }

    @Test
    void aModelThatCannotBeWrittenIsSaid() {
        Run run = Run.of(spark, "images", folder.toString());
        run.saveExplainedVariance(new double[] {1});

        assertThatThrownBy(() -> run.saveModel("explained-variance.csv/model", new SQLTransformer().setStatement("select 1")))
                .isInstanceOf(UncheckedIOException.class).hasMessageStartingWith("Cannot write explained-variance.csv/model: ");
    }

    @Test
    void onlyDrawingsAreSavedAsCharts() {
        Run run = Run.of(spark, "images", folder.toString());

        assertThatThrownBy(() -> run.saveChart("text", "a text")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A drawing is a chart of XChart or a BufferedImage: got a java.lang.String");
        assertThatThrownBy(() -> run.saveChart("none", null)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A drawing is a chart of XChart or a BufferedImage: got null");
    }
}
