package verger.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3Objects;

/** Steps on S3, object by object: a folder is none of them. */
final class S3Steps implements AtomicSteps {

    private static final Logger LOG = LoggerFactory.getLogger(S3Steps.class);

    private final FileSystem fs;
    private final S3Objects objects;

    S3Steps(FileSystem fs, S3Objects objects) {
        this.fs = fs;
        this.objects = objects;
    }

    S3Objects objects() {
        return objects;
    }

    @Override
    public boolean create(Path file, byte[] content) throws IOException {
        boolean created = objects.create(file, content);
        if (created && objects.create(file, content)) {
            LOG.warn(
                    "This S3 writes {} a second time though it is to be new: two runs that begin in the same second may both take "
                            + "one output",
                    file);
        }
        return created;
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        objects.write(file, content);
    }

    /** A single object. */
    @Override
    public void move(Path from, Path to) throws IOException {
        if (fs.getFileStatus(from).isDirectory()) {
            throw new IOException("S3 does not move a folder in one step: " + from);
        }
        objects.copy(from, to);
        fs.delete(from, false);
    }
}
