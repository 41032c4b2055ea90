package verger.images;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import verger.files.LocalPath;
import verger.files.S3;

/** A failure to read a file: whether it is one of the file or of the place where all files are, and what the true reason is. */
final class ReadFailure {

    /** Spark's name for the one executor of local mode. */
    private static final String DRIVER = "driver";

    /** What S3 says where it lets nobody in: codes of its API, and classes of S3A and the SDK. */
    private static final Pattern REFUSES_ALL = Pattern.compile("InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken"
            + "|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed|AllAccessDisabled|AccountProblem|NoSuchBucket"
            + "|UnknownStoreException|NoAuthWithAWSException|NoAwsCredentials\\w*|CredentialInitializationException");

    private static final Pattern ARCHIVED = Pattern.compile("InvalidObjectState");

    /** So many keys are one request; those that hold // come first. */
    private static final int KEYS_OF_A_REQUEST = 1000;

    private final ListedFile file;
    private final IOException failure;
    private final String place;
    private final String executor;

    ReadFailure(ListedFile file, IOException failure, String place, String executor) {
        this.file = file;
        this.failure = failure;
        this.place = place;
        this.executor = executor;
    }

    /** Whether another try may end otherwise: a network's failure, and no answer about the file. */
    boolean mayPass() {
        return !file.isLocal() && !isGone() && !isRefused();
    }

    private boolean isGone() {
        return failure instanceof FileNotFoundException || failure instanceof NoSuchFileException;
    }

    private boolean isRefused() {
        return failure instanceof AccessDeniedException || failure instanceof AccessControlException;
    }

    /**
     * Makes sure that this is a failure of one file.
     *
     * @param last whether the file will not be tried again
     * @throws IOException if it is the place that failed, with a sentence that says what to do
     */
    void requirePlace(Configuration conf, boolean last) throws IOException {
        if (file.isLocal()) {
            requireLocalPlace();
        } else if (says(REFUSES_ALL)) {
            throw ofPlace(S3.reason(hadoopPath(), conf, failure));
        } else if (last && mayPass()) {
            requireAnswer(conf);
        }
    }

    private void requireLocalPlace() throws IOException {
        Path folder = LocalPath.of(place);
        if (!Files.exists(folder)) {
            throw ofPlace(executor.equals(DRIVER) ? "it was deleted after it was listed"
                    : "it is not there on executor " + executor
                            + ": put the photographs where all executors can read them, on S3 or HDFS");
        }
        if (!isGone() && !isRefused() && Files.isDirectory(folder)) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
                var unused = names.iterator().hasNext();
            } catch (DirectoryIteratorException e) {
                throw ofPlace("the disk fails (" + LocalFiles.words(e.getCause()) + ")");
            } catch (IOException e) {
                throw ofPlace("the disk fails (" + LocalFiles.words(e) + ")");
            }
        }
    }

    /** A network that answers for the place and never for the file has done so for this file. */
    private void requireAnswer(Configuration conf) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(place);
        try {
            S3.requireAnswer(path, conf);
            if (!S3.isS3A(path, conf)) {
                path.getFileSystem(conf).getFileStatus(path);
            }
        } catch (IOException e) {
            throw ofPlace(e.getMessage());
        }
    }

    private IOException ofPlace(String why) {
        return new IOException("The photographs at " + place + " cannot be read: " + why, failure);
    }

    private org.apache.hadoop.fs.Path hadoopPath() {
        return new org.apache.hadoop.fs.Path(file.origin());
    }

    /**
     * Why this one file could not be read.
     *
     * @param tried how often it was
     */
    String reason(Configuration conf, int tried) throws IOException {
        if (isGone() && file.isLocal()) {
            return executor.equals(DRIVER) ? "gone: the file was deleted after it was listed"
                    : "not found on executor " + executor
                            + ": deleted after it was listed, or on a disk that only the driver has";
        }
        if (isGone()) {
            return isStillListed(conf) ? SameNames.REASON : "gone: the file was deleted after it was listed";
        }
        if (says(ARCHIVED)) {
            return "unreadable: S3 keeps the object in an archive, such as Glacier: restore it first";
        }
        if (isRefused()) {
            return "not permitted: this user may not read the file";
        }
        String words = file.isLocal() ? LocalFiles.words(failure) : words();
        return "unreadable: " + (tried == 1 ? words : words + "; " + tried + " tries");
    }

    /**
     * Of S3 only: on other file systems a name is one name. A key with // is below the folder that ends before it, not below
     * the one that Hadoop makes of both.
     */
    private boolean isStillListed(Configuration conf) throws IOException {
        org.apache.hadoop.fs.Path folder = hadoopPath().getParent();
        if (!S3.isS3A(folder, conf)) {
            return false;
        }
        int top = new org.apache.hadoop.fs.Path(place).depth();
        FileSystem fs = folder.getFileSystem(conf);
        boolean listed = isListed(fs, folder);
        while (!listed && folder.depth() > top) {
            folder = folder.getParent();
            listed = isListed(fs, folder);
        }
        return listed;
    }

    private boolean isListed(FileSystem fs, org.apache.hadoop.fs.Path folder) throws IOException {
        try {
            RemoteIterator<LocatedFileStatus> keys = fs.listFiles(folder, true);
            for (int i = 0; i < KEYS_OF_A_REQUEST && keys.hasNext(); i++) {
                if (keys.next().getPath().equals(hadoopPath())) {
                    return true;
                }
            }
        } catch (FileNotFoundException e) {
            return false;
        }
        return false;
    }

    private String words() {
        String words = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return failure instanceof EOFException ? "the file ended early" : words.isEmpty() ? failure.toString() : words;
    }

    private boolean says(Pattern pattern) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (pattern.matcher(cause.toString()).find()) {
                return true;
            }
        }
        return false;
    }
}
