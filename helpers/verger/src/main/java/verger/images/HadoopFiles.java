package verger.images;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import verger.files.S3;
import verger.images.decoding.Decoder;
import verger.progress.Work;

/** Lists and reads files of any Hadoop file system, with as few requests as the file system allows. */
final class HadoopFiles {

    /** Larger files are not read: an uncompressed photograph of 64 megapixels has 192 MB, a video any number. */
    static final long MAX_BYTES = 256_000_000;

    /** So many bytes of a file are read to see whether it is an image at all. */
    private static final int HEAD = 4096;

    private static final Pattern GLOB = Pattern.compile("[*?\\[{\\\\]");

    private HadoopFiles() {
    }

    /** @param hidden number of files passed over because a name on their path begins with _ or . */
    record Listing(List<ListedFile> files, long hidden) {
    }

    /**
     * Lists all files below a folder, sorted by origin; on S3 one request lists a thousand files.
     *
     * @throws FileNotFoundException if there is nothing at {@code uri}
     */
    static Listing list(String uri, Configuration conf) throws IOException {
        Path root = path(uri);
        try {
            return list(root, S3.fileSystem(root, conf));
        } catch (AccessDeniedException e) {
            throw new IOException(S3.reason(root, conf, e), e);
        }
    }

    private static Listing list(Path root, FileSystem fs) throws IOException {
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
        Path start = fs.makeQualified(named);
        List<ListedFile> files = found.stream()
                .filter(file -> !isHidden(start, file.getPath()))
                .map(ListedFile::new)
                .sorted(Comparator.comparing(ListedFile::origin))
                .collect(Collectors.toCollection(ArrayList::new));
        return new Listing(files, found.size() - files.size());
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
    private static Path withoutPattern(Path pattern) {
        Path folder = pattern;
        while (folder.getParent() != null && GLOB.matcher(folder.toString()).find()) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Path path(String uri) throws IOException {
        try {
            return new Path(uri);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a path or URI (" + e.getMessage() + ")", e);
        }
    }

    private static FileStatus[] matches(FileSystem fs, Path pattern) throws IOException {
        FileStatus[] matches = fs.globStatus(pattern);
        if (matches == null || matches.length == 0) {
            throw new FileNotFoundException("there is no folder, file or match of that name (looked for "
                    + fs.makeQualified(pattern) + ")");
        }
        return matches;
    }

    private static boolean isHidden(Path root, Path file) {
        for (Path p = file; p != null && !p.equals(root); p = p.getParent()) {
            if (p.getName().startsWith("_") || p.getName().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    /** A file as it was listed, kept with the file system's own status: S3A opens it without another request then. */
    static final class ListedFile implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String uri;
        private final FileStatus status; // null where the file system's status cannot travel
        private final long length;
        private final transient long modified;

        ListedFile(FileStatus status) {
            this.uri = status.getPath().toString();
            this.status = status;
            this.modified = status.getModificationTime();
            this.length = status.getLen();
        }

        /** Makes a file that Spark has listed, without the file system's status. */
        ListedFile(String uri, long length) {
            this.uri = uri;
            this.status = null;
            this.modified = 0;
            this.length = length;
        }

        private ListedFile(ListedFile file) {
            this.uri = file.uri;
            this.status = null;
            this.modified = file.modified;
            this.length = file.length;
        }

        /** Returns the path as a person would type it: a local one has no scheme. */
        String origin() {
            return isLocal() ? new Path(uri).toUri().getPath() : uri;
        }

        boolean isLocal() {
            return uri.startsWith("file:");
        }

        String folder() {
            return Images.folder(uri);
        }

        /** Returns the time of the last change in milliseconds since 1970; it does not travel to an executor. */
        long modified() {
            return modified;
        }

        /** Returns the number of bytes that the listing gave. */
        long length() {
            return length;
        }

        byte[] serialized() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(this);
            } catch (NotSerializableException e) {
                return new ListedFile(this).serialized();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        static ListedFile deserialize(byte[] bytes) throws IOException {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return (ListedFile) in.readObject();
            } catch (ClassNotFoundException e) {
                throw new IOException("the file system of this file is missing here: " + e.getMessage(), e);
            }
        }

        /** Reads the whole file; returns an {@link UnreadFile} if it is too large or no image. */
        byte[] read(Configuration conf) throws IOException {
            if (length > MAX_BYTES) {
                return tooLarge(length);
            }
            try (FSDataInputStream in = open(conf, status)) {
                return content(in);
            } catch (IOException e) {
                if (!isOverwritten(e)) {
                    throw e;
                }
            }
            try (FSDataInputStream in = open(conf, null)) {
                return content(in);
            }
        }

        private FSDataInputStream open(Configuration conf, FileStatus known) throws IOException {
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

        private byte[] content(FSDataInputStream in) throws IOException {
            byte[] head = in.readNBytes(HEAD);
            if (head.length < HEAD) {
                return head;
            }
            String refusal = Decoder.refusal(head);
            if (refusal != null) {
                return UnreadFile.because(refusal);
            }
            // Into an array of the listed length, not by readAllBytes, which holds a large file twice.
            byte[] content = Arrays.copyOf(head, (int) Math.max(length, HEAD));
            int read = HEAD + in.readNBytes(content, HEAD, content.length - HEAD);
            if (read < content.length) {
                return Arrays.copyOf(content, read);
            }
            byte[] more = in.readNBytes((int) (MAX_BYTES + 1 - read)); // it has grown since
            if (read + (long) more.length > MAX_BYTES) {
                return tooLarge(read + (long) more.length);
            }
            byte[] grown = more.length == 0 ? content : Arrays.copyOf(content, read + more.length);
            System.arraycopy(more, 0, grown, read, more.length);
            return grown;
        }

        private static byte[] tooLarge(long length) {
            return UnreadFile.because("too large: " + length / 1_000_000 + " MB, and files of more than "
                    + MAX_BYTES / 1_000_000 + " MB are not read");
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
}
