package verger.notebook.remote;

import java.io.IOException;
import java.net.ServerSocket;
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
     * @throws IllegalArgumentException if it is none
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
        throw new IllegalArgumentException("--RemoteProcessProxy.port-range is low..high within 1..65535, or 0..0: got " + text);
    }

    /**
     * Free ports, all different, none of them in use now.
     *
     * @throws IllegalStateException if the range has not as many
     */
    public List<Integer> free(int count) {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                taken.add(listen());
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            taken.forEach(PortRange::close);
        }
    }

    /**
     * Listens on a free port of the range, on all addresses: the gateway is on another machine.
     *
     * @throws IllegalStateException if none is free
     */
    public ServerSocket listen() {
        int size = high - low + 1;
        // From a random place on: kernels that start at a time would all try the same port.
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

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
