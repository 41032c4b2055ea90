package verger.files;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;

/**
 * Writes tables to S3 by S3A's magic committer, which uploads every file once and lets all appear when the job is done.
 *
 * <p>Spark as it comes moves the files into place instead, which S3 can only do by copying one after the other, for every
 * reader to see. Where somebody has chosen how Spark commits, and on EMR, which has its own way, nothing is changed.
 *
 * <pre>{@code
 * S3Commit.during(spark, path, () -> table.write().parquet(path));
 * }</pre>
 *
 * <p>Not for an overwrite of single partitions ({@code partitionOverwriteMode=dynamic}), which Spark does its own way alone.
 */
public final class S3Commit {

    private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
    private static final String PATH_OUTPUT = "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol";
    private static final String S3A_FACTORY = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory";
    private static final String COMMITTER = "fs.s3a.committer.name";

    private S3Commit() {
    }

    /**
     * Does the writing, under settings of the session that are put back afterwards.
     *
     * @param path where it writes to; of other file systems than S3A nothing is set
     */
    public static void during(SparkSession spark, String path, Runnable writing) {
        Configuration conf = S3.settings(spark);
        if (!S3.isS3A(new Path(path), conf) || !isOurs(spark)) {
            writing.run();
            return;
        }
        RuntimeConfig session = spark.conf();
        Map<String, String> before = new LinkedHashMap<>();
        settings(conf).forEach((name, value) -> {
            before.put(name, session.getAll().get(name).getOrElse(() -> null));
            session.set(name, value);
        });
        try {
            writing.run();
        } finally {
            before.forEach((name, value) -> {
                if (value == null) {
                    session.unset(name);
                } else {
                    session.set(name, value);
                }
            });
        }
    }

    private static boolean isOurs(SparkSession spark) {
        return !spark.version().contains("amzn") && !spark.conf().getAll().contains(PROTOCOL) && isPresent(PATH_OUTPUT);
    }

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static Map<String, String> settings(Configuration conf) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(PROTOCOL, PATH_OUTPUT);
        settings.put("spark.sql.parquet.output.committer.class",
                "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter");
        settings.put("mapreduce.outputcommitter.factory.scheme.s3a", S3A_FACTORY);
        settings.put("mapreduce.outputcommitter.factory.scheme.s3", S3A_FACTORY);
        if (conf.get(COMMITTER, "file").equals("file")) { // Hadoop's default
            settings.put(COMMITTER, "magic");
        }
        return settings;
    }
}
