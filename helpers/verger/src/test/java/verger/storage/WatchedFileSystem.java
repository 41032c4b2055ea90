package verger.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under another scheme; it writes down what is moved, and stops at one of the moves, as a machine does that dies. */
public final class WatchedFileSystem extends RawLocalFileSystem {

    /** What was moved, as {@code <from> > <to>}, without the folder that both are in. */
    static final List<String> MOVES = new ArrayList<>();

    /** The move that fails, counted from 0; none if negative. */
    static int failsAt = -1;

    /** Whether a move that fails says so with an exception, or only by its result. */
    static boolean throwing = true;

    /** What another program writes to the place of a file, just before it is moved there; null: nothing. */
    static String othersContent;

    /** What happens just before each move, of which it gets the number, counted from 0. */
    static IntConsumer before = move -> {};

    /** Whether folders can be made. */
    static boolean writable = true;

    private String scheme;

    /** Hadoop's settings with this as the file system of two schemes, of which the second is treated as S3's. */
    static Configuration configured() {
        MOVES.clear();
        failsAt = -1;
        throwing = true;
        othersContent = null;
        before = move -> {};
        writable = true;
        Configuration conf = new Configuration();
        for (String scheme : List.of("watched", "s3a")) {
            conf.setClass("fs." + scheme + ".impl", WatchedFileSystem.class, FileSystem.class);
            conf.setBoolean("fs." + scheme + ".impl.disable.cache", true);
        }
        return conf;
    }

    @Override
    public void initialize(URI uri, Configuration conf) throws IOException {
        scheme = uri.getScheme();
        super.initialize(uri, conf);
    }

    @Override
    public URI getUri() {
        return URI.create(scheme == null ? "watched:///" : scheme + ":///");
    }

    @Override
    public boolean mkdirs(Path folder) throws IOException {
        return writable && super.mkdirs(folder);
    }

    /** In the order of the names, as S3 lists. */
    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        FileStatus[] files = super.listStatus(folder);
        Arrays.sort(files);
        return files;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        before.accept(MOVES.size());
        if (MOVES.size() == failsAt) {
            return failed(new IOException("died"));
        }
        if (othersContent != null) {
            Files.writeString(java.nio.file.Path.of(to.toUri().getPath()), othersContent);
            return failed(new FileAlreadyExistsException(to.toString()));
        }
        MOVES.add(from.toUri().getPath() + " > " + to.toUri().getPath());
        return super.rename(from, to);
    }

    private static boolean failed(IOException e) throws IOException {
        if (throwing) {
            throw e;
        }
        return false;
    }
}
