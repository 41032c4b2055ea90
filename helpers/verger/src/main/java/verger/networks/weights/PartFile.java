package verger.networks.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that is being written: it gets its name only when it is complete, and is deleted if it never is. */
final class PartFile implements AutoCloseable {

    private final Path path;

    private PartFile(Path path) {
        this.path = path;
    }

    /** Begins a file in a directory, which is created if need be. */
    static PartFile in(Path dir) throws IOException {
        Files.createDirectories(dir);
        // Not createTempFile: it makes a file that other users of a shared cache cannot read.
        return new PartFile(Files.createFile(dir.resolve("." + UUID.randomUUID() + ".part")));
    }

    Path path() {
        return path;
    }

    /** Gives the complete file its name in the same directory, in place of what had it before. */
    Path complete(String name) throws IOException {
        return Files.move(path, path.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
