package verger.kernel.cells;

import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.AbstractAuthRpcHandler;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.scheduler.SparkListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps strangers from the files that a driver serves to its executors.
 *
 * <p>Spark 3.5 sends any file of the driver's user to whoever reaches the driver's port and asks for
 * {@code /classes/../../etc/passwd}. {@code spark.authenticate} does not change that: it is asked for messages, not for streams.
 * So the driver's server gets one more layer: where Spark authenticates, a connection that has not done so is given no file, and
 * nobody is given one outside of the folder. Until it is there, the folder that Spark serves does not exist, so that there is
 * nothing above it either.
 *
 * <p>Spark makes one of these when a SparkContext starts, as {@code spark.extraListeners} says. It stands on two private fields,
 * {@code NettyRpcEnv.server} and {@code TransportServer.bootstraps}; without them the log says so, and Spark serves as ever.
 */
public final class ClassServer extends SparkListener {

    private static final Logger LOG = LoggerFactory.getLogger(ClassServer.class);

    /** Null if nothing is served. */
    private static volatile Link link;

    /** A path where nothing is before Spark serves it safely, and the folder that it leads to then. */
    private record Link(Path served, Path folder) {
    }

    /** Called by Spark on the driver, when its server runs. */
    public ClassServer() {
        try {
            guard(SparkEnv.get().rpcEnv());
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("Whoever reaches this driver's port can read files of this user: {}", e.toString());
        }
        show();
    }

    /**
     * Has the next SparkContext serve a folder.
     *
     * @param served a path where nothing is, which Spark is told
     * @param folder what it leads to, once strangers are kept out
     */
    static void register(Path served, Path folder) {
        link = new Link(served, folder);
        String others = System.getProperty("spark.extraListeners", "");
        System.setProperty("spark.extraListeners", (others.isBlank() ? "" : others + ",") + ClassServer.class.getName());
    }

    private static void show() {
        Link wanted = link;
        if (wanted == null) {
            return;
        }
        try {
            Files.createSymbolicLink(wanted.served(), wanted.folder());
        } catch (FileAlreadyExistsException e) {
            // by an earlier SparkContext of this kernel
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("Executors will not find the classes of cells: {}", e.toString());
        }
    }

    /** Puts the layer around all connections that come from now on. */
    @SuppressWarnings("unchecked")
    static void guard(RpcEnv driver) throws ReflectiveOperationException {
        Field server = driver.getClass().getDeclaredField("server");
        server.setAccessible(true);
        Field bootstraps = TransportServer.class.getDeclaredField("bootstraps");
        bootstraps.setAccessible(true);
        TransportServer running = (TransportServer) server.get(driver);
        // Another list: connections go through this one meanwhile.
        List<TransportServerBootstrap> all = new ArrayList<>((List<TransportServerBootstrap>) bootstraps.get(running));
        all.add((channel, handler) -> new Guarded(handler));
        bootstraps.set(running, all);
    }

    /** A connection's messages as they are, and its streams behind {@link Streams}. */
    private static final class Guarded extends RpcHandler {

        private final RpcHandler inner;
        private final StreamManager streams;

        Guarded(RpcHandler inner) {
            this.inner = inner;
            this.streams = new Streams(inner.getStreamManager(),
                    inner instanceof AbstractAuthRpcHandler asks ? asks::isAuthenticated : () -> true);
        }

        @Override
        public StreamManager getStreamManager() {
            return streams;
        }

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            inner.receive(client, message, callback);
        }

        @Override
        public void receive(TransportClient client, ByteBuffer message) {
            inner.receive(client, message);
        }

        @Override
        public StreamCallbackWithID receiveStream(TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
            return inner.receiveStream(client, header, callback);
        }

        @Override
        public MergedBlockMetaReqHandler getMergedBlockMetaReqHandler() {
            return inner.getMergedBlockMetaReqHandler();
        }

        @Override
        public void channelActive(TransportClient client) {
            inner.channelActive(client);
        }

        @Override
        public void channelInactive(TransportClient client) {
            inner.channelInactive(client);
        }

        @Override
        public void exceptionCaught(Throwable cause, TransportClient client) {
            inner.exceptionCaught(cause, client);
        }
    }

    private static final class Streams extends StreamManager {

        private final StreamManager inner;
        private final BooleanSupplier authenticated;

        Streams(StreamManager inner, BooleanSupplier authenticated) {
            this.inner = inner;
            this.authenticated = authenticated;
        }

        @Override
        public ManagedBuffer openStream(String id) {
            if (!authenticated.getAsBoolean()) {
                throw new SecurityException("This connection has not shown the secret of this application");
            }
            if (Arrays.asList(id.split("/")).contains("..")) {
                throw new SecurityException("Files are served from their folder only");
            }
            return inner.openStream(id);
        }

        @Override
        public ManagedBuffer getChunk(long stream, int chunk) {
            return inner.getChunk(stream, chunk);
        }

        @Override
        public void connectionTerminated(Channel channel) {
            inner.connectionTerminated(channel);
        }

        @Override
        public void checkAuthorization(TransportClient client, long stream) {
            inner.checkAuthorization(client, stream);
        }

        @Override
        public long chunksBeingTransferred() {
            return inner.chunksBeingTransferred();
        }

        @Override
        public void chunkBeingSent(long stream) {
            inner.chunkBeingSent(stream);
        }

        @Override
        public void streamBeingSent(String id) {
            inner.streamBeingSent(id);
        }

        @Override
        public void chunkSent(long stream) {
            inner.chunkSent(stream);
        }

        @Override
        public void streamSent(String id) {
            inner.streamSent(id);
        }
    }
}
