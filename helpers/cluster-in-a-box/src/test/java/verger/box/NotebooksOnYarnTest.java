package verger.box;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notebooks headless on the cluster, through its gateway: papermill here, the kernel and its executors there. */
@Tag("slow")
@ExtendWith(BoxExtension.class)
class NotebooksOnYarnTest {

    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
    private static final List<String> CLASSES = List.of("Pêche & poire", "Pomme d'amour 100 %", "Banana");
    private static final String SESSION = "var spark = org.apache.spark.sql.SparkSession.builder().getOrCreate();";

    @TempDir
    private Path folder;
    private GatewayRun run;

    @AfterEach
    void end() throws InterruptedException {
        if (run != null) {
            run.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3a", "s3"})
    void photographsOnS3BecomeResultsOnS3(String scheme, Box box) throws Exception {
        String place = scheme + " photographs " + UUID.randomUUID(); // what is on S3 outlives the box
        int images = putPhotographs(box, place);
        String output = place + "/résultats";

        run = GatewayRun.start(box, folder, "fruits",
                "-p", "images", scheme + "://verger/" + place + "/Training", "-p", "output", scheme + "://verger/" + output);
        Set<Long> featurizing = new TreeSet<>();
        run.during(() -> box.processes(EXECUTOR).stream().map(ProcessHandle::pid).filter(NotebooksOnYarnTest::runsOnnxRuntime)
                .forEach(featurizing::add));

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(featurizing).describedAs("executors that ran ONNX Runtime").hasSizeGreaterThanOrEqualTo(2);
        Path results = box.bucket("verger").resolve(output);
        JsonNode manifest = new ObjectMapper().readTree(results.resolve("manifest.json").toFile());
        assertThat(manifest.at("/spark/master").asText()).isEqualTo("yarn");
        assertThat(manifest.at("/versions/spark").asText()).isEqualTo(Box.release("spark"));
        assertThat(manifest.at("/counts/used").asInt()).isEqualTo(images);
        List<JsonNode> rows = rows(results.resolve("projection.json"));
        assertThat(rows).hasSize(images);
        assertThat(rows.stream().map(row -> row.get("label").asText()).distinct()).containsExactlyInAnyOrderElementsOf(CLASSES);
        for (String table : List.of("projection.parquet", "projection.json", "files.parquet")) {
            assertThat(Files.readString(results.resolve(table + "/_SUCCESS"))).contains("\"committer\" : \"magic\"");
        }
        assertThat(Files.readString(results.resolve("features.parquet/_SUCCESS"))).startsWith("{\"id\":"); // of parts
        assertThat(box.finalStatus(manifest.at("/spark/applicationId").asText())).isEqualTo("SUCCEEDED");
        assertThat(secretsIn(folder, box)).isEmpty();
        assertThat(secretsIn(box.logs(), box)).isEmpty();
        assertThat(box.run("hadoop", "fs", "-rm", "-r", "-skipTrash", "s3a://verger/" + place).exitCode()).isZero();
    }

    @Test
    void theDriverRunsInAContainerToo(Box box) throws Exception {
        String notebook = GatewayRun.notebook(folder.resolve("where.ipynb"), SESSION + """
                System.out.println(spark.conf().get("spark.submit.deployMode") + " " + spark.sparkContext().applicationId()
                        + " in " + System.getenv("CONTAINER_ID"));
                System.out.println("rows: " + spark.range(1000).repartition(4).count());
                """, "verger.features.ImageFeaturizer.class.getSimpleName()");

        run = GatewayRun.start(box, folder, notebook, "--kernel", "verger-cluster");

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(run.screen()).containsPattern("cluster (application_\\d+_\\d+) in container_\\d+_").contains("rows: 1000");
        String application = run.screen().replaceAll("(?s).*?(application_\\d+_\\d+).*", "$1");
        assertThat(box.finalStatus(application)).isEqualTo("SUCCEEDED");
        assertNoKernelIsLeft(box);
    }

    @ParameterizedTest
    @CsvSource({"verger, org.apache.spark.deploy.SparkSubmit", "verger-cluster, ApplicationMaster"})
    void aKernelThatIsKilledEndsTheRunSoon(String kernel, String process, Box box) throws Exception {
        String notebook = GatewayRun.notebook(folder.resolve("killed.ipynb"), "System.out.println(\"it \" + \"runs\");",
                "Thread.sleep(600_000);");
        run = GatewayRun.start(box, folder, notebook, "--kernel", kernel);
        run.await(() -> run.screen().contains("it runs"));

        assertThat(box.kill(process)).isPositive();
        long start = System.nanoTime();
        int exitCode = run.exitCode();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);

        System.out.println(kernel + ", killed: exit code " + exitCode + " after " + seconds + " s");
        assertThat(exitCode).describedAs(run.screen()).isEqualTo(138);
        assertThat(seconds).isLessThan(300);
        // A gateway that is replacing an application of YARN deletes it a minute later at the soonest.
        JsonNode left = Box.get(box.gateway() + "/api/kernels");
        assertThat(left.isEmpty() || kernel.equals("verger-cluster")).describedAs(run.screen()).isTrue();
        for (JsonNode successor : left) {
            box.deleteKernel(successor.get("id").asText());
        }
        assertNoKernelIsLeft(box);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verger", "verger-cluster"})
    void anInterruptCancelsTheJobAndTheSessionGoesOnWithLambdas(String kernel, Box box) throws Exception {
        Path script = Path.of(System.getProperty("verger.module"), "src/test/python/interrupt.py");
        Process python = new ProcessBuilder(Box.HOME.resolve(".verger/venv/bin/python").toString(), script.toString(),
                box.gateway(), kernel, box.user()).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(python.waitFor()).describedAs(said).isZero();
        assertThat(said).contains("the cell ended with an error", "jobs still running: 0", "afterwards: 10",
                "on executors: [0, 10, 20]", "their objects: [seed 0, seed 1]");
        assertNoKernelIsLeft(box);
    }

    private int putPhotographs(Box box, String name) throws Exception {
        Path training = Files.createDirectories(folder.resolve("photographs/Training"));
        int count = 0;
        List<Path> sources;
        try (Stream<Path> classes = Files.list(Box.HOME.resolve("data-sample/Training"))) {
            sources = classes.sorted().limit(CLASSES.size()).toList();
        }
        for (int i = 0; i < CLASSES.size(); i++) {
            Path target = Files.createDirectory(training.resolve(CLASSES.get(i)));
            try (Stream<Path> files = Files.list(sources.get(i))) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve("é " + file.getFileName()));
                    count++;
                }
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(path,
                        PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
        Box.Output put =
                box.run("hadoop", "fs", "-put", folder.resolve("photographs").toUri().toString(), "s3a://verger/" + name);
        assertThat(put.exitCode()).describedAs(put.screen()).isZero();
        return count;
    }

    private static boolean runsOnnxRuntime(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/maps")).contains("onnxruntime");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static List<JsonNode> rows(Path table) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> rows = new ArrayList<>();
        try (Stream<Path> parts = Files.list(table)) {
            for (Path part : parts.filter(path -> path.getFileName().toString().startsWith("part-")).toList()) {
                for (String line : Files.readAllLines(part)) {
                    rows.add(json.readTree(line));
                }
            }
        }
        return rows;
    }

    /** The files that hold the secret of S3. */
    private static List<Path> secretsIn(Path folder, Box box) throws IOException {
        String secret = box.environment().get("AWS_SECRET_ACCESS_KEY");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> contains(file, secret)).toList();
        }
    }

    private static boolean contains(Path file, String secret) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret);
        } catch (IOException e) {
            return false; // a log of a container that YARN has just deleted
        }
    }

    private static void assertNoKernelIsLeft(Box box) throws Exception {
        assertThat(Box.get(box.gateway() + "/api/kernels")).isEmpty();
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                !box.processes("spark").isEmpty() && System.nanoTime() < end;) {
            Thread.sleep(200);
        }
        assertThat(box.processes("spark").stream().map(Box::commandLine)).isEmpty();
    }
}
