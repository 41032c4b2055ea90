package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3;
import verger.images.HadoopFiles.ListedFile;

/** Reads a listed file on an executor. */
final class ReadFile implements UDF1<byte[], byte[]> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ReadFile.class);

    /** Spark's name for the one executor of local mode. */
    private static final String DRIVER = "driver";

    private final Broadcast<SerializableConfiguration> conf;

    ReadFile(SparkSession spark) {
        conf = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(S3.settings(spark)));
    }

    /**
     * @return the whole file, or an {@link UnreadFile} if it is gone, may not be read, or is too large: one such file among
     *         ninety thousand is a row with its reason, while a network that fails is an error that Spark tries again
     */
    @Override
    public byte[] call(byte[] file) throws IOException {
        return content(ListedFile.deserialize(file));
    }

    byte[] content(ListedFile listed) throws IOException {
        try {
            return listed.read(conf.value().value());
        } catch (FileNotFoundException | AccessControlException | AccessDeniedException e) {
            LOG.warn("Cannot read {}: {}", listed.origin(), e.getMessage());
            return UnreadFile.because(reason(listed, e, SparkEnv.get().executorId()));
        }
    }

    static String reason(ListedFile file, IOException e, String executor) {
        // Java says FileNotFoundException, too, of a local file that is there and may not be read.
        if (!(e instanceof FileNotFoundException) || file.isLocal() && Files.exists(Path.of(file.origin()))) {
            return "not permitted: this user may not read the file";
        }
        return file.isLocal() && !executor.equals(DRIVER)
                ? "not found on executor " + executor + ": deleted after it was listed, or on a disk that only the driver has"
                : "gone: the file was deleted after it was listed";
    }
}
