package verger.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import verger.files.S3Objects;

/** What runs that may meet in a folder need of its file system, each in one step that happens or does not. */
interface AtomicSteps {

    static AtomicSteps of(FileSystem fs) {
        S3Objects objects = S3Objects.of(fs);
        if (objects != null) {
            return new S3Steps(fs, objects);
        }
        return fs instanceof LocalFileSystem ? new LocalSteps() : new HadoopSteps(fs);
    }

    /**
     * Creates a file with its content, or of two that do it at once the one that comes first.
     *
     * @return false if there is one already
     */
    boolean create(Path file, byte[] content) throws IOException;

    /** Writes a small file, whether there is one or not. */
    void write(Path file, byte[] content) throws IOException;

    /**
     * Moves a file or a folder.
     *
     * @param to in a folder that exists; there is nothing of that name
     * @throws IOException if there is no {@code from}, or no folder for {@code to}: nothing is moved then
     */
    void move(Path from, Path to) throws IOException;
}
