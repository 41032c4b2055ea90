package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a listed file on an executor. */
final class ReadFile implements UDF1<byte[], byte[]> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ReadFile.class);

    private final Broadcast<SerializableConfiguration> conf;

    ReadFile(SparkSession spark) {
        conf = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    }

    /**
     * @return the whole file, or null if it is gone or may not be read: one such file among ninety thousand is a row with
     *         its reason, while a network that fails is an error that Spark tries again
     */
    @Override
    public byte[] call(byte[] file) throws IOException {
        HadoopFiles.ListedFile listed = HadoopFiles.ListedFile.deserialize(file);
        try {
            return listed.read(conf.value().value());
        } catch (FileNotFoundException | AccessControlException | java.nio.file.AccessDeniedException e) {
            LOG.warn("Cannot read {}: {}", listed.origin(), e.getMessage());
            return null;
        }
    }
}
