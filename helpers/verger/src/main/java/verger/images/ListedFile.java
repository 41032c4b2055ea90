package verger.images;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import verger.files.LocalPath;

/**
 * A file as it was listed, which an executor can read.
 *
 * <p>A local one is known by its path alone. Of another file system its own status is kept: S3A opens a file that it has listed
 * without another request.
 */
final class ListedFile {

    private final String origin;
    private final long length;
    private final long modified;
    private final String problem;
    private final FileStatus status;

    private ListedFile(String origin, long length, long modified, String problem, FileStatus status) {
        this.origin = origin;
        this.length = length;
        this.modified = modified;
        this.problem = problem;
        this.status = status;
    }

    /** Makes a local file. */
    static ListedFile local(String origin, BasicFileAttributes attributes) {
        return new ListedFile(origin, attributes.size(), attributes.lastModifiedTime().toMillis(), null, null);
    }

    /** Makes a file or folder that is there and cannot be read, which shows when it is listed. */
    static ListedFile unread(String origin, long modified, String problem) {
        return new ListedFile(origin, 0, modified, problem, null);
    }

    /** Makes a file of another file system. */
    static ListedFile of(FileStatus status) {
        return new ListedFile(status.getPath().toString(), status.getLen(), status.getModificationTime(), null, status);
    }

    /** Makes a file that Spark has listed: nothing is known but its name and length. */
    static ListedFile of(String origin, long length) {
        return new ListedFile(origin, length, 0, null, null);
    }

    /**
     * Makes the file again on an executor.
     *
     * @param status  as {@link #serializedStatus} gave it; null for none
     * @param problem as {@link #problem} gave it
     */
    static ListedFile of(String origin, long length, byte[] status, String problem) throws IOException {
        return new ListedFile(origin, length, 0, problem, status == null ? null : deserialized(status));
    }

    /** Returns the path as a person would type it: a local one has no scheme. */
    String origin() {
        return origin;
    }

    /** Returns the number of bytes that the listing gave. */
    long length() {
        return length;
    }

    /** Returns the time of the last change in milliseconds since 1970; it does not travel to an executor. */
    long modified() {
        return modified;
    }

    /** Returns why this cannot be read, as the listing found; null where it found nothing. */
    String problem() {
        return problem;
    }

    boolean isLocal() {
        return LocalPath.isLocal(origin);
    }

    /** Returns the name of the folder that the file is in. */
    String folder() {
        return Images.folder(isLocal() ? LocalPath.shown(origin) : origin);
    }

    /** Returns the file system's own status; null for local files, and where a status cannot travel. */
    byte[] serializedStatus() {
        if (status == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(status);
        } catch (NotSerializableException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static FileStatus deserialized(byte[] bytes) throws IOException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (FileStatus) in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("the file system of this file is missing here: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the whole file.
     *
     * @return an {@link UnreadFile} if it is too large, no image, or nothing that can be read
     */
    byte[] read(Configuration conf) throws IOException {
        if (problem != null) {
            return UnreadFile.because(problem);
        }
        return isLocal() ? LocalFiles.read(LocalPath.of(origin), length) : HadoopFiles.read(origin, length, status, conf);
    }
}
