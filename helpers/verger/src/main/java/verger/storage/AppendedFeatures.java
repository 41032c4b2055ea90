package verger.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.streaming.StreamingRelation;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;
import verger.features.ImageFeaturizer;
import verger.files.S3;
import verger.files.UserPath;
import verger.networks.NetworkChoice;

/**
 * A table of features that a stream of photographs is appended to, each photograph once, however often the stream is cut off
 * and started again.
 *
 * <p>A Parquet folder with the columns {@code origin}, {@code label} and {@code features} (array of floats) as
 * {@link Results#saveFeatures} writes them, and {@code reason} (null, or why there are no features: the row is there all the
 * same), {@code modified} and {@code length} of the file. What the stream has seen is in the folder, too: who deletes the
 * whole folder starts anew. One that has lost its {@code _spark_metadata} or its {@code _checkpoint} alone is refused.
 *
 * <p>One run at a time: two that append to the same table at once would each stop the other.
 *
 * <p>Spark reads such a folder by the log that it keeps in it. Other readers see all files, and also those of a batch that
 * was cut off, whose rows are in a second file by now. Each {@link #append} removes such files when they are a day old.
 *
 * <pre>{@code
 * AppendedFeatures table = new AppendedFeatures(spark, "out/watch/appended.parquet");
 * long added = table.append(featurizer.transform(Images.stream(spark, "photographs")), featurizer);
 * }</pre>
 */
public final class AppendedFeatures {

    private static final Logger LOG = LoggerFactory.getLogger(AppendedFeatures.class);

    /** No batch takes so long: an older file that is in no log will be in none. */
    private static final Duration LEFT = Duration.ofDays(1);

    private final SparkSession spark;
    private final Configuration conf;
    private final Path table;
    private final FileSystem fs;
    private final StreamLogs logs;

    /**
     * @param uri folder of the table, which need not exist
     * @throws IllegalArgumentException if its file system cannot be reached
     */
    public AppendedFeatures(SparkSession spark, String uri) {
        this.spark = spark;
        this.conf = S3.settings(spark);
        Path path;
        try {
            path = UserPath.of(uri, conf);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot append to " + uri + ": " + e.getMessage(), e);
        }
        try {
            fs = S3.fileSystem(path, conf);
            table = fs.makeQualified(path);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Cannot append to " + uri + ": " + S3.reason(path, conf, e), e);
        }
        logs = new StreamLogs(fs, table);
    }

    /**
     * Appends all that is there now and not in the table yet.
     *
     * @param featurized a stream with the columns {@code origin}, {@code label}, {@code features} (vector), {@code reason},
     *                   {@code modified} and {@code length}
     * @param featurizer what makes the features
     * @return number of rows appended
     * @throws IllegalArgumentException if the table holds features that cannot be compared with these: of another network,
     *                                  other weights, another size of the images, or another card; if it was filled from
     *                                  another folder; or if its own folder holds something else
     * @throws IllegalStateException    if the table has lost its {@code _spark_metadata} or its {@code _checkpoint}; or if the
     *                                  stream stops: what it has appended stays, and the next call goes on from there
     */
    public long append(Dataset<Row> featurized, ImageFeaturizer featurizer) {
        long before = read().count();
        StreamingQuery query = start(featurized, featurizer, Trigger.AvailableNow());
        try {
            query.awaitTermination();
        } catch (StreamingQueryException e) {
            throw new IllegalStateException("The stream into " + table + " stopped: " + reason(e)
                    + "; what is in the table stays, and the next run goes on from there", e);
        } finally {
            stop(query); // when this thread is interrupted, it still runs
        }
        return read().count() - before;
    }

    private static void stop(StreamingQuery query) {
        try {
            query.stop();
        } catch (TimeoutException e) {
            LOG.warn("The stream {} does not stop", query.id(), e);
        }
    }

    /** Appends in a query that runs until it is stopped, unless the trigger says otherwise. */
    public StreamingQuery start(Dataset<Row> featurized, ImageFeaturizer featurizer, Trigger trigger) {
        try {
            NetworkChoice choice = featurizer.choice();
            MadeBy.of(choice.network(), choice.weightsSha256(), featurizer.getInputSize(), watched(featurized)).require(fs,
                    table);
            logs.requireOfOneAge();
            removeLeftovers(System.currentTimeMillis() - LEFT.toMillis());
            return ResultColumns.select(ResultColumns.APPENDED, featurized).writeStream()
                    .format("parquet")
                    .option("path", table.toString())
                    .option("checkpointLocation", logs.checkpoint().toString())
                    .trigger(trigger)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot append to " + table + ": " + S3.reason(table, conf, e), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The stream into " + table + " did not start in time: start it again", e);
        }
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** All that is in the table, without what a batch left that was cut off; no rows if there is no table yet. */
    public Dataset<Row> read() {
        try {
            if (!logs.haveFiles()) {
                return spark.createDataFrame(List.of(), ResultColumns.APPENDED);
            }
        } catch (IOException e) {
            throw cannotRead(e);
        }
        return spark.read().schema(ResultColumns.APPENDED).parquet(table.toString());
    }

    /**
     * Lists the files of a folder that are not in the table, or not as they are now, and says why. While a batch runs, its
     * files look as if they had been empty.
     *
     * @param photographs what {@code Images.read} lists of the folder: columns {@code origin}, {@code modified}, {@code length}
     * @return columns {@code origin} and {@code reason}, sorted
     */
    public Dataset<Row> missing(Dataset<Row> photographs) {
        try {
            return MissingImages.of(photographs, read(), MissingImages.listed(spark, logs.seen()));
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    private UncheckedIOException cannotRead(IOException e) {
        return new UncheckedIOException("Cannot read " + table + ": " + S3.reason(table, conf, e), e);
    }

    /** The folders that a stream reads; none of a stream that reads no files. */
    private static List<String> watched(Dataset<Row> stream) {
        Set<String> folders = new TreeSet<>();
        for (LogicalPlan leaf : JavaConverters.seqAsJavaList(stream.queryExecution().analyzed().collectLeaves())) {
            if (leaf instanceof StreamingRelation files) {
                Map<String, String> options = JavaConverters.mapAsJavaMap(files.dataSource().options());
                String folder = options.getOrDefault(UserPath.WATCHED, options.get("path"));
                if (folder != null) {
                    folders.add(folder);
                }
            }
        }
        return List.copyOf(folders);
    }

    /** Removes the files of batches that were cut off: they are in no log. */
    void removeLeftovers(long before) throws IOException {
        if (!logs.haveFiles()) {
            return;
        }
        Set<String> logged = new HashSet<>();
        for (String uri : read().inputFiles()) {
            logged.add(new Path(URI.create(uri)).getName());
        }
        for (FileStatus file : fs.listStatus(table)) {
            String name = file.getPath().getName();
            if (name.endsWith(".parquet") && !logged.contains(name) && file.getModificationTime() < before) {
                LOG.info("Removing {}, which a batch left that was cut off", file.getPath());
                fs.delete(file.getPath(), false);
            }
        }
    }
}
