package verger.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code s3a://} and {@code s3://} need beyond other file systems: the same meaning of both, and an answer in plain words
 * and in good time where S3 has none.
 */
public final class S3 {

    private static final String FILE_SYSTEM = "org.apache.hadoop.fs.s3a.S3AFileSystem";
    private static final String ABSTRACT_FILE_SYSTEM = "org.apache.hadoop.fs.s3a.S3A";
    private static final String TRIES_AFTER_503 = "fs.s3a.retry.throttle.limit";
    private static final String AWS = "s3.amazonaws.com";

    private S3() {
    }

    /**
     * Hadoop's settings of a session. Where nobody has said what {@code s3://} is, as EMR does, it is S3A.
     */
    public static Configuration settings(SparkSession spark) {
        Configuration all = spark.sparkContext().hadoopConfiguration(); // what Spark's own readers and writers go by
        all.setIfUnset("fs.s3.impl", FILE_SYSTEM);
        if (isS3A("s3", all)) {
            all.setIfUnset("fs.AbstractFileSystem.s3.impl", ABSTRACT_FILE_SYSTEM);
        }
        boundTries(all);
        return spark.sessionState().newHadoopConf();
    }

    /** S3A waits twice as long after each 503, so its default of 20 tries takes days; 8 take a minute. */
    private static void boundTries(Configuration all) {
        String[] sources = all.getPropertySources(TRIES_AFTER_503);
        if (sources == null || sources[sources.length - 1].equals("core-default.xml")) {
            all.set(TRIES_AFTER_503, "8");
        }
    }

    /** Whether a path is one of S3's, read and written by S3A. */
    public static boolean isS3A(Path path, Configuration conf) {
        return isS3A(path.toUri().getScheme(), conf);
    }

    private static boolean isS3A(String scheme, Configuration conf) {
        return "s3a".equals(scheme) || "s3".equals(scheme) && FILE_SYSTEM.equals(conf.get("fs.s3.impl"));
    }

    /**
     * The file system of a path, of which S3 has answered for the bucket.
     *
     * @param path of any file system
     * @throws IOException if there is none, or as {@link #requireAnswer} throws it
     */
    public static FileSystem fileSystem(Path path, Configuration conf) throws IOException {
        requireAnswer(path, conf);
        return path.getFileSystem(conf);
    }

    /**
     * Asks S3 for the bucket, with so little patience that it takes seconds where nobody answers: S3A by itself tries for
     * many minutes, which suits a long job and nobody who has mistyped an endpoint.
     *
     * @param path of any file system; of others nothing is asked
     * @throws IOException if S3 does not answer or has no such bucket, with a sentence that says what to do
     */
    public static void requireAnswer(Path path, Configuration conf) throws IOException {
        if (!isS3A(path, conf)) {
            return;
        }
        Configuration impatient = new Configuration(conf);
        impatient.set("fs.s3a.bucket.probe", "1");
        impatient.set("fs.s3a.attempts.maximum", "0"); // beyond the first
        impatient.set("fs.s3a.retry.limit", "1");
        impatient.set("fs.s3a.connection.establish.timeout", "5000");
        impatient.set("fs.s3a.connection.timeout", "5000");
        try {
            FileSystem.newInstance(path.toUri(), impatient).close();
        } catch (IOException | RuntimeException e) {
            throw new IOException(reason(path, conf, e), e);
        }
    }

    /** Why a path cannot be read or written, in one sentence; of other file systems than S3A what the exception says. */
    public static String reason(Path path, Configuration conf, Exception e) {
        if (!isS3A(path, conf)) {
            return e.getMessage();
        }
        String bucket = path.toUri().getAuthority();
        String endpoint = endpoint(bucket, conf);
        Throwable cause = rootCause(e);
        if (cause instanceof ClassNotFoundException) {
            return "this Spark has no S3A: add org.apache.hadoop:hadoop-aws of its Hadoop version to its jars (" + cause + ")";
        }
        if (has(e, "No(Auth|AwsCredentials).*|CredentialInitializationException")) {
            return "there are no AWS credentials for " + bucket + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                    + "or run on a machine whose role may use the bucket";
        }
        if (has(e, "AccessDeniedException")) {
            return "S3 at " + endpoint + " refuses these credentials for " + bucket + ": check AWS_ACCESS_KEY_ID and "
                    + "AWS_SECRET_ACCESS_KEY, or the role's rights to this bucket (" + firstLine(cause) + ")";
        }
        if (has(e, "UnknownStoreException")) {
            return "there is no bucket " + bucket + " at " + endpoint + ": check its name, spark.hadoop.fs.s3a.endpoint and "
                    + "spark.hadoop.fs.s3a.endpoint.region";
        }
        if (e instanceof FileNotFoundException || !isOfNetwork(e)) {
            return e.getMessage();
        }
        return "S3 does not answer at " + endpoint + " (" + (cause instanceof UnknownHostException
                ? "unknown host " + cause.getMessage() : firstLine(connection(e)))
                + "): check the network, the proxy (spark.hadoop.fs.s3a.proxy.host) and spark.hadoop.fs.s3a.endpoint";
    }

    private static String endpoint(String bucket, Configuration conf) {
        String endpoint = conf.getTrimmed("fs.s3a.bucket." + bucket + ".endpoint", conf.getTrimmed("fs.s3a.endpoint", ""));
        return endpoint.isEmpty() ? AWS : endpoint;
    }

    private static boolean isOfNetwork(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException || cause instanceof InterruptedIOException || cause instanceof SSLException
                    || cause instanceof UnknownHostException
                    || cause.getClass().getSimpleName().equals("NoHttpResponseException")) {
                return true;
            }
        }
        return false;
    }

    /** By the name, as the classes are of the SDK or of a Hadoop that a machine without S3 need not have. */
    private static boolean has(Throwable e, String simpleName) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getSimpleName().matches(simpleName)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable rootCause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What says whom it did not reach, which may be a proxy; or else the root cause. */
    private static Throwable connection(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getSimpleName().matches("HttpHostConnectException|ConnectTimeoutException")) {
                return cause;
            }
        }
        return rootCause(e);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    }
}
