package verger.images;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.impl.OpenFileParameters;

/** Local files that cannot be listed or opened, in a way that a test says. One test at a time uses it. */
public final class TroubledFileSystem extends RawLocalFileSystem {

    static final AtomicInteger OPENED = new AtomicInteger();
    /** What opening a file comes to; null where it opens. */
    private static volatile CompletableFuture<FSDataInputStream> opening;
    /** What asking for a file comes to; null where there is an answer. */
    private static volatile IOException asking;

    private URI uri;

    /** Of {@code troubled://}, and of {@code s3a://}, where it stands for S3. */
    static Configuration configured() {
        Configuration conf = configured(new Configuration());
        conf.setClass("fs.s3a.impl", TroubledFileSystem.class, FileSystem.class);
        return conf;
    }

    /** Of {@code troubled://}, where nothing goes wrong before a test says so. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // none
    static Configuration configured(Configuration conf) {
        conf.setClass("fs.troubled.impl", TroubledFileSystem.class, FileSystem.class);
        opening = null;
        asking = null;
        OPENED.set(0);
        return conf;
    }

    static void opensWith(CompletableFuture<FSDataInputStream> outcome) {
        opening = outcome;
    }

    static void failsToOpen(Exception e) {
        opening = CompletableFuture.failedFuture(e);
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // the test makes it, and says what it is
    static void failsToList(IOException e) {
        asking = e;
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        uri = URI.create(name.getScheme() + "://" + name.getRawAuthority());
        super.initialize(name, conf);
    }

    @Override
    public URI getUri() {
        return uri == null ? URI.create("troubled:///") : uri; // the constructor of the super class asks
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        if (asking != null) {
            throw asking;
        }
        return new Untransportable(super.getFileStatus(path));
    }

    @Override
    public boolean exists(Path path) throws IOException {
        if (asking != null) {
            throw asking;
        }
        return super.exists(path);
    }

    @Override
    protected CompletableFuture<FSDataInputStream> openFileWithOptions(Path path, OpenFileParameters parameters)
            throws IOException {
        OPENED.incrementAndGet();
        return opening != null ? opening : super.openFileWithOptions(path, parameters);
    }

    /** A status that cannot be serialized, as that of some file systems. */
    static final class Untransportable extends FileStatus {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused")
        private final Object connection = new Object();

        Untransportable(FileStatus status) {
            super(status.getLen(), status.isDirectory(), 1, 1, status.getModificationTime(), status.getPath());
        }
    }

    /** A status of a class that an executor may lack. */
    static final class Elsewhere extends FileStatus {

        private static final long serialVersionUID = 1L;

        Elsewhere(FileStatus status) throws IOException {
            super(status);
        }
    }
}
