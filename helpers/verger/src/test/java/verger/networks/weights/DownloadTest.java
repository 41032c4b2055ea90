package verger.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are slow, cut an answer short or never end, and a caller who does not wait for them. */
class DownloadTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** What a server does with a connection. */
    private interface Answer {
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    @TempDir
    Path dir;

    private ServerSocket server;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        file = Files.createFile(dir.resolve("weights.zip"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void whatWasThereBeforeIsReplaced() throws Exception {
        Files.writeString(file, "something much longer than the weights");
        answer(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nweights"));

        Download.to(url(), file, LONG, LONG);

        assertThat(file).hasContent("weights");
    }

    @Test
    void anAnswerOfUnknownLengthIsTakenAsItComes() throws Exception {
        answer(out -> write(out, "HTTP/1.0 200 OK\r\n\r\nweights"));

        Download.to(url(), file, LONG, LONG);

        assertThat(file).hasContent("weights");
    }

    @Test
    void anAnswerThatEndsTooEarlyIsNoFile() {
        answer(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nweights"));

        assertThatThrownBy(() -> Download.to(url(), file, LONG, LONG)).isInstanceOf(IOException.class)
                .hasMessage("ended after 7 of 100 bytes");
    }

    @Test
    void aSlowLineIsNotGivenUp() throws Exception {
        answer(out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
            for (int i = 0; i < 12; i++) {
                write(out, "w");
                Thread.sleep(300);
            }
        });

        Download.to(url(), file, Duration.ofSeconds(3), Duration.ofSeconds(3));

        assertThat(file).hasContent("w".repeat(12));
    }

    @Test
    void whoIsInterruptedDoesNotWait() throws Exception {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Download.to(url(), file, LONG, LONG)).isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    /** It would else fill the disk behind the back of a session that has long gone on. */
    @Test
    void nothingIsDownloadedForNobody() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        answer(out -> {
            write(out, "HTTP/1.0 200 OK\r\n\r\n");
            while (!server.isClosed()) {
                write(out, "w");
                if (begun.getCount() > 0) {
                    waiting.interrupt();
                    begun.countDown();
                }
                Thread.sleep(20);
            }
        });

        try {
            assertThatThrownBy(() -> Download.to(url(), file, LONG, LONG)).hasMessage("interrupted");
        } finally {
            Thread.interrupted(); // not for the next test
        }
        begun.await();
        assertThatDownloadsEnd();
    }

    @Test
    void aThreadThatWasLeftBehindEnds() throws Exception {
        assertThatThrownBy(() -> Download.to(url(), file, Duration.ofMillis(300), Duration.ofMillis(300))) // nobody answers
                .isInstanceOf(IOException.class).hasMessageStartingWith("no answer");
        assertThatDownloadsEnd();
    }

    @Test
    void aFileThatWasGivenUpDoesNotComeBack() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch deleted = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        answer(out -> {
            asked.countDown();
            waiting.interrupt();
            deleted.await();
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nweights");
        });

        assertThatThrownBy(() -> Download.to(url(), file, LONG, LONG)).hasMessage("interrupted");
        Thread.interrupted();
        Files.delete(file);
        deleted.countDown();

        assertThatDownloadsEnd();
        assertThat(dir).isEmptyDirectory();
    }

    private static void assertThatDownloadsEnd() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("verger-download")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private URI url() {
        return URI.create("http://localhost:" + server.getLocalPort() + "/weights.zip");
    }

    /** Each connection is closed when it has been answered. */
    private void answer(Answer answer) {
        Thread thread = new Thread(() -> {
            try (Socket connection = server.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) connection.getInputStream().read());
                }
                answer.to(connection.getOutputStream());
            } catch (IOException | InterruptedException e) {
                // whoever asked has gone
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
