package verger.kernel.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The port is open to whoever reaches the machine: strangers must not keep the gateway from its kernel. */
class CommListenerTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    private final List<Socket> strangers = new ArrayList<>();
    private ServerSocket port;

    @BeforeEach
    void open() throws IOException {
        port = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        port.close();
        for (Socket stranger : strangers) {
            stranger.close();
        }
    }

    @Test
    void oneThatSaysNothingHindersNobody() throws Exception {
        start(LONG);
        stranger();
        stranger().getOutputStream().write('{');

        send("{\"signum\": 2}");

        assertThat(orders.poll(10, TimeUnit.SECONDS)).isEqualTo("interrupt");
    }

    @Test
    void oneThatDripsHasNoMoreTimeThanOthers() throws Exception {
        start(SHORT);
        Socket slow = stranger();

        long start = System.nanoTime();
        assertThatThrownBy(() -> {
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20)) {
                slow.getOutputStream().write('{');
                Thread.sleep(20);
            }
        }).isInstanceOf(IOException.class);
    }

    @Test
    void anOrderThatIsWrittenSlowlyButInTimeIsTaken() throws Exception {
        start(LONG);
        Socket slow = stranger();

        for (byte b : "{\"shutdown\": 1}".getBytes(StandardCharsets.US_ASCII)) {
            slow.getOutputStream().write(b);
            Thread.sleep(5);
        }
        slow.close();

        assertThat(orders.poll(10, TimeUnit.SECONDS)).isEqualTo("shutdown");
    }

    @Test
    void whatIsTooLongForAnOrderIsNone() throws Exception {
        start(LONG);
        Socket talkative = stranger();
        talkative.setSoTimeout(10_000);
        String order = "{\"signum\": 2}";

        talkative.getOutputStream()
                .write((order + " ".repeat(CommListener.MAX_BYTES - order.length())).getBytes(StandardCharsets.US_ASCII));

        assertThat(talkative.getInputStream().read()).as("the other side has closed").isEqualTo(-1);
        assertThat(orders).isEmpty();
    }

    @Test
    void ofTooManyTheOldestGo() throws Exception {
        start(LONG);
        for (int i = 0; i < 5 * CommListener.MAX_CONNECTIONS; i++) {
            stranger();
        }

        send("{\"signum\": 15}");

        assertThat(orders.poll(10, TimeUnit.SECONDS)).isEqualTo("shutdown");
        Socket oldest = strangers.get(0);
        oldest.setSoTimeout(10_000);
        assertThat(oldest.getInputStream().read()).as("the other side has closed").isEqualTo(-1);
        Socket newest = strangers.get(strangers.size() - 1);
        assertThatCode(() -> newest.getOutputStream().write('{')).doesNotThrowAnyException();
    }

    private void start(Duration patience) {
        new CommListener(port, patience, () -> orders.add("interrupt"), () -> orders.add("shutdown")).start();
    }

    private Socket stranger() throws IOException {
        Socket stranger = new Socket(port.getInetAddress(), port.getLocalPort());
        strangers.add(stranger);
        return stranger;
    }

    private void send(String order) throws IOException {
        try (Socket gateway = new Socket(port.getInetAddress(), port.getLocalPort())) {
            gateway.getOutputStream().write(order.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
