package verger.images;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Lists and reads files of any Hadoop file system, with as few requests as the file system allows. */
final class HadoopFiles {

    private HadoopFiles() {
    }

    /** @param hidden number of files passed over because a name on their path begins with _ or . */
    record Listing(List<ListedFile> files, long hidden) {
    }

    /**
     * All files below a folder, sorted by origin: on S3 one request for a thousand files.
     *
     * @throws FileNotFoundException if there is nothing at {@code uri}
     */
    static Listing list(String uri, Configuration conf) throws IOException {
        Path root = path(uri);
        FileSystem fs = root.getFileSystem(conf);
        List<ListedFile> files = new ArrayList<>();
        long hidden = 0;
        for (FileStatus start : roots(fs, root)) {
            RemoteIterator<LocatedFileStatus> found = fs.listFiles(start.getPath(), true);
            while (found.hasNext()) {
                LocatedFileStatus status = found.next();
                if (isHidden(start.getPath(), status.getPath())) {
                    hidden++;
                } else {
                    files.add(new ListedFile(status));
                }
            }
        }
        files.sort(Comparator.comparing(ListedFile::origin));
        return new Listing(files, hidden);
    }

    private static Path path(String uri) throws IOException {
        try {
            return new Path(uri);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a path or URI (" + e.getMessage() + ")", e);
        }
    }

    private static FileStatus[] roots(FileSystem fs, Path root) throws IOException {
        try {
            return new FileStatus[] {fs.getFileStatus(root)};
        } catch (FileNotFoundException e) {
            FileStatus[] matches = fs.globStatus(root);
            if (matches == null || matches.length == 0) {
                throw new FileNotFoundException("there is no folder, file or match of that name (looked for "
                        + fs.makeQualified(root) + ")");
            }
            return matches;
        }
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
        private final transient long modified;
        private final transient long length;

        ListedFile(FileStatus status) {
            this.uri = status.getPath().toString();
            this.status = status;
            this.modified = status.getModificationTime();
            this.length = status.getLen();
        }

        private ListedFile(ListedFile file) {
            this.uri = file.uri;
            this.status = null;
            this.modified = file.modified;
            this.length = file.length;
        }

        /** The path as a person would type it: local ones without their scheme. */
        String origin() {
            return uri.startsWith("file:") ? new Path(uri).toUri().getPath() : uri;
        }

        String folder() {
            Path folder = new Path(uri).getParent();
            return folder == null ? null : folder.getName();
        }

        /** Milliseconds since 1970. */
        long modified() {
            return modified;
        }

        /** Bytes. */
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

        byte[] read(Configuration conf) throws IOException {
            Path path = new Path(uri);
            FutureDataInputStreamBuilder open = path.getFileSystem(conf).openFile(path);
            if (status != null) {
                open = open.withFileStatus(status);
            }
            try (FSDataInputStream in = open.build().get()) {
                return in.readAllBytes();
            } catch (java.util.concurrent.ExecutionException e) {
                throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted while opening " + uri);
            }
        }
    }
}
