package verger.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All parts of the box, each asked by its own client. */
@Tag("slow")
@ExtendWith(BoxExtension.class)
class ClusterTest {

    private static final String LISTENS = "0A";

    @Test
    void yarnHasTwoNodes(Box box) throws Exception {
        JsonNode nodes = Box.get(box.yarn() + "/ws/v1/cluster/nodes").at("/nodes/node");

        assertThat(nodes.findValuesAsText("state")).containsExactly("RUNNING", "RUNNING");
        assertThat(nodes.findValuesAsText("nodeHTTPAddress")).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "cluster"})
    void aJobRunsOnTwoExecutorsAndWritesToS3(String mode, Box box) throws Exception {
        Path job = readable(box, "both_nodes.py");

        Box.Output output = box.run(box.environment().get("SPARK_HOME") + "/bin/spark-submit", "--name", "both nodes " + mode,
                "--deploy-mode", mode, "--conf", "spark.pyspark.python=" + python(box), job.toString(), "numbers of " + mode);

        assertThat(output.exitCode()).describedAs(output.screen()).isZero();
        JsonNode application = box.applications().stream()
                .filter(each -> each.get("name").asText().equals("both nodes " + mode)).findFirst().orElseThrow();
        assertThat(box.finalStatus(application.get("id").asText())).isEqualTo("SUCCEEDED");
        String said = mode.equals("client") ? output.screen() : containerOutput(box, application.get("id").asText());
        assertThat(said).contains("rows: 1000");
        assertThat(said).containsPattern("(?m)^containers: container_\\w+ container_\\w+$");
        assertThat(Files.readString(box.bucket("verger").resolve("numbers of " + mode + "/_SUCCESS")))
                .contains("\"committer\" : \"magic\"");
        assertThatNoLogShowsTheSecret(box);
    }

    @Test
    void aKilledExecutorIsReplaced(Box box) throws Exception {
        Path job = readable(box, "slow_sum.py");
        CompletableFuture<Box.Output> running = CompletableFuture.supplyAsync(() -> {
            try {
                return box.run(box.environment().get("SPARK_HOME") + "/bin/spark-submit", "--name", "slow sum",
                        "--conf", "spark.pyspark.python=" + python(box), job.toString());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        String application = await(() -> box.applications().stream()
                .filter(each -> each.get("name").asText().equals("slow sum") && each.get("state").asText().equals("RUNNING"))
                .map(each -> each.get("id").asText()).findFirst());
        await(() -> Optional.of(box.executors(application)).filter(executors -> executors.size() == 2
                && executors.stream().allMatch(executor -> executor.get("completedTasks").asInt() > 0)));

        assertThat(box.kill("CoarseGrainedExecutorBackend", application, "--executor-id 1 ")).isEqualTo(1);

        Box.Output output = running.get(90, TimeUnit.SECONDS);
        assertThat(output.exitCode()).describedAs(output.screen()).isZero();
        assertThat(output.screen()).contains("sum: 780");
        assertThat(box.finalStatus(application)).isEqualTo("SUCCEEDED");
        assertThat(box.processes(application)).isEmpty();
    }

    @Test
    void hdfsKeepsWhatItIsGiven(Box box) throws Exception {
        String name = "/user/" + box.user() + "/Pêches & poires";

        assertThat(box.run("hadoop", "fs", "-put", "/etc/passwd", name).exitCode()).isZero();

        assertThat(box.run("hadoop", "fs", "-cat", name).screen()).isEqualTo(Files.readString(Path.of("/etc/passwd")));
        assertThat(box.run("hadoop", "fs", "-ls", box.hdfs() + "/user").screen()).contains("/user/" + box.user());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3", "s3a"})
    void theSampleLiesOnS3(String scheme, Box box) throws Exception {
        Box.Output count = box.run("hadoop", "fs", "-count", scheme + "://verger/data-sample/Training");

        assertThat(count.screen().strip().split("\\s+")[1]).isEqualTo("288");
    }

    @Test
    void s3WantsCredentials(Box box) {
        assertThatThrownBy(() -> Box.get(box.s3() + "/verger?list-type=2")).hasMessageContaining("answers 403");
    }

    @Test
    void theGatewayAnswers(Box box) throws Exception {
        assertThat(Box.get(box.gateway() + "/api").get("gateway_version").asText()).isEqualTo(Box.release("gateway"));
    }

    @Test
    void theGatewayHasTheKernelsOfTheBundle(Box box) throws Exception {
        JsonNode kernels = Box.get(box.gateway() + "/api/kernelspecs").get("kernelspecs");

        assertThat(kernels.at("/verger/spec/display_name").asText()).isEqualTo("Java on Spark (Verger)");
        assertThat(kernels.at("/verger-cluster/spec/display_name").asText()).isEqualTo("Java on YARN (Verger)");
    }

    @Test
    void nothingOfItRunsAsRoot(Box box) {
        assertThat(box.processes()).isNotEmpty().allMatch(process -> process.info().user().equals(Optional.of(box.user())));
        assertThat(box.user()).isNotEqualTo("root");
    }

    @Test
    void itListensOnLoopbackOnly(Box box) throws Exception {
        Set<String> inodes = new TreeSet<>();
        for (ProcessHandle process : box.processes()) {
            Box.Output sockets = box.run("sh", "-c", "ls -l /proc/" + process.pid() + "/fd 2>/dev/null | grep -o 'socket:.*'");
            inodes.addAll(sockets.screen().replaceAll("[^0-9\n]", "").lines().toList());
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Files.readAllLines(Path.of("/proc/net", table)).stream().map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[3].equals(LISTENS) && inodes.contains(fields[9]))
                    .forEach(fields -> addresses.add(fields[1].split(":")[0]));
        }

        // 127.0.0.1 as the kernel writes it, in IPv4 and as an address of IPv6.
        assertThat(addresses).hasSizeGreaterThan(10).isSubsetOf("0100007F", "0000000000000000FFFF00000100007F");
    }

    @Test
    void aSecondBoxInTheSameFolderIsRefused(Box box) throws Exception {
        Process second = new ProcessBuilder(Box.command("--built")).redirectErrorStream(true).start();

        assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("A box is running in " + Box.FOLDER);
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(box.isRunning()).isTrue();
    }

    /** One that executors have too: the gateway's. */
    private static String python(Box box) {
        return box.environment().get("PATH").split(":")[0] + "/python";
    }

    /** What comes within a minute; until then the question may fail. */
    private static <T> T await(Callable<Optional<T>> question) throws Exception {
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);; Thread.sleep(200)) {
            try {
                Optional<T> answer = question.call();
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            assertThat(System.nanoTime()).describedAs("a minute is over").isLessThan(end);
        }
    }

    private static void assertThatNoLogShowsTheSecret(Box box) throws IOException {
        String secret = box.environment().get("AWS_SECRET_ACCESS_KEY");
        try (var logs = Files.walk(box.logs())) {
            assertThat(logs.filter(Files::isRegularFile)).hasSizeGreaterThan(8)
                    .noneMatch(log -> text(log).contains(secret));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the driver of cluster mode printed. */
    private static String containerOutput(Box box, String application) throws Exception {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(box.logs().resolve("containers"))) {
            for (Path file : files.filter(file -> file.endsWith("stdout") && file.toString().contains(application)).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    /** A copy of a resource where the box's user can read it. */
    private static Path readable(Box box, String resource) throws Exception {
        Path file = box.logs().resolve(resource);
        try (var content = ClusterTest.class.getResourceAsStream("/" + resource)) {
            Files.write(file, content.readAllBytes());
        }
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
