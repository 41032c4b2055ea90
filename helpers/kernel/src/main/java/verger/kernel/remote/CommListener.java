package verger.kernel.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the gateway asks of a kernel's process: {@code {"signum": 2}}, {@code {"shutdown": 1}}.
 *
 * <p>The port is open to whoever reaches the machine, and the gateway's orders must get through all the same: each connection
 * has its own thread, a time in which its order must be complete, and as many bytes as the longest order needs. Where there
 * are too many, the oldest is closed, since the gateway writes as soon as it is connected.
 */
final class CommListener {

    static final int MAX_BYTES = 1024;
    static final int MAX_CONNECTIONS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(CommListener.class);

    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private final ServerSocket socket;
    private final Duration patience;
    private final Runnable interrupt;
    private final Runnable shutdown;
    private final Deque<Socket> waiting = new ArrayDeque<>();

    /**
     * @param socket   that the gateway connects to, once for each request; who closes it ends the listener
     * @param patience from the connection to the end of its order
     */
    CommListener(ServerSocket socket, Duration patience, Runnable interrupt, Runnable shutdown) {
        this.socket = socket;
        this.patience = patience;
        this.interrupt = interrupt;
        this.shutdown = shutdown;
    }

    void start() {
        daemon(this::listen);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "verger-gateway");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                // closed at the end, or somebody who went away before being let in: the next one counts
            }
        }
    }

    private void serve(Socket connection) {
        try {
            handle(read(connection));
        } catch (IOException e) {
            // a gateway that went away in the middle of a sentence, or somebody else
        } catch (RuntimeException e) {
            LOG.warn("The gateway's request failed: {}", e.toString());
        } finally {
            remove(connection); // whatever failed
        }
    }

    /** A time for every single byte would let who drips them stay for ever: it is one for all. */
    private String read(Socket connection) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        byte[] order = new byte[MAX_BYTES];
        int length = 0;
        InputStream in = connection.getInputStream();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("no order within " + patience.toMillis() + " ms");
            }
            connection.setSoTimeout((int) left);
            int read = in.read(order, length, MAX_BYTES - length);
            if (read < 0) {
                break;
            }
            length += read;
            if (length == MAX_BYTES) {
                throw new IOException("an order has less than " + MAX_BYTES + " bytes");
            }
        }
        remove(connection);
        return new String(order, 0, length, StandardCharsets.UTF_8);
    }

    private void add(Socket connection) {
        Socket oldest = null;
        synchronized (waiting) {
            waiting.addLast(connection);
            if (waiting.size() > MAX_CONNECTIONS) {
                oldest = waiting.removeFirst();
            }
        }
        if (oldest != null) {
            close(oldest);
        }
    }

    private void remove(Socket connection) {
        synchronized (waiting) {
            waiting.remove(connection);
        }
        close(connection);
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // then the other side has closed it
        }
    }

    private void handle(String request) {
        if (number(request, "shutdown").orElse(0) > 0) {
            shutdown.run();
        }
        switch (number(request, "signum").orElse(0)) { // 0 asks whether the kernel is alive: this port answers
            case SIGINT -> interrupt.run();
            case SIGTERM, SIGKILL -> shutdown.run();
            default -> {
            }
        }
    }

    private static OptionalInt number(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*(\\d{1,9})").matcher(json);
        return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}
