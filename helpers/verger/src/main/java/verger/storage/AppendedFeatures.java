package verger.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.S3;
import verger.WholeTable;
import verger.features.NetworkChoice;

/**
 * A table of features that a stream of photographs is appended to, each photograph once, however often the stream is cut off
 * and started again.
 *
 * <p>A Parquet folder with the columns {@code origin}, {@code label} and {@code features} (array of floats) as
 * {@link Results#saveFeatures} writes them, and {@code reason} (null, or why there are no features: the row is there all the
 * same), {@code modified} and {@code length} of the file. What the stream has seen is in the folder, too, so the two cannot
 * part: who deletes the table starts anew.
 *
 * <p>Spark reads such a folder by the log that it keeps in it. Other readers see files, and among them those of a batch that
 * was cut off, whose rows are in a second file by now; each {@link #append} removes them when they are a day old.
 *
 * <pre>{@code
 * AppendedFeatures table = new AppendedFeatures(spark, "out/watch/features.parquet");
 * long before = table.append(featurizer.transform(Images.stream(spark, "photographs")), featurizer.choice());
 * }</pre>
 */
public final class AppendedFeatures {

    private static final Logger LOG = LoggerFactory.getLogger(AppendedFeatures.class);

    private static final String LOG_FOLDER = "_spark_metadata";
    private static final String CHECKPOINT = "_checkpoint";
    static final String MADE_BY = "_made-by.json";

    /** So long no batch takes: what is older and in no log will be in none. */
    private static final Duration LEFT = Duration.ofDays(1);

    private static final StructType SCHEMA = new StructType()
            .add("origin", DataTypes.StringType)
            .add("label", DataTypes.StringType)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("reason", DataTypes.StringType)
            .add("modified", DataTypes.TimestampType)
            .add("length", DataTypes.LongType);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final Configuration conf;
    private final Path table;
    private final FileSystem fs;

    /**
     * @param uri folder of the table, which need not exist
     * @throws IllegalArgumentException if its file system cannot be reached
     */
    public AppendedFeatures(SparkSession spark, String uri) {
        this.spark = spark;
        this.conf = S3.settings(spark);
        try {
            Path path = new Path(uri);
            S3.requireAnswer(path, conf);
            fs = path.getFileSystem(conf);
            table = fs.makeQualified(path);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Cannot append to " + uri + ": " + e.getMessage(), e);
        }
    }

    /**
     * Appends all that is there now and not in the table yet.
     *
     * @param featurized a stream with the columns {@code origin}, {@code label}, {@code features} (vector), {@code reason},
     *                   {@code modified} and {@code length}
     * @param choice     the network that makes the features
     * @return number of rows appended
     * @throws IllegalArgumentException if the table holds features of another network or other weights
     * @throws IllegalStateException    if the stream stops; what it has appended stays, and the next call goes on from there
     */
    public long append(Dataset<Row> featurized, NetworkChoice choice) {
        long before = read().count();
        StreamingQuery query = start(featurized, choice, Trigger.AvailableNow());
        try {
            query.awaitTermination();
        } catch (StreamingQueryException e) {
            throw new IllegalStateException("The stream into " + table + " stopped: " + reason(e)
                    + "; what is in the table stays, and the next run goes on from there", e);
        }
        return read().count() - before;
    }

    /** The same as a query that runs until it is stopped, unless the trigger says otherwise. */
    public StreamingQuery start(Dataset<Row> featurized, NetworkChoice choice, Trigger trigger) {
        try {
            requireMadeBy(choice);
            removeLeftovers(System.currentTimeMillis() - LEFT.toMillis());
            return plain(featurized).writeStream()
                    .format("parquet")
                    .option("path", table.toString())
                    .option("checkpointLocation", new Path(table, CHECKPOINT).toString())
                    .trigger(trigger)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot append to " + table + ": " + S3.reason(table, conf, e), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The stream into " + table + " did not start in time: start it again", e);
        }
    }

    private static Dataset<Row> plain(Dataset<Row> featurized) {
        Column vector = featurized.col("features");
        return featurized.select(
                featurized.col("origin"), featurized.col("label"),
                functions.when(vector.isNotNull(), functions$.MODULE$.vector_to_array(vector, "float32")).as("features"),
                featurized.col("reason"), featurized.col("modified"), featurized.col("length"));
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
            if (!fs.exists(new Path(table, LOG_FOLDER))) {
                return spark.createDataFrame(List.of(), SCHEMA);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + table + ": " + S3.reason(table, conf, e), e);
        }
        return spark.read().schema(SCHEMA).parquet(table.toString());
    }

    /**
     * The files that are there and not, or not as they are now, in the table, and why.
     *
     * @param photographs what {@code Images.read} lists of the folder: columns {@code origin}, {@code modified}, {@code length}
     * @return columns {@code origin} and {@code reason}, sorted
     */
    public Dataset<Row> missing(Dataset<Row> photographs) {
        Dataset<Row> there = photographs.select("origin", "modified", "length").alias("there");
        Dataset<Row> seen = read().select("origin", "modified", "length").alias("seen");
        Column replaced = functions.expr("there.modified <> seen.modified or there.length <> seen.length");
        Column unseen = functions.expr("seen.origin is null");
        return there.join(seen, functions.expr("there.origin = seen.origin"), "left")
                .filter(unseen.or(replaced))
                .select(functions.expr("there.origin"), functions.when(replaced, "replaced since it was read: the features are "
                        + "those of the file before; put the new one in under another name")
                        .when(functions.expr("there.length = 0"), "empty file (0 bytes): put it in whole, under another name")
                        .otherwise("not read: it came in after this run began, and the next one reads it; or it was empty when it "
                                + "was first seen, and then put it in under another name")
                        .as("reason"))
                .orderBy("origin");
    }

    /** Features of two networks are not to lie in one table. */
    private void requireMadeBy(NetworkChoice choice) throws IOException {
        ObjectNode now = JSON.createObjectNode();
        now.put("network", choice.network().name());
        now.put("weightsSha256", choice.weightsSha256());
        Path file = new Path(table, MADE_BY);
        if (!fs.exists(file)) {
            if (fs.exists(new Path(table, WholeTable.SUCCESS))) {
                throw new IllegalArgumentException("The table " + table + " was written as a whole, and nothing can be appended to it: "
                        + "choose another output");
            }
            Path written = file.suffix("-" + UUID.randomUUID()); // whole or not at all
            try (FSDataOutputStream out = fs.create(written, false)) {
                out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(now));
            }
            fs.rename(written, file);
            return;
        }
        try (FSDataInputStream in = fs.open(file)) {
            JsonNode before = JSON.readTree(in.readAllBytes());
            if (!before.equals(now)) {
                throw new IllegalArgumentException("The table " + table + " holds features of " + told(before)
                        + ", and these would be of " + told(now) + ": choose that network, or another output");
            }
        }
    }

    private static String told(JsonNode madeBy) {
        return madeBy.path("network").asText() + " (weights of SHA-256 " + madeBy.path("weightsSha256").asText() + ")";
    }

    /** Removes the files of batches that were cut off: they are in no log. */
    void removeLeftovers(long before) throws IOException {
        if (!fs.exists(new Path(table, LOG_FOLDER))) {
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
