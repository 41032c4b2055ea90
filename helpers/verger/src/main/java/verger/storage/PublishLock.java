package verger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one run at a time move its results into a folder of a local disk; another one waits. The operating system holds the lock,
 * and takes it from a process that dies.
 *
 * <p>HDFS and S3 have no such lock: of two runs that publish there at the same moment, files may mix.
 */
final class PublishLock implements Closeable {

    static final String NAME = "_publishing";

    private static final Logger LOG = LoggerFactory.getLogger(PublishLock.class);
    private static final long PAUSE_MILLIS = 100;
    /** By a run of this process, of which the operating system does not know two. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private PublishLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Waits for its turn.
     *
     * @param output a folder that exists
     * @throws InterruptedIOException if the thread is interrupted while it waits
     */
    static PublishLock take(Path output) throws IOException {
        Path file = output.toRealPath().resolve(NAME);
        boolean said = false;
        while (true) {
            PublishLock lock = HELD.add(file) ? tried(file) : null;
            if (lock != null) {
                return lock;
            }
            if (!said) {
                LOG.warn("Another run publishes its results at {}: waiting for its end", output);
                said = true;
            }
            pause();
        }
    }

    private static PublishLock tried(Path file) throws IOException {
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = channel.tryLock() != null && isStill(file, channel);
            return taken ? new PublishLock(file, channel) : null;
        } finally {
            if (!taken) {
                HELD.remove(file);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /**
     * Whoever has just released the lock has removed its file, too: what is locked may be that one, and not the one there. Its
     * length tells: to read it would release the lock, which Linux takes from a process that closes any of its files of it.
     */
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        int length = 1 + new SecureRandom().nextInt(1 << 16);
        channel.truncate(0).write(ByteBuffer.allocate(length));
        return Files.exists(file) && Files.size(file) == length;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another run publishes its results");
        }
    }

    /** Never fails: what was published stays published. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            LOG.warn("Cannot remove {}, which does no harm: {}", file, e.toString());
        } finally {
            HELD.remove(file);
        }
    }
}
