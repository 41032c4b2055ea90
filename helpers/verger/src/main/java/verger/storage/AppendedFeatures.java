package verger.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.streaming.StreamingRelation;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;
import verger.S3;
import verger.WholeTable;
import verger.features.ImageFeaturizer;
import verger.features.NetworkChoice;

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
 * <p>Spark reads such a folder by the log that it keeps in it. Other readers see files, and among them those of a batch that
 * was cut off, whose rows are in a second file by now; each {@link #append} removes them when they are a day old.
 *
 * <pre>{@code
 * AppendedFeatures table = new AppendedFeatures(spark, "out/watch/appended.parquet");
 * long added = table.append(featurizer.transform(Images.stream(spark, "photographs")), featurizer);
 * }</pre>
 */
public final class AppendedFeatures {

    private static final Logger LOG = LoggerFactory.getLogger(AppendedFeatures.class);

    private static final String LOG_FOLDER = "_spark_metadata";
    private static final String CHECKPOINT = "_checkpoint";
    /** How Spark names what it writes of a batch, in its logs. */
    private static final Pattern BATCH = Pattern.compile("(\\d{1,18})(\\.compact)?");
    static final String MADE_BY = "_made-by.json";
    private static final String IMAGES = "images";

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
        Path path;
        try {
            path = new Path(uri);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Cannot append to " + uri + ": " + e.getMessage(), e);
        }
        try {
            fs = S3.fileSystem(path, conf);
            table = fs.makeQualified(path);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Cannot append to " + uri + ": " + S3.reason(path, conf, e), e);
        }
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

    /** The same as a query that runs until it is stopped, unless the trigger says otherwise. */
    public StreamingQuery start(Dataset<Row> featurized, ImageFeaturizer featurizer, Trigger trigger) {
        try {
            requireMadeBy(featurizer, watched(featurized));
            requireWhole();
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
     * The files that are there and not, or not as they are now, in the table, and why. While a batch runs, its files seem to
     * have been empty.
     *
     * @param photographs what {@code Images.read} lists of the folder: columns {@code origin}, {@code modified}, {@code length}
     * @return columns {@code origin} and {@code reason}, sorted
     */
    public Dataset<Row> missing(Dataset<Row> photographs) {
        Dataset<Row> there = photographs.select("origin", "modified", "length").alias("there");
        Dataset<Row> seen = read().select("origin", "modified", "length").alias("seen");
        Column replaced = functions.expr("there.modified <> seen.modified or there.length <> seen.length");
        Column unread = functions.expr("seen.origin is null");
        return there.join(seen, functions.expr("there.origin = seen.origin"), "left")
                .filter(unread.or(replaced))
                .join(everListed().alias("listed"), functions.expr("there.origin = listed.origin"), "left")
                // A notebook's table shows 80 characters.
                .select(functions.expr("there.origin"), functions.when(replaced,
                                "replaced since it was read, features are old: put it in under another name")
                        .when(functions.expr("there.length = 0"), "empty file (0 bytes): put it in whole, under another name")
                        .when(functions.expr("listed.origin is not null"),
                                "empty or gone when it was first seen: put it in under another name")
                        .otherwise("not read yet: it came in after this run began, and the next one reads it")
                        .as("reason"))
                .orderBy("origin");
    }

    /** The origins of all files that the stream has ever listed, with or without a row, as its checkpoint has them. */
    private Dataset<Row> everListed() {
        List<String> logs = new ArrayList<>();
        try {
            for (FileStatus source : listed(new Path(table, CHECKPOINT + "/sources"))) {
                for (FileStatus log : listed(source.getPath())) {
                    if (BATCH.matcher(log.getPath().getName()).matches()) {
                        logs.add(log.getPath().toString());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + table + ": " + S3.reason(table, conf, e), e);
        }
        if (logs.isEmpty()) {
            return spark.createDataFrame(List.of(), new StructType().add("origin", DataTypes.StringType));
        }
        UDF1<String, String> decoded = uri -> new Path(URI.create(uri)).toString().replaceFirst("^file:", "");
        return spark.read().text(logs.toArray(String[]::new)).filter("value like '{%'")
                .select(functions.udf(decoded, DataTypes.StringType)
                        .apply(functions.get_json_object(functions.col("value"), "$.path")).as("origin"))
                .distinct();
    }

    /** Features that cannot be compared are not to lie in one table. */
    private void requireMadeBy(ImageFeaturizer featurizer, List<String> folders) throws IOException {
        NetworkChoice choice = featurizer.choice();
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("network", choice.network().name());
        made.put("weightsSha256", choice.weightsSha256());
        made.putAll(Manifest.input(choice.network(), featurizer.getInputSize()));
        made.put(IMAGES, folders);
        byte[] now = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(made);
        Path file = new Path(table, MADE_BY);
        if (!fs.exists(file)) {
            requireEmpty();
            writeWhole(file, now);
        }
        try (FSDataInputStream in = fs.open(file)) { // another run may have been quicker
            JsonNode before = JSON.readTree(in.readAllBytes());
            requireSameFolders(before.path(IMAGES), JSON.readTree(now).path(IMAGES));
            String differences = differences(before, JSON.readTree(now));
            if (!differences.isEmpty()) {
                throw new IllegalArgumentException("The table " + table + " holds features that cannot be compared with these, "
                        + "by " + differences + ": choose the network and the settings of the table, or another output");
            }
        }
    }

    /** The folders that a stream reads, as Spark was given them; none of a stream that reads no files. */
    private static List<String> watched(Dataset<Row> stream) {
        Set<String> folders = new TreeSet<>();
        for (LogicalPlan leaf : JavaConverters.seqAsJavaList(stream.queryExecution().analyzed().collectLeaves())) {
            if (leaf instanceof StreamingRelation files && files.dataSource().options().contains("path")) {
                folders.add(files.dataSource().options().apply("path"));
            }
        }
        return List.copyOf(folders);
    }

    /** A manifest names one folder, and what is missing is looked for in one. Who reads no files is let through. */
    private void requireSameFolders(JsonNode before, JsonNode now) {
        if (!before.isEmpty() && !now.isEmpty() && !before.equals(now)) {
            throw new IllegalArgumentException("The table " + table + " holds the photographs of " + names(before) + ", and "
                    + "these are of " + names(now) + ": choose another output");
        }
    }

    private static String names(JsonNode folders) {
        List<String> names = new ArrayList<>();
        folders.forEach(folder -> names.add(folder.asText()));
        return String.join(" and ", names);
    }

    private static String differences(JsonNode before, JsonNode now) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        now.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> name.equals(IMAGES) || before.path(name).equals(now.path(name)));
        return String.join(", ", names.stream()
                .map(name -> name + " (" + told(before.path(name)) + " there, " + told(now.path(name)) + " here)").toList());
    }

    private static String told(JsonNode value) {
        return value.isMissingNode() ? "none" : value.isValueNode() ? value.asText() : value.toString();
    }

    /** Old files of a folder that is not a table of this class would be removed. */
    private void requireEmpty() throws IOException {
        List<String> others = new ArrayList<>();
        for (FileStatus file : listed(table)) {
            String name = file.getPath().getName();
            if (name.equals(WholeTable.SUCCESS)) {
                throw new IllegalArgumentException("The table " + table + " was written as a whole, and nothing can be "
                        + "appended to it: choose another output");
            }
            if (!name.startsWith(MADE_BY) && !name.startsWith("." + MADE_BY)) { // what a run left that died while it wrote it
                others.add(name);
            }
        }
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("The folder " + table + " is no table of appended features: it has no " + MADE_BY
                    + ", and it holds " + others.get(0) + (others.size() == 1 ? "" : " and " + (others.size() - 1) + " more")
                    + "; choose another output");
        }
    }

    private void writeWhole(Path file, byte[] content) throws IOException {
        Path written = file.suffix("-" + UUID.randomUUID());
        try (FSDataOutputStream out = fs.create(written, false)) {
            out.write(content);
        }
        boolean moved;
        try {
            moved = fs.rename(written, file);
        } catch (FileAlreadyExistsException e) {
            moved = false;
        }
        if (!moved) {
            fs.delete(written, false);
            if (!fs.exists(file)) {
                throw new IOException("could not move " + written + " to " + file);
            }
        }
    }

    /**
     * Spark would pass over photographs without a word if one of its two logs were of another age than the other. A batch is
     * first in the offsets, then in the table's log, then in the commits.
     */
    private void requireWhole() throws IOException {
        Path log = new Path(table, LOG_FOLDER);
        Path checkpoint = new Path(table, CHECKPOINT);
        long inTable = latest(log);
        long begun = latest(new Path(checkpoint, "offsets"));
        long ended = latest(new Path(checkpoint, "commits"));
        if (inTable < ended || inTable > begun) {
            throw new IllegalStateException("Nothing can be appended to " + table + ", as photographs would be lost: " + log
                    + (inTable < 0 ? " has no batch" : " ends with batch " + inTable) + ", and " + checkpoint
                    + (begun < 0 ? " has none" : " ends with " + begun)
                    + "; put back the one that was deleted or replaced, or choose another output");
        }
    }

    /** The number of the last batch in a log of Spark's; -1 if there is none. */
    private long latest(Path log) throws IOException {
        return Stream.of(listed(log)).map(file -> BATCH.matcher(file.getPath().getName())).filter(Matcher::matches)
                .mapToLong(name -> Long.parseLong(name.group(1))).max().orElse(-1);
    }

    private FileStatus[] listed(Path directory) throws IOException {
        try {
            return fs.listStatus(directory);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
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
