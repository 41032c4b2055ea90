package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import verger.files.S3;
import verger.files.UserPath;
import verger.progress.Work;

/** Lists and reads files of S3, HDFS and any other file system of Hadoop's, with as few requests as it allows. */
final class HadoopFiles {

    private static final Pattern GLOB = Pattern.compile("[*?\\[{\\\\]");

    private HadoopFiles() {
    }

    /**
     * Lists all files below a folder, or those that a pattern matches; on S3 one request lists a thousand files.
     *
     * @throws FileNotFoundException if there is nothing at {@code uri}
     */
    static Listing list(String uri, Configuration conf) throws IOException {
        Path root = UserPath.of(uri);
        try {
            FileSystem fs = S3.fileSystem(root, conf);
            try {
                return list(root, fs, List.of());
            } catch (AccessDeniedException | AccessControlException e) {
                PermittedFiles permitted = new PermittedFiles(fs);
                Listing rest = list(root, permitted, permitted.refused());
                if (permitted.refused().stream().anyMatch(folder -> folder.getPath().toString().equals(rest.place()))) {
                    throw e; // nothing at all is listed, so that is no reason of a row
                }
                return rest;
            }
        } catch (AccessDeniedException e) {
            throw new IOException(S3.reason(root, conf, e), e);
        }
    }

    /** @param refused folders that the file system may have passed over in the end, as this user may not list them */
    private static Listing list(Path root, FileSystem fs, List<FileStatus> refused) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        Path named = root; // what the user wrote out may begin with _ or .
        try {
            addFiles(fs, fs.getFileStatus(root), found);
        } catch (FileNotFoundException e) {
            named = withoutPattern(root);
            for (FileStatus match : matches(fs, root)) {
                addFiles(fs, match, found);
            }
        }
        found.addAll(refused);
        Path start = fs.makeQualified(named);
        List<ListedFile> files = new ArrayList<>(found.size());
        SortedMap<String, Long> hidden = Listing.nothingHidden();
        Set<Path> names = new HashSet<>();
        for (FileStatus file : found) {
            Path passedOver = hiddenBelow(start, file.getPath());
            if (passedOver == null) {
                files.add(file.isDirectory()
                        ? ListedFile.unread(file.getPath().toString(), file.getModificationTime(), LocalFiles.MAY_NOT_LIST)
                        : ListedFile.of(file));
            } else if (names.add(passedOver)) {
                Listing.hide(hidden, passedOver.getParent().toString());
            }
        }
        files.sort(Comparator.comparing(ListedFile::origin));
        return new Listing(start.toString(), SameNames.told(files), hidden, List.of());
    }

    private static void addFiles(FileSystem fs, FileStatus start, List<FileStatus> files) throws IOException {
        if (start.isFile()) {
            files.add(start); // a pattern may match ninety thousand of them
            return;
        }
        RemoteIterator<LocatedFileStatus> below = fs.listFiles(start.getPath(), true);
        while (below.hasNext()) {
            files.add(below.next());
            Work.at(files.size(), 0, "files");
        }
    }

    /** Returns the deepest folder of the path that no pattern stands for. */
    static Path withoutPattern(Path pattern) {
        Path folder = pattern;
        while (folder.getParent() != null && GLOB.matcher(folder.toString()).find()) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static FileStatus[] matches(FileSystem fs, Path pattern) throws IOException {
        FileStatus[] matches = fs.globStatus(pattern);
        if (matches == null || matches.length == 0) {
            throw new FileNotFoundException("there is no folder, file or match of that name (looked for "
                    + fs.makeQualified(pattern) + ")");
        }
        return matches;
    }

    /** The highest file or folder on the way to a file that begins with _ or .; null if there is none. */
    private static Path hiddenBelow(Path root, Path file) {
        Path hidden = null;
        for (Path p = file; p != null && !p.equals(root); p = p.getParent()) {
            hidden = Listing.isHidden(p.getName()) ? p : hidden;
        }
        return hidden;
    }

    /**
     * Reads a whole file.
     *
     * @param length as it was listed
     * @param status the file system's own, from the listing; null for none
     * @return an {@link UnreadFile} if it is too large or no image
     * @throws IOException if it cannot be read, or ends before the length that was listed
     */
    static byte[] read(String uri, long length, FileStatus status, Configuration conf) throws IOException {
        if (length > FileContent.MAX_BYTES) {
            return FileContent.tooLarge(length);
        }
        try (FSDataInputStream in = open(uri, status, conf)) {
            byte[] content = FileContent.of(in, length);
            if (content.length < length && UnreadFile.reason(content) == null && S3.isS3A(new Path(uri), conf)) {
                // Of S3 it is the object that was listed, or none.
                throw new IOException("the answer ended after " + content.length + " of " + length + " bytes");
            }
            return content;
        } catch (IOException e) {
            if (!isOverwritten(e)) {
                throw e;
            }
        }
        try (FSDataInputStream in = open(uri, null, conf)) {
            return FileContent.of(in, length);
        }
    }

    private static FSDataInputStream open(String uri, FileStatus known, Configuration conf) throws IOException {
        Path path = new Path(uri);
        FutureDataInputStreamBuilder open = path.getFileSystem(conf).openFile(path);
        if (known != null) {
            open = open.withFileStatus(known);
        }
        try {
            return open.build().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while opening " + uri);
        }
    }

    /** S3A reads the object that was listed or none. The class is known by its name, as a Spark without S3 lacks it. */
    private static boolean isOverwritten(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getSimpleName().equals("RemoteFileChangedException")) {
                return true;
            }
        }
        return false;
    }
}
