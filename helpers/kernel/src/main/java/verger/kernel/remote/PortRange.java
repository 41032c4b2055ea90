package verger.kernel.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ports that a kernel may listen on, as firewalls between it and the gateway let them through.
 *
 * @param low  the first; 0 where the system chooses
 * @param high the last
 */
public record PortRange(int low, int high) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})\\.\\.(\\d{1,5})");
    private static final int HIGHEST = 65535;

    /**
     * Reads {@code low..high}; {@code 0..0} leaves it to the system.
     *
     * @throws IllegalArgumentException if the text is no such range
     */
    public static PortRange parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            int low = Integer.parseInt(matcher.group(1));
            int high = Integer.parseInt(matcher.group(2));
            if (low <= high && high <= HIGHEST && (low > 0 || high == 0)) {
                return new PortRange(low, high);
            }
        }
        throw new IllegalArgumentException(
                "--RemoteProcessProxy.port-range is low..high within 1..65535, or 0..0: got " + text);
    }

    /**
     * Free ports, all different, kept for a process that will listen on them: the system gives them to no other meanwhile.
     *
     * @throws IllegalStateException if the range has not as many
     */
    List<Socket> reserve(int count) {
        List<Socket> reserved = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reserved.add(reserve(reserved));
        }
        return reserved;
    }

    /** A socket that is bound and does not listen: another with SO_REUSEADDR, as ZeroMQ's, may still listen there. */
    private Socket reserve(List<Socket> before) {
        while (true) {
            int port;
            try (ServerSocket free = listen()) {
                port = free.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Socket socket = new Socket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(port));
            } catch (IOException e) {
                continue; // somebody else was faster
            }
            if (before.stream().allMatch(other -> other.getLocalPort() != port)) {
                return socket;
            }
            close(socket);
        }
    }

    /**
     * Listens on a free port of the range, on all addresses: the gateway is on another machine.
     *
     * @throws IllegalStateException if none is free
     */
    public ServerSocket listen() {
        int size = high - low + 1;
        // Kernels that start at the same time would all try the same port: begin at a random one.
        int first = ThreadLocalRandom.current().nextInt(size);
        for (int i = 0; i < size; i++) {
            try {
                return new ServerSocket(low + (first + i) % size);
            } catch (IOException e) {
                // in use: the next one
            }
        }
        throw new IllegalStateException("No port of " + low + ".." + high + " is free on this machine: "
                + "widen the gateway's port range (EG_PORT_RANGE)");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
