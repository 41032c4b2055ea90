package verger.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Steps of HDFS, whose NameNode does one after the other, and of other file systems that move folders at once. */
final class HadoopSteps implements AtomicSteps {

    private final FileSystem fs;

    HadoopSteps(FileSystem fs) {
        this.fs = fs;
    }

    /** The file is there before its content is. */
    @Override
    public boolean create(Path file, byte[] content) throws IOException {
        FSDataOutputStream out;
        try {
            out = fs.create(file, false);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            if (e.getClass().getSimpleName().equals("AlreadyBeingCreatedException") || fs.exists(file)) {
                return false; // HDFS says so of a file that somebody still writes
            }
            throw e;
        }
        try (out) {
            out.write(content);
        }
        return true;
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        try (FSDataOutputStream out = fs.create(file, true)) {
            out.write(content);
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        if (fs.exists(to)) { // a folder would take it in
            throw new FileAlreadyExistsException(to + " is in the way of " + from);
        }
        if (!fs.exists(to.getParent())) { // a local disk under another scheme would make it
            throw new FileNotFoundException("There is no folder " + to.getParent());
        }
        if (!fs.rename(from, to)) {
            throw new IOException("could not move " + from + " to " + to);
        }
    }
}
