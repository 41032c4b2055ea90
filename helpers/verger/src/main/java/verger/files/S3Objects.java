package verger.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes, copies and deletes single objects of S3 under a condition, which S3A itself does not offer: of two that create an
 * object at the same moment S3 tells one that it came too late.
 *
 * <p>The requests go through the client that S3A has, with its credentials, endpoint and encryption: AWS's SDK 1 under
 * Hadoop 3.3, its SDK 2 from Hadoop 3.4 on.
 */
public abstract class S3Objects {

    /** The most that S3 copies by one request. */
    public static final long MAX_COPY_BYTES = 5L << 30;

    private static final Logger LOG = LoggerFactory.getLogger(S3Objects.class);
    private static final String FILE_SYSTEM = "org.apache.hadoop.fs.s3a.S3AFileSystem";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 100;

    S3Objects() {
    }

    /** The objects of a file system; null if it is not S3A. */
    public static S3Objects of(FileSystem fs) {
        for (Class<?> type = fs.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(FILE_SYSTEM)) {
                return of(fs, Reflected.has(type, "getS3AInternals"));
            }
        }
        return null;
    }

    private static S3Objects of(FileSystem fs, boolean sdk2) {
        try {
            return sdk2 ? new S3ObjectsOfSdk2(fs) : new S3ObjectsOfSdk1(fs);
        } catch (LinkageError | IllegalStateException e) {
            LOG.warn(
                    "The client of this S3A cannot be had, and no object be created under a condition: two runs that begin in the "
                            + "same second may both take one output ({})",
                    e.toString());
            return new S3ObjectsWithoutConditions(fs);
        }
    }

    /** Sends the object; returns the status of the answer if it is 200, 404, 409 or 412, and throws what else there is. */
    abstract int put(String key, byte[] content, Map<String, String> headers) throws IOException;

    /** Copies within the bucket; returns as {@link #put}. */
    abstract int copy(String fromKey, String toKey) throws IOException;

    /** Deletes; returns as {@link #put}. */
    abstract int delete(String key, Map<String, String> headers) throws IOException;

    /**
     * Creates an object.
     *
     * @return false if there is one already; also, now and then, if this call has made it and its answer got lost
     */
    public boolean create(Path file, byte[] content) throws IOException {
        return conditional(file, () -> found(file, put(key(file), content, Map.of("If-None-Match", "*"))));
    }

    /** Writes an object, whether there is one or not. */
    public void write(Path file, byte[] content) throws IOException {
        if (!conditional(file, () -> found(file, put(key(file), content, Map.of())))) {
            throw new IOException("S3 refuses to write " + file);
        }
    }

    private static int found(Path file, int status) throws FileNotFoundException {
        if (status == NOT_FOUND) {
            throw new FileNotFoundException("There is no bucket for " + file);
        }
        return status;
    }

    /**
     * Copies an object over another one or to where none is, by a single request.
     *
     * @param from at most {@link #MAX_COPY_BYTES} long
     * @throws FileNotFoundException if there is no {@code from}
     */
    public void copy(Path from, Path to) throws IOException {
        if (!conditional(from, () -> copy(key(from), key(to)))) {
            throw new FileNotFoundException("There is no object " + from);
        }
    }

    /**
     * Deletes an object if it is still the one that is meant.
     *
     * @param etag of the one that is meant, without quotes
     * @return false if it is another one by now, or gone
     */
    public boolean delete(Path file, String etag) throws IOException {
        return conditional(file, () -> delete(key(file), Map.of("If-Match", "\"" + etag + "\"")));
    }

    private interface Request {

        int send() throws IOException;
    }

    /** A conflict says that another request for the object was on its way at the same time, and nothing about who wins. */
    private static boolean conditional(Path file, Request request) throws IOException {
        for (int tried = 1;; tried++) {
            int status = request.send();
            if (status != CONFLICT) {
                return status == OK;
            }
            if (tried == TRIES) {
                throw new IOException("S3 has answered " + TRIES + " times that others write " + file + " at the same time");
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while others write " + file);
            }
        }
    }

    /** Whether a status is an answer, and no failure. */
    static boolean isAnswer(int status) {
        return status == NOT_FOUND || status == CONFLICT || status == PRECONDITION_FAILED;
    }

    private static String key(Path file) {
        return file.toUri().getPath().substring(1);
    }
}
