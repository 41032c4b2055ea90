package verger.images;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3;

/**
 * Reads a listed file on an executor.
 *
 * <p>What fails of one file among ninety thousand is its row, with the reason. What may pass is tried again, a few times. What
 * fails of the place where all the files are is an error that ends the work: ninety thousand rows would say the same.
 */
final class ReadFile implements UDF4<String, Long, byte[], String, byte[]> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ReadFile.class);

    /** S3A has tried each request some times by itself before it fails. */
    static final int TRIES = 3;
    private static final long PAUSE_MS = 250;

    private final Broadcast<SerializableConfiguration> conf;
    private final String place;

    /** @param place that has to be there if the files are to be read, such as the folder that was listed */
    ReadFile(SparkSession spark, String place) {
        this.conf = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(S3.settings(spark)));
        this.place = place;
    }

    /**
     * @return the whole file, or an {@link UnreadFile} with the reason why there is none
     * @throws IOException if the place of the files is gone, or refuses this user altogether
     */
    @Override
    public byte[] call(String origin, Long length, byte[] status, String problem) throws IOException {
        return content(ListedFile.of(origin, length, status, problem));
    }

    byte[] content(ListedFile file) throws IOException {
        for (int tried = 1;; tried++) {
            try {
                return file.read(conf.value().value());
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e; // the task is killed
                }
                ReadFailure failure = new ReadFailure(file, e, place, SparkEnv.get().executorId());
                failure.requirePlace(conf.value().value(), tried == TRIES);
                if (!failure.mayPass() || tried == TRIES) {
                    LOG.warn("Cannot read {}: {}", file.origin(), e.getMessage());
                    return UnreadFile.because(failure.reason(conf.value().value(), tried));
                }
                pause(tried);
            }
        }
    }

    /** Not all tasks at the same time. */
    private static void pause(int tried) throws IOException {
        try {
            Thread.sleep((PAUSE_MS << tried) + ThreadLocalRandom.current().nextLong(PAUSE_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted between two tries to read", e);
        }
    }
}
