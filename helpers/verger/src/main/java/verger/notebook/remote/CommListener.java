package verger.notebook.remote;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what the gateway asks of a kernel's process: {@code {"signum": 2}}, {@code {"shutdown": 1}}. */
final class CommListener {

    private static final Logger LOG = LoggerFactory.getLogger(CommListener.class);

    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int MAX_BYTES = 1024;
    private static final int TIMEOUT_MILLIS = 5000;

    private final ServerSocket socket;
    private final Runnable interrupt;
    private final Runnable shutdown;

    /** @param socket that the gateway connects to, once for each request; who closes it ends the listener */
    CommListener(ServerSocket socket, Runnable interrupt, Runnable shutdown) {
        this.socket = socket;
        this.interrupt = interrupt;
        this.shutdown = shutdown;
    }

    void start() {
        Thread thread = new Thread(this::listen, "verger-gateway");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!socket.isClosed()) {
            try (Socket request = socket.accept()) {
                request.setSoTimeout(TIMEOUT_MILLIS);
                handle(new String(request.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            } catch (IOException e) {
                // closed at the end, or a gateway that went away in the middle of a sentence: the next one counts
            } catch (RuntimeException e) {
                LOG.warn("The gateway's request failed: {}", e.toString());
            }
        }
    }

    private void handle(String request) {
        if (number(request, "shutdown").orElse(0) > 0) {
            shutdown.run();
        }
        switch (number(request, "signum").orElse(0)) { // 0 asks whether the kernel is alive: this port answers
            case SIGINT -> interrupt.run();
            case SIGTERM, SIGKILL -> shutdown.run();
            default -> { }
        }
    }

    private static OptionalInt number(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*(\\d{1,9})").matcher(json);
        return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}
