package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.files.LiteralPath;
import verger.files.LocalPath;
import verger.files.S3;
import verger.files.UserPath;

/** Streams the files of a folder by Spark's own source, which remembers in its checkpoint what it has seen. */
final class WatchedFolder {

    private static final StructType BINARY_FILE = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("modificationTime", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false)
            .add("content", DataTypes.BinaryType);

    private static final String NOT_THERE = "there is no folder of that name; a folder has to be there to be watched";

    private static final int FILES_OF_A_TASK = 64;
    /** A batch has no more tasks, however large it is: each task is work for the driver. */
    private static final int MOST_TASKS = 1024;

    private WatchedFolder() {
    }

    static Dataset<Row> stream(SparkSession spark, String folder, int filesPerBatch, Pattern labelPattern) {
        Watched watched = existing(folder, S3.settings(spark));
        Dataset<Row> files = spark.readStream().format("binaryFile").schema(BINARY_FILE)
                .option("recursiveFileLookup", true)
                .option("maxFilesPerTrigger", filesPerBatch)
                // Spark would pass over files that are a week older than the newest: a copied photograph keeps its date.
                .option("maxFileAge", "36500d")
                // One that was listed and is gone would stop this stream, and every one that is started in its place.
                .option("ignoreMissingFiles", true)
                .options(watched.settings())
                .load(watched.pattern());
        Column path = functions.col("path");
        Dataset<Row> listed = files.select(
                origin(path).as("origin"),
                label(path, labelPattern).as("label"),
                functions.col("modificationTime").as("modified"),
                functions.col("length"),
                path);
        // Spark packs thirty files into a task, whatever they weigh, and each task would write a file.
        Dataset<Row> shared = listed.repartition(tasks(spark, filesPerBatch));
        ReadPath read = new ReadPath(new ReadFile(spark, watched.place()));
        return shared.withColumn("content",
                functions.udf(read, DataTypes.BinaryType).apply(functions.col("origin"), functions.col("length"))).drop("path");
    }

    /** A cluster that lends executors as they are needed has few at first, and lends more for tasks that wait. */
    private static int tasks(SparkSession spark, int filesPerBatch) {
        int full = (filesPerBatch - 1) / FILES_OF_A_TASK + 1;
        return Math.max(spark.sparkContext().defaultParallelism(), Math.min(full, MOST_TASKS));
    }

    /** Returns the origin as {@link ListedFile#origin} gives it. */
    private static Column origin(Column path) {
        return functions.regexp_replace(path, "^file:(//(?=/))?", "");
    }

    private static Column label(Column path, Pattern pattern) {
        UDF1<String, String> label = pattern == null ? Images::folder : origin -> ImageReader.label(pattern, origin);
        return functions.udf(label, DataTypes.StringType).apply(pattern == null ? path : origin(path));
    }

    /**
     * @param pattern  what Spark is told to watch. It would take brackets in the name of a folder for a pattern
     * @param place    that has to be there
     * @param settings of Hadoop
     */
    private record Watched(String pattern, String place, Map<String, String> settings) {
    }

    private static Watched existing(String folder, Configuration conf) {
        Path path = null;
        try {
            if (UserPath.isLocal(folder, conf)) {
                return local(folder);
            }
            path = UserPath.of(folder);
            FileSystem fs = S3.fileSystem(path, conf);
            Path qualified = fs.makeQualified(path);
            if (fs.exists(path)) {
                return new Watched(LiteralPath.of(qualified.toString()), qualified.toString(), Map.of());
            }
            FileStatus[] matches = fs.globStatus(path);
            if (matches == null || matches.length == 0) {
                throw new IOException(NOT_THERE);
            }
            return new Watched(qualified.toString(), HadoopFiles.withoutPattern(qualified).toString(), Map.of());
        } catch (FileNotFoundException e) {
            throw cannotWatch(folder, NOT_THERE, e);
        } catch (IOException | IllegalArgumentException e) {
            throw cannotWatch(folder, path == null ? e.getMessage() : S3.reason(path, conf, e), e);
        }
    }

    private static IllegalArgumentException cannotWatch(String folder, String why, Exception e) {
        return new IllegalArgumentException("Cannot watch the images at " + folder + ": " + why, e);
    }

    private static Watched local(String folder) throws IOException {
        LocalMatches matches = LocalFiles.matches(folder);
        String place = LocalPath.origin(matches.place());
        if (place.startsWith("file:")) {
            throw new IOException("Spark cannot watch a folder whose name is no UTF-8: rename it");
        }
        // As tables of earlier versions have it, for which Spark itself watched the folder.
        String known = matches.isOne() ? "file:" + LiteralPath.of(place) : folder;
        return new Watched(WatchedFiles.ROOT.toString(), place, WatchedFiles.settings(folder, known));
    }
}
