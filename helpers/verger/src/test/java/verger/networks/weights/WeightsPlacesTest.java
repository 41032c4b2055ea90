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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.networks.WeightsNotFoundException;

/** Two publishers' files, in their caches, a folder of Verger's, a mirror and at the publishers: which one is taken, and when. */
class WeightsPlacesTest {

    private static final byte[] CONTENT = "the weights".getBytes(StandardCharsets.UTF_8);
    /** By md5sum and sha256sum. */
    private static final String MD5 = "7b2e12b79dc7bba95279d2f6d3b30631";
    private static final String SHA256 = "f38329d231164082b94f28edf29bff349b44403e09fc4057d65b31051f4ae6b5";
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private final Configuration hadoop = new Configuration();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Integer> status = new HashMap<>();
    private HttpServer server;
    private byte[] answer = CONTENT;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            int code = status.getOrDefault(path, 404);
            byte[] body = code == 200 ? answer : "no".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void eachCacheIsLookedAtBeforeAnyHost() throws IOException {
        status.put("/first/a.zip", 200);
        Path cached = put("second/b.h5");

        assertThat(search(null, LONG).find("", hadoop)).isEqualTo(new Weights(cached, SHA256, cached.toString()));
        Path folder = put("folder/a.zip");
        Files.delete(cached);
        assertThat(search(null, LONG).find("", hadoop).from()).isEqualTo(folder.toString());
        assertThat(asked).isEmpty();
    }

    @Test
    void theMirrorIsAskedBeforeThePublishersAndOnce() throws IOException {
        status.put("/mirror/b.h5", 200);
        status.put("/first/a.zip", 200);

        Weights found = search(url("mirror/"), LONG).find("", hadoop);

        assertThat(found).isEqualTo(new Weights(dir.resolve("second/b.h5"), SHA256, url("mirror/b.h5")));
        assertThat(search(url("mirror"), LONG).find("", hadoop).file()).isEqualTo(found.file());
        assertThat(asked).containsExactly("/mirror/a.zip", "/mirror/b.h5");
    }

    @Test
    void aMirrorOnAFileSystemOfHadoop() throws IOException {
        hadoop.set("fs.bucket.impl", WeightsSearchTest.BucketFileSystem.class.getName());
        put("mirror/b.h5");
        String mirror = "bucket://name" + dir.resolve("mirror");

        Weights found = search(mirror, LONG).find("", hadoop);

        assertThat(found.from()).isEqualTo(mirror + "/b.h5");
        assertThat(found.file()).hasBinaryContent(CONTENT);
        Files.writeString(dir.resolve("mirror/b.h5"), "other weights");
        assertThatThrownBy(() -> search(mirror, LONG).find("", hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessageContaining(mirror + "/a.zip (no such file), " + mirror + "/b.h5 (it has MD5 ");
    }

    @Test
    void thePublishersComeLastInTheirOrder() throws IOException {
        status.put("/second/b.h5", 200);

        assertThat(search(null, LONG).find("", hadoop).from()).isEqualTo(url("second/b.h5"));
        assertThat(dir.resolve("second/b.h5")).hasBinaryContent(CONTENT);
        assertThat(asked).containsExactly("/first/a.zip", "/second/b.h5");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 409})
    void aHostThatRefusesIsPassedOver(int code) throws IOException {
        status.put("/first/a.zip", code);
        status.put("/second/b.h5", 200);
        assertThat(search(null, LONG).find("", hadoop).from()).isEqualTo(url("second/b.h5"));

        Files.delete(dir.resolve("second/b.h5"));
        status.remove("/second/b.h5");
        assertThatThrownBy(() -> search(null, LONG).find("", hadoop)).hasMessageContaining(
                url("first/a.zip") + " (HTTP status " + code + "), " + url("second/b.h5") + " (HTTP status 404); bring them");
    }

    @Test
    void aFileWithAnotherSumIsNotKept() throws IOException {
        answer = "other weights".getBytes(StandardCharsets.UTF_8);
        status.put("/first/a.zip", 200);
        status.put("/second/b.h5", 200);

        assertThatThrownBy(() -> search(null, LONG).find("", hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessageContaining(url("first/a.zip") + " (what came has SHA-256 ")
                .hasMessageContaining(", not f38329d2), ").hasMessageContaining(url("second/b.h5") + " (what came has MD5 ")
                .hasMessageContaining(", not 00 or " + MD5 + ");");
        assertThat(dir.resolve("first")).isEmptyDirectory();
        assertThat(dir.resolve("second")).isEmptyDirectory();
    }

    /** A damaged file of the user's own is neither used nor overwritten, and other places are still asked. */
    @Test
    void aDamagedFileInACacheDoesNotEndTheSearch() throws IOException {
        Path damaged = Files.writeString(put("first/a.zip"), "the wei");
        status.put("/first/a.zip", 200);
        status.put("/second/b.h5", 200);

        assertThat(search(null, LONG).find("", hadoop).from()).isEqualTo(url("second/b.h5"));
        assertThat(damaged).hasContent("the wei");
        assertThat(asked).containsExactly("/second/b.h5");
    }

    /** A host that is silent is asked once, and the one after it still answers. */
    @Test
    void aSilentHostIsGivenUp() throws IOException {
        status.put("/second/b.h5", 200);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String mirror = "http://localhost:" + silent.getLocalPort() + "/w";

            assertThatThrownBy(() -> new WeightsSearch(dir.resolve("copies"), "N", "bring them",
                    List.of(first(URI.create(mirror + "/a.zip"))), List.of(), mirror, SHORT).find("", hadoop))
                    .hasMessageContaining(mirror + "/a.zip (no answer")
                    .hasMessageContaining("(not tried, its host did not answer)");
            assertThat(search(mirror, Duration.ofSeconds(10)).find("", hadoop).from()).isEqualTo(url("second/b.h5"));
        }
    }

    @Test
    void theSentenceNamesEachPlace() {
        assertThatThrownBy(() -> search(url("mirror"), LONG).find(" ", hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("N weights not found: looked in weights= (not set), " + dir + "/first (no a.zip), " + dir
                        + "/folder (no a.zip, no b.h5), " + dir + "/second (no b.h5), " + url("mirror/a.zip")
                        + " (HTTP status 404), " + url("mirror/b.h5") + " (HTTP status 404), " + url("first/a.zip")
                        + " (HTTP status 404), " + url("second/b.h5") + " (HTTP status 404); bring them or connect to download "
                        + "them.");
    }

    private WeightsSearch search(String mirror, Duration patience) {
        return new WeightsSearch(dir.resolve("copies"), "N", "bring them",
                List.of(first(URI.create(url("first/a.zip"))), new PublishedFile(dir.resolve("second"),
                        URI.create(url("second/b.h5")), List.of(Sum.md5("00"), Sum.md5(MD5)), 11)),
                List.of(dir.resolve("folder")), mirror, patience);
    }

    /** By the first digits of its SHA-256, as PyTorch has them. */
    private PublishedFile first(URI url) {
        return new PublishedFile(dir.resolve("first"), url, List.of(Sum.sha256("f38329d2")), 11);
    }

    private Path put(String file) throws IOException {
        Path path = dir.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.write(path, CONTENT);
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + "/" + path;
    }
}
