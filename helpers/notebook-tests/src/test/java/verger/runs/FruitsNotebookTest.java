package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the sample: one run, with the JVM as users have it, looked at from all sides. */
@Tag("slow")
class FruitsNotebookTest {

    private static final int IMAGES = 12 * (24 + 6);

    @TempDir
    static Path folder;

    private static NotebookRun run;

    @BeforeAll
    static void runTheNotebook() throws Exception {
        Path output = folder.resolve("out");
        run = NotebookRun.run(Map.of("JAVA_TOOL_OPTIONS", NotebookRun.alone(folder)), folder, folder, output,
                List.of("fruits", "--output", output.toString(), "-p", "k", "12"));
    }

    @Test
    void succeeds() {
        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
    }

    @Test
    void everyImageIsARowOfPlainDoubles() throws Exception {
        for (String table : List.of("'$out/projection.parquet/*.parquet'", "read_json_auto('$out/projection.json/*.json')")) {
            assertThat(run.query("select count(distinct origin) from " + table)).isEqualTo("" + IMAGES);
            assertThat(run.query("select string_agg(distinct typeof(pca)) from " + table)).isEqualTo("DOUBLE[]");
            assertThat(run.query("select string_agg(distinct len(pca)) from " + table)).isEqualTo("12");
            assertThat(run.query("select count(distinct label) from " + table)).isEqualTo("12");
            assertThat(run.query("select count(*) from " + table
                    + " where origin like '%\\%20%' escape '\\' or label like '%\\%%' escape '\\'"))
                    .isEqualTo("0");
        }
        assertThat(run.query("select count(*) from '$out/projection.parquet/*.parquet' where label = 'Apple Braeburn'"))
                .isEqualTo("30");
        assertThat(run.query("select len(features) from '$out/features.parquet/*.parquet' limit 1")).isEqualTo("1280");
    }

    @Test
    void everyFileIsARowOfTheTableOfFiles() throws Exception {
        assertThat(run.query("select count(distinct origin) || ' ' || string_agg(distinct status) || ' ' || count(reason) "
                + "from '$out/files.parquet/*.parquet'")).isEqualTo(IMAGES + " ok 0");
    }

    @Test
    void parquetAndJsonSayTheSame() throws Exception {
        assertThat(run.query("select max(abs(p.pca[1] - j.pca[1])) from '$out/projection.parquet/*.parquet' p "
                + "join read_json_auto('$out/projection.json/*.json') j using (origin)")).isEqualTo("0.0");
    }

    @Test
    void likeLiesNearLike() throws Exception {
        String distances = "(select a.origin, a.label = b.label as same, row_number() over "
                + "(partition by a.origin order by list_distance(a.pca, b.pca)) as rank "
                + "from '$out/projection.parquet/*.parquet' a, '$out/projection.parquet/*.parquet' b where a.origin <> b.origin)";

        String accuracy = run.query("select avg(same::int) from " + distances + " where rank = 1");

        assertThat(Double.parseDouble(accuracy)).isGreaterThanOrEqualTo(0.98);
    }

    @Test
    void theSpectrumAddsUpToOne() throws Exception {
        String csv = "'$out/explained-variance.csv'";

        assertThat(run.query("select count(*) from " + csv)).isEqualTo("" + (IMAGES - 1));
        assertThat(Double.parseDouble(run.query("select sum(share) from " + csv))).isBetween(1 - 1e-9, 1 + 1e-9);
        assertThat(run.manifest().at("/componentsForVariance/components").asText())
                .isEqualTo(run.query("select min(component) from " + csv + " where cumulative >= 0.95"));
    }

    @Test
    void theManifestSaysWhatMadeIt() throws Exception {
        JsonNode manifest = run.manifest();

        assertThat(manifest.get("counts").toString()).isEqualTo("{\"read\":360,\"used\":360,\"failed\":0,\"listed\":360,"
                + "\"byStatus\":{\"ok\":360},\"hidden\":0}");
        assertThat(manifest.get("k").asInt()).isEqualTo(12);
        assertThat(manifest.at("/network/name").asText()).isEqualTo("EfficientNet-Lite0");
        assertThat(manifest.at("/network/why").asText()).isEqualTo("ResNet50's weights were not found");
        assertThat(manifest.at("/network/weightsSha256").asText()).startsWith("579344248a93");
        assertThat(manifest.at("/network/engine").asText()).isEqualTo("onnx");
        for (String stage : List.of("list", "featurize", "fit", "draw", "save")) {
            assertThat(manifest.get("seconds").get(stage).asDouble()).describedAs(stage).isPositive();
        }
    }

    @Test
    void chartsArePicturesOfSomething() throws IOException {
        for (String chart : List.of("contact-sheet", "explained-variance", "projection", "projection-photographs")) {
            var image = ImageIO.read(run.output().resolve("charts").resolve(chart + ".png").toFile());
            Set<Integer> colours = new HashSet<>();
            for (int i = 0; i < image.getWidth() * image.getHeight(); i += 7) {
                colours.add(image.getRGB(i % image.getWidth(), i / image.getWidth()));
            }
            assertThat(image.getWidth()).describedAs(chart).isGreaterThan(800);
            assertThat(colours.size()).describedAs(chart).isGreaterThan(50);
        }
    }

    @Test
    void theExecutedNotebookShowsTablesAndPictures() throws IOException {
        JsonNode notebook = new ObjectMapper().readTree(run.output().resolve("fruits.ipynb").toFile());

        assertThat(notebook.findValues("image/png").stream().filter(JsonNode::isTextual)).hasSize(5);
        assertThat(notebook.findValues("text/html").toString())
                .contains("<th title=\\\"string\\\">label</th>", "Apple Braeburn");
        assertThat(notebook.findValues("output_type").stream().map(JsonNode::asText)).doesNotContain("error");
    }

    @Test
    void thePageLoadsNothingFromAnywhere() throws IOException {
        String page = Files.readString(run.output().resolve("fruits.html"), StandardCharsets.UTF_8);

        assertThat(page).contains("data:image/png;base64,");
        assertThat(page).doesNotContainPattern("(src|href)=[\"']https?://")
                .doesNotContainPattern("import\\s*\\(?[\"'`]https?://")
                .doesNotContainPattern("from\\s+[\"']https?://").doesNotContainPattern("url\\([\"']?https?://");
    }

    /** Executors in JVMs of their own, and spark-defaults.conf, which a plain SparkSession.builder() would not read. */
    @Test
    void runsOnExecutorsOutsideOfTheKernel(@TempDir Path cluster) throws Exception {
        Files.writeString(Files.createDirectories(cluster.resolve("conf")).resolve("spark-defaults.conf"), """
                spark.master    local-cluster[2,1,1024]
                """);
        Path output = cluster.resolve("out");

        NotebookRun onCluster = NotebookRun.run(Map.of("SPARK_CONF_DIR", cluster.resolve("conf").toString()),
                cluster, cluster, output,
                List.of("fruits", "--output", output.toString(), "-p", "limit", "48", "-p", "k", "12"));

        assertThat(onCluster.exitCode()).describedAs(onCluster.screen()).isZero();
        assertThat(onCluster.manifest().at("/spark/master").asText()).isEqualTo("local-cluster[2,1,1024]");
        assertThat(onCluster.query("select count(distinct label) from '$out/projection.parquet/*.parquet'")).isEqualTo("12");
        // What the executors computed is what the kernel's own JVM computed.
        assertThat(Double.parseDouble(onCluster.query("select max(list_distance(a.features, b.features)) "
                + "from '$out/features.parquet/*.parquet' a "
                + "join '" + run.output() + "/features.parquet/*.parquet' b using (origin)"))).isLessThan(1e-3);
    }

    @Test
    void brokenFilesAreReasonsAndNothingElse(@TempDir Path mixed) throws Exception {
        Path images = Files.createDirectories(mixed.resolve("Pêches & poires"));
        List<Path> good = some(4);
        for (int i = 0; i < good.size(); i++) {
            Files.copy(good.get(i), images.resolve(i + ".jpg"), StandardCopyOption.REPLACE_EXISTING);
        }
        byte[] whole = Files.readAllBytes(good.get(0));
        Files.write(images.resolve("broken.jpg"), java.util.Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(images.resolve("shopping.txt"), "apples, pears");

        NotebookRun broken = NotebookRun.fruits(mixed, "-p", "images", images.toString());

        assertThat(broken.exitCode()).describedAs(broken.screen()).isZero();
        assertThat(broken.query("select count(*) from '$out/projection.parquet/*.parquet' where label = 'Pêches & poires'"))
                .isEqualTo("4");
        JsonNode failed = broken.manifest().get("failed");
        assertThat(failed.findValuesAsText("origin")).containsExactly(images + "/broken.jpg", images + "/shopping.txt");
        assertThat(failed.findValuesAsText("reason")).containsExactly(
                "truncated image: the file ends before the picture does",
                "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP");
    }

    private static List<Path> some(int count) throws IOException {
        try (var files = Files.walk(NotebookRun.HOME.resolve("data-sample"))) {
            return files.filter(Files::isRegularFile).sorted().limit(count).toList();
        }
    }
}
