package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;

/** Local files as S3A gives objects that were overwritten after they were listed; counts its recursive listings. */
public final class OverwrittenFileSystem extends RawLocalFileSystem {

    static final AtomicInteger LISTINGS = new AtomicInteger();

    static Configuration configured() {
        Configuration conf = new Configuration();
        conf.setClass("fs.overwritten.impl", OverwrittenFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
        return conf;
    }

    @Override
    public URI getUri() {
        return URI.create("overwritten:///");
    }

    @Override
    public RemoteIterator<LocatedFileStatus> listFiles(Path path, boolean recursive)
            throws FileNotFoundException, IOException {
        LISTINGS.incrementAndGet();
        return super.listFiles(path, recursive);
    }

    @Override
    protected CompletableFuture<FSDataInputStream> openFileWithOptions(Path path, OpenFileParameters parameters)
            throws IOException {
        FileStatus status = parameters.getStatus();
        if (status != null) {
            throw new RemoteFileChangedException(path.toString(), "open", "ETag was not the listed one");
        }
        return super.openFileWithOptions(path, parameters);
    }
}
