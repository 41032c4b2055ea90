package verger.networks.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is being written: it gets its name only when it is complete, and is deleted if it never is. */
final class PartFile implements AutoCloseable {

    private static final String KIND = ".";
    private static final String SUFFIX = ".part";

    private final Path path;

    private PartFile(Path path) {
        this.path = path;
    }

    /** Begins a file in a directory, which is created if need be. */
    static PartFile in(Path dir) throws IOException {
        Files.createDirectories(dir);
        // Not createTempFile: it makes a file that other users of a shared cache cannot read.
        return new PartFile(Files.createFile(dir.resolve(ProcessFiles.newName(KIND, SUFFIX))));
    }

    /** Removes those that dead processes have begun in a directory, which need not be there. */
    static void removeOfDead(Path dir) {
        ProcessFiles.removeOfDead(dir, KIND, SUFFIX);
    }

    Path path() {
        return path;
    }

    /** Gives the complete file its name in the same directory, in place of what had it before. */
    Path complete(String name) throws IOException {
        try (FileChannel written = FileChannel.open(path, StandardOpenOption.WRITE)) {
            written.force(true); // where the machine stops, the name would else be on the disk without the content
        }
        return Files.move(path, path.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
