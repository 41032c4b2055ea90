package verger.notebook.remote;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** What lies between a remote kernel and its gateway: the kernel's ports, and one on which the gateway gives orders. */
public final class RemoteLink implements AutoCloseable {

    private final RemoteArguments arguments;
    private final Connection connection;
    private final ServerSocket comm;
    private final CommListener listener;

    private RemoteLink(RemoteArguments arguments, Connection connection, ServerSocket comm, CommListener listener) {
        this.arguments = arguments;
        this.connection = connection;
        this.comm = comm;
        this.listener = listener;
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
        Connection connection = Connection.on(arguments.ports());
        Files.writeString(connectionFile, connection.json());
        CommListener listener = new CommListener(comm, interrupt, shutdown);
        listener.start();
        return new RemoteLink(arguments, connection, comm, listener);
    }

    /** Tells the gateway where the kernel listens; messages that come before it does wait on their way. */
    public void announce() throws IOException {
        Announcement.send(connection.json(arguments.kernelId(), ProcessHandle.current().pid(), comm.getLocalPort()), arguments);
    }

    @Override
    public void close() {
        listener.close();
    }
}
