package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.box.s3.Credentials;
import verger.box.s3.S3Server;

/**
 * The main job with its images in a bucket and its results in another, as a user has it: credentials in the environment, the
 * endpoint in a {@code spark-defaults.conf} of one's own, which replaces the project's.
 */
@Tag("slow")
class FruitsOnS3Test {

    private static final Credentials CREDENTIALS =
            new Credentials("VERGERTESTACCESSKEY1", "a/Secret+Of40Characters/For-The-Tests+0001");
    private static final int IMAGES = 3 * 24;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"s3a", "s3"})
    void imagesAndResultsAreInBuckets(String scheme) throws Exception {
        putImages();
        try (S3Server s3 = start(CREDENTIALS)) {
            NotebookRun run = run(s3.endpoint(), scheme);

            assertThat(run.exitCode()).describedAs(run.screen()).isZero();
            assertThat(run.screen()).contains("Saved to " + scheme + "://results/été/out");
            Path out = folder.resolve("s3/results/été/out");
            String projection = "'" + out + "/projection.parquet/*.parquet'";
            assertThat(run.query("select count(distinct origin) from " + projection)).isEqualTo("" + IMAGES);
            assertThat(run.query("select string_agg(distinct label, ', ' order by label) from " + projection))
                    .isEqualTo("Apple Braeburn, Banana, Pêche & 50 % poire");
            for (String table : List.of("projection.parquet", "projection.json", "files.parquet", "pca-model/data")) {
                assertThat(out.resolve(table + "/_SUCCESS")).content().contains("\"committer\" : \"magic\"");
            }
            assertThat(Files.readString(out.resolve("features.parquet/_SUCCESS"))).startsWith("{\"id\":"); // of parts
            assertThat(run.query("select count(*) from '" + out + "/features.parquet/*.parquet'")).isEqualTo("" + IMAGES);
            assertThat(folder.resolve("s3/results")).isDirectoryRecursivelyContaining("glob:**/manifest.json")
                    .isDirectoryNotContaining("regex:.*(_writing|_earlier|_features|__magic|_temporary).*");
            assertThatCredentialsAreNowhere(run);
        }
    }

    @Test
    void refusedCredentials() throws Exception {
        putImages();
        try (S3Server s3 = start(new Credentials("somebody", "else"))) {
            NotebookRun run = run(s3.endpoint(), "s3a");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.lastLine()).startsWith("Cannot write results to s3a://results/été/out: S3 at " + s3.endpoint()
                    + " refuses these credentials for results: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            assertThatCredentialsAreNowhere(run);
        }
    }

    @Test
    void nobodyAtTheEndpoint() throws Exception {
        String closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = "http://127.0.0.1:" + socket.getLocalPort();
        }
        NotebookRun run = run(closed, "s3a");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).isEqualTo("Cannot write results to s3a://results/été/out: S3 does not answer at " + closed
                + " (Connect to " + closed.substring("http://".length()) + " [/127.0.0.1] failed: Connection refused): "
                + "check the network, the proxy (spark.hadoop.fs.s3a.proxy.host) and spark.hadoop.fs.s3a.endpoint");
    }

    private void putImages() throws IOException {
        Path training = NotebookRun.HOME.resolve("data-sample/Training");
        copy(training.resolve("Apple Braeburn"), "Apple Braeburn");
        copy(training.resolve("Banana"), "Banana");
        copy(training.resolve("Pear"), "Pêche & 50 %25 poire"); // as the server writes a percent sign
    }

    private void copy(Path from, String name) throws IOException {
        Path to = Files.createDirectories(folder.resolve("s3/photographs/Training 1").resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve("é " + file.getFileName()));
            }
        }
    }

    private S3Server start(Credentials credentials) throws IOException {
        return S3Server.start(folder.resolve("s3"), 0, credentials, List.of("photographs", "results"));
    }

    private NotebookRun run(String endpoint, String scheme) throws Exception {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(conf.resolve("spark-defaults.conf"), """
                spark.master                               local[2]
                spark.hadoop.fs.s3a.endpoint               %s
                spark.hadoop.fs.s3a.connection.ssl.enabled false
                spark.hadoop.fs.s3a.path.style.access      true
                """.formatted(endpoint));
        Path output = folder.resolve("out");
        return NotebookRun.run(
                Map.of("SPARK_CONF_DIR", conf.toString(), "AWS_ACCESS_KEY_ID", CREDENTIALS.accessKey(),
                        "AWS_SECRET_ACCESS_KEY", CREDENTIALS.secretKey()),
                folder, folder, output, List.of("fruits", "--output", output.toString(), "-p", "k", "3",
                        "-p", "images", scheme + "://photographs/Training 1", "-p", "output", scheme + "://results/été/out"));
    }

    /** Not on the screen, where the log goes as well, not in the executed notebook or its page, and in nothing on S3. */
    private void assertThatCredentialsAreNowhere(NotebookRun run) throws IOException {
        assertThat(run.output().resolve("fruits.ipynb")).exists();
        assertThat(run.output().resolve("fruits.html")).exists();
        assertHidden(run.screen());
        for (Path place : List.of(run.output(), folder.resolve("s3"))) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertHidden(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private static void assertHidden(String text) {
        assertThat(text.contains(CREDENTIALS.accessKey()) || text.contains(CREDENTIALS.secretKey())).isFalse();
    }
}
