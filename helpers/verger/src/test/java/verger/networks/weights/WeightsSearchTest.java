package verger.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Adler32;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.WeightsNotFoundException;

/** Weights are looked for where the user says, in the zoo's cache and at the zoo's URL, and a failure names every place. */
public class WeightsSearchTest {

    private static final byte[] CONTENT = "the weights".getBytes(StandardCharsets.UTF_8);
    /** By sha256sum. */
    private static final String SHA256 = "f38329d231164082b94f28edf29bff349b44403e09fc4057d65b31051f4ae6b5";
    /** Where a server never answers. */
    private static final Duration SHORT = Duration.ofMillis(500);
    /** Where it does, also on a busy machine. */
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String RESNET50 = "ResNet50";

    @TempDir
    Path dir;

    private final Configuration hadoop = new Configuration();
    private HttpServer server;
    private int requests;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/models/weights.zip", exchange -> {
            requests++;
            exchange.sendResponseHeaders(200, CONTENT.length);
            try (exchange) {
                exchange.getResponseBody().write(CONTENT);
            }
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void aLocalFile() throws IOException {
        Path file = Files.write(dir.resolve("my weights é.zip"), CONTENT);
        assertThat(search(serverUrl("models/weights.zip")).find(file.toString(), hadoop))
                .isEqualTo(new Weights(file, SHA256, file.toString()));
        assertThat(search(serverUrl("models/weights.zip")).find("file:" + file, hadoop).sha256()).isEqualTo(SHA256);
        assertThat(requests).isZero();
    }

    @Test
    void aLocalFileThatIsNotThereIsAnErrorAtOnce() {
        Path file = dir.resolve("none.h5");
        assertThatThrownBy(() -> search(serverUrl("models/weights.zip")).find(file.toString(), hadoop))
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("ResNet50 weights not found: weights=" + file + " (no such local file);"
                        + " set weights=<path or s3a:// URI of a DL4J zip or Keras .h5>.");
        assertThatThrownBy(() -> search(serverUrl("models/weights.zip")).find(dir.toString(), hadoop))
                .hasMessageContaining("(a directory)");
        assertThat(requests).isZero();
    }

    @Test
    void aRemoteFileIsCopiedOnce() throws IOException {
        hadoop.set("fs.bucket.impl", BucketFileSystem.class.getName());
        Path remote = Files.write(dir.resolve("a b.h5"), CONTENT);
        String uri = "bucket://name" + remote;

        Weights weights = search(serverUrl("models/weights.zip")).find(uri, hadoop);
        assertThat(weights.file()).hasParentRaw(dir.resolve("copies")).hasBinaryContent(CONTENT);
        assertThat(weights.sha256()).isEqualTo(SHA256);
        assertThat(weights.from()).isEqualTo(uri);

        FileTime copied = Files.getLastModifiedTime(weights.file());
        assertThat(search(serverUrl("models/weights.zip")).find(uri, hadoop)).isEqualTo(weights);
        assertThat(Files.getLastModifiedTime(weights.file())).isEqualTo(copied);

        Files.write(remote, "other weights".getBytes(StandardCharsets.UTF_8));
        assertThat(search(serverUrl("models/weights.zip")).find(uri, hadoop).sha256()).isNotEqualTo(SHA256);
        try (var files = Files.list(dir.resolve("copies"))) {
            assertThat(files.filter(file -> !file.toString().endsWith(".sha256"))).hasSize(2);
        }
    }

    @Test
    void aFileThatComesOrIsReplacedHasAnotherStamp() throws IOException {
        hadoop.set("fs.bucket.impl", BucketFileSystem.class.getName());
        Path file = dir.resolve("weights.h5");
        for (String weights : new String[] {file.toString(), "file:" + file, "bucket://name" + file}) {
            Files.deleteIfExists(file);
            String none = GivenWeights.stamp(weights, hadoop);
            Files.write(file, CONTENT);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000));
            String before = GivenWeights.stamp(weights, hadoop);
            assertThat(GivenWeights.stamp(weights, hadoop)).isEqualTo(before).isNotEqualTo(none);
            Files.write(file, CONTENT);
            assertThat(GivenWeights.stamp(weights, hadoop)).isNotEqualTo(before);
        }
        assertThat(GivenWeights.stamp("nosuch://name/x.h5", hadoop)).isEqualTo("none");
    }

    @Test
    void aRemoteFileThatCannotBeReadIsAnErrorAtOnce() {
        hadoop.set("fs.bucket.impl", BucketFileSystem.class.getName());
        assertThatThrownBy(() -> search(serverUrl("models/weights.zip")).find("bucket://name" + dir + "/none.h5", hadoop))
                .isInstanceOf(WeightsNotFoundException.class).hasMessageContaining("none.h5 (no such file); set weights=<");
        assertThatThrownBy(() -> search(serverUrl("models/weights.zip")).find("bucket://name" + dir, hadoop))
                .isInstanceOf(WeightsNotFoundException.class).hasMessageContaining("a directory");
        assertThatThrownBy(() -> search(serverUrl("models/weights.zip")).find("nosuch://name/x.h5", hadoop))
                .isInstanceOf(WeightsNotFoundException.class).hasMessageContaining("No FileSystem for scheme \"nosuch\"");
        assertThat(requests).isZero();
    }

    @Test
    void theZoosCache() throws IOException {
        Path cached = Files.write(Files.createDirectories(zooDirectory()).resolve("weights.zip"), CONTENT);
        assertThat(search(serverUrl("models/weights.zip")).find(null, hadoop))
                .isEqualTo(new Weights(cached, SHA256, cached.toString()));
        assertThat(requests).isZero();
    }

    @Test
    void whatADeadProcessHasLeftOfADownloadGoes() throws IOException {
        Files.write(Files.createDirectories(zooDirectory()).resolve("weights.zip"), CONTENT);
        ProcessFilesTest.partOfDead(zooDirectory());
        search(serverUrl("models/weights.zip")).find(null, hadoop);
        assertOnlyInZoo("weights.zip");
    }

    @Test
    void aDamagedFileInTheZoosCacheIsLeftAlone() throws IOException {
        Path cached = Files.writeString(Files.createDirectories(zooDirectory()).resolve("weights.zip"), "the wei");
        assertThatThrownBy(() -> search(serverUrl("models/weights.zip")).find(" ", hadoop))
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("ResNet50 weights not found: looked in weights= (not set), " + zooDirectory()
                        + " (weights.zip has Adler-32 "
                        + adler32("the wei".getBytes(StandardCharsets.UTF_8)) + ", not " + adler32(CONTENT)
                        + ": cut short, or another file), "
                        + serverUrl("models/weights.zip") + " (not tried, its place is taken);"
                        + " set weights=<path or s3a:// URI of a DL4J zip or Keras .h5> or delete that file to download it "
                        + "again.");
        assertThat(cached).hasContent("the wei");
        assertThat(requests).isZero();
    }

    @Test
    void theZoosDownloadGoesIntoItsCache() throws IOException {
        Path cached = zooDirectory().resolve("weights.zip");
        URI url = serverUrl("models/weights.zip");
        assertThat(search(url).find(null, hadoop)).isEqualTo(new Weights(cached, SHA256, url.toString()));
        assertThat(search(url).find(null, hadoop).from()).isEqualTo(cached.toString());
        assertThat(requests).isEqualTo(1);
        assertOnlyInZoo("weights.zip");
    }

    @Test
    void aDownloadIsAnnouncedBeforeItStarts() throws IOException {
        URI url = serverUrl("models/weights.zip");
        List<String> logged = new ArrayList<>();
        AbstractAppender appender = new AbstractAppender("test", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                logged.add(event.getLevel() + " after " + requests + " requests: " + event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        Logger logger = (Logger) LogManager.getLogger(WeightsSearch.class);
        logger.addAppender(appender);
        try {
            search(url).find(null, hadoop);
        } finally {
            logger.removeAppender(appender);
        }
        assertThat(logged).containsExactly(
                "WARN after 0 requests: Trying to download ResNet50's weights, about 103 MB, from " + url + " to "
                        + zooDirectory());
    }

    @Test
    void aDownloadOfSomethingElse() throws IOException {
        URI url = serverUrl("models/weights.zip");
        assertThatThrownBy(
                () -> search(RESNET50, zooFile(zooDirectory(), url, 1), LONG).find(null, hadoop))
                .hasMessageContaining(url + " (what came has Adler-32 " + adler32(CONTENT) + ", not 1); ");
        assertOnlyInZoo();
    }

    @Test
    void aServerWithoutTheFile() throws IOException {
        URI url = serverUrl("elsewhere/weights.zip");
        assertThatThrownBy(() -> search(url).find(null, hadoop))
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("ResNet50 weights not found: looked in weights= (not set), " + zooDirectory()
                        + " (no weights.zip), " + url
                        + " (HTTP status 404); set weights=<path or s3a:// URI of a DL4J zip or Keras .h5> or connect to "
                        + "download them.");
        assertOnlyInZoo();
    }

    @Test
    void aServerThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://localhost:" + silent.getLocalPort() + "/weights.zip");
            assertThatThrownBy(() -> search(url, SHORT).find(null, hadoop)).hasMessageContaining(url + " (no answer");
            assertOnlyInZoo();
        }
    }

    @Test
    void aServerThatStopsInTheMiddle() throws IOException {
        server.createContext("/slow/weights.zip", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 4);
            exchange.getResponseBody().flush();
        });
        URI url = serverUrl("slow/weights.zip");
        assertThatThrownBy(() -> search(url, SHORT).find(null, hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessageContaining(url + " (");
        assertOnlyInZoo();
    }

    @Test
    void aHostThatDoesNotExist() throws IOException {
        URI url = URI.create("http://verger.invalid/weights.zip");
        assertThatThrownBy(() -> search(url).find(null, hadoop)).hasMessageContaining(url + " (no answer");
        assertOnlyInZoo();
    }

    @Test
    void aCacheThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        URI url = serverUrl("models/weights.zip");
        assertThatThrownBy(
                () -> search(RESNET50, zooFile(file.resolve("zoo"), url, 1), LONG).find(null, hadoop))
                .hasMessageContaining(url + " (not tried, that directory cannot be written); ");
        assertThat(requests).isZero();
    }

    @Test
    void theErrorNamesTheNetworkThatWasAskedFor() {
        URI url = serverUrl("elsewhere/weights.zip");
        PublishedFile zoo = zooFile(zooDirectory(), url, 1);
        assertThatThrownBy(() -> search("Xception", zoo, LONG).find(null, hadoop))
                .hasMessageStartingWith("Xception weights not found: looked in weights= (not set), ");
        assertThatThrownBy(() -> search("VGG19", zoo, LONG)
                .find(dir + "/none.h5", hadoop))
                .hasMessageStartingWith("VGG19 weights not found: weights=" + dir + "/none.h5 (no such local file); ");
    }

    private WeightsSearch search(URI url) {
        return search(url, LONG);
    }

    private WeightsSearch search(URI url, Duration patience) {
        return search(RESNET50, zooFile(zooDirectory(), url, adler32(CONTENT)), patience);
    }

    private WeightsSearch search(String network, PublishedFile zoo, Duration patience) {
        return new WeightsSearch(dir.resolve("copies"), network, "set weights=<path or s3a:// URI of a DL4J zip or Keras .h5>",
                List.of(zoo), List.of(), null, patience);
    }

    private static PublishedFile zooFile(Path directory, URI url, long adler32) {
        return new PublishedFile(directory, url, List.of(Sum.adler32(adler32)), 102_546_848);
    }

    private Path zooDirectory() {
        return dir.resolve("zoo/models/resnet50");
    }

    private void assertOnlyInZoo(String... names) throws IOException {
        try (var files = Files.list(zooDirectory())) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactly(names);
        }
    }

    private URI serverUrl(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/" + path);
    }

    private static long adler32(byte[] bytes) {
        Adler32 adler = new Adler32();
        adler.update(bytes);
        return adler.getValue();
    }

    /** A file system with a scheme of its own, on local files. */
    public static class BucketFileSystem extends RawLocalFileSystem {

        @Override
        public String getScheme() {
            return "bucket";
        }

        @Override
        public URI getUri() {
            return URI.create("bucket://name");
        }
    }
}
