package verger.kernel.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What lies between a remote kernel and its gateway: the kernel's ports, and one on which the gateway gives orders. */
public final class RemoteLink implements AutoCloseable {

    private static final int CHANNELS = 5;
    private static final int PAUSE_MILLIS = 50;
    private static final Duration ORDER_PATIENCE = Duration.ofSeconds(5);

    private final RemoteArguments arguments;
    private final Connection connection;
    private final List<Socket> reserved;
    private final ServerSocket comm;

    private RemoteLink(RemoteArguments arguments, Connection connection, List<Socket> reserved, ServerSocket comm) {
        this.arguments = arguments;
        this.connection = connection;
        this.reserved = reserved;
        this.comm = comm;
    }

    /**
     * Chooses ports, writes them into the kernel's connection file and takes the gateway's orders from then on.
     *
     * @param interrupt what to do when the gateway interrupts the cell
     * @param shutdown  what to do when it ends the kernel
     */
    public static RemoteLink open(RemoteArguments arguments, Path connectionFile, Runnable interrupt, Runnable shutdown)
            throws IOException {
        ServerSocket comm = arguments.ports().listen();
        List<Socket> reserved = arguments.ports().reserve(CHANNELS);
        Connection connection = Connection.on(reserved.stream().map(Socket::getLocalPort).toList());
        Files.writeString(connectionFile, connection.json());
        new CommListener(comm, ORDER_PATIENCE, interrupt, shutdown).start();
        return new RemoteLink(arguments, connection, reserved, comm);
    }

    /**
     * Tells the gateway where the kernel listens, once it does.
     *
     * @param ended whether the kernel has ended meanwhile: then there is nothing to tell
     */
    public void announce(BooleanSupplier ended) throws IOException, InterruptedException {
        for (int port : connection.ports()) {
            while (!listens(port)) {
                if (ended.getAsBoolean()) {
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        Announcement.send(connection.json(arguments.kernelId(), ProcessHandle.current().pid(), comm.getLocalPort()), arguments);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        comm.close();
        for (Socket socket : reserved) {
            socket.close();
        }
    }
}
