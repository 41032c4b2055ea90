package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import verger.files.LocalPath;
import verger.files.UserPath;

/**
 * This machine's disks as Spark's stream sees them: its root is the watched folder, of which it lists all files at once, those
 * that {@link LocalFiles} finds. Spark's own walk follows each link as often as it meets it, ends at a folder that it may not
 * list, and loses names that are no text of the locale.
 */
final class WatchedFiles extends RawLocalFileSystem {

    /** What Spark has to load. The name of the watched folder itself may be one that Hadoop takes for a pattern. */
    static final Path ROOT = new Path("file:/");

    private static final String FOLDER = "verger.watched";

    /**
     * @param folder a path, a URI or a pattern
     * @param known  what the table of the stream knows it by
     */
    static Map<String, String> settings(String folder, String known) {
        return Map.of("fs.file.impl", WatchedFiles.class.getName(), "fs.file.impl.disable.cache", "true", FOLDER, folder,
                UserPath.WATCHED, known);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        if (!path.isRoot()) {
            return new FileStatus[] {getFileStatus(path)};
        }
        List<FileStatus> files = new ArrayList<>();
        for (ListedFile file : LocalFiles.list(getConf().getRaw(FOLDER)).files()) { // the name may hold ${…}
            if (file.problem() == null && file.origin().startsWith("/")) { // Hadoop has no path of bytes that are no UTF-8
                files.add(status(file.origin(), file.length(), false, file.modified()));
            }
        }
        return files.toArray(new FileStatus[0]);
    }

    /** Asks for no owner, for which Hadoop would start a process. */
    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        String origin = path.toUri().getPath();
        try {
            BasicFileAttributes file = Files.readAttributes(LocalPath.of(origin), BasicFileAttributes.class);
            return status(origin, file.size(), file.isDirectory(), file.lastModifiedTime().toMillis());
        } catch (IOException e) {
            // Spark passes over what is missing; any other failure of one file would stop the stream for good.
            throw (IOException) new FileNotFoundException(origin + ": " + LocalFiles.words(e)).initCause(e);
        }
    }

    private FileStatus status(String origin, long length, boolean folder, long modified) {
        return new FileStatus(length, folder, 1, getDefaultBlockSize(ROOT), modified,
                makeQualified(new Path(null, null, origin))); // file:///…, as in the checkpoints of earlier versions
    }
}
