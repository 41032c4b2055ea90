package verger.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;

/**
 * Steps on a local disk, by Java's own calls: Hadoop copies what it cannot move at once, and makes the folders that it misses.
 * Files get no checksum of Hadoop's beside them, which could be that of another one.
 */
final class LocalSteps implements AtomicSteps {

    @Override
    public boolean create(org.apache.hadoop.fs.Path file, byte[] content) throws IOException {
        Path path = local(file);
        Path whole = path.resolveSibling(path.getFileName() + "-" + UUID.randomUUID() + ".tmp");
        try {
            fill(whole, content);
            Files.createLink(path, whole); // there at once with its content, unless there is one
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return createdWithoutLinks(path, content);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** A disk of Windows' format has no links: there the file is there before its content is. */
    private static boolean createdWithoutLinks(Path path, byte[] content) throws IOException {
        try {
            fill(path, content);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void fill(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            for (ByteBuffer left = ByteBuffer.wrap(content); left.hasRemaining();) {
                out.write(left);
            }
            out.force(true);
        }
    }

    @Override
    public void write(org.apache.hadoop.fs.Path file, byte[] content) throws IOException {
        Path path = local(file);
        Files.deleteIfExists(checksum(path));
        Files.write(path, content);
    }

    @Override
    public void move(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
        Path source = local(from);
        Path target = local(to);
        if (Files.isRegularFile(source)) {
            Files.deleteIfExists(checksum(source));
            Files.deleteIfExists(checksum(target));
        }
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path checksum(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".crc");
    }

    private static Path local(org.apache.hadoop.fs.Path path) {
        return Path.of(path.toUri().getPath());
    }
}
