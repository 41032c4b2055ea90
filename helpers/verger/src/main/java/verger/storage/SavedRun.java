package verger.storage;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.files.S3;
import verger.files.UserPath;

/**
 * The results of one {@link Run} in their place, whole, as the next person will find them.
 *
 * <pre>{@code
 * SavedRun saved = SavedRun.open(spark, "out/fruits");
 * Dataset<Row> features = saved.read("features.parquet");
 * Dataset<Row> projection = saved.read("projection.parquet");   // of the same run, or an error
 * }</pre>
 */
public final class SavedRun {

    private final Path folder;
    private final WholeResult result;

    SavedRun(Path folder, WholeResult result) {
        this.folder = folder;
        this.result = result;
    }

    /**
     * Opens what a run has published; waits up to a minute while another run replaces it.
     *
     * @param output folder of the results: a path or any Hadoop URI
     * @throws IllegalArgumentException if it cannot be read
     * @throws IllegalStateException    if there is no whole result in it
     */
    public static SavedRun open(SparkSession spark, String output) {
        Configuration conf = S3.settings(spark);
        Path path;
        try {
            path = UserPath.of(output, conf);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read results at " + output + ": " + e.getMessage(), e);
        }
        try {
            FileSystem fs = S3.fileSystem(path, conf);
            Path folder = fs.makeQualified(path);
            return new SavedRun(folder, WholeResult.in(spark, fs, folder));
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read results at " + output + ": " + S3.reason(path, conf, e), e);
        }
    }

    /** The folder, as a person would type it. */
    public String location() {
        return UserPath.shown(folder);
    }

    /**
     * Reads a table, such as {@code projection.parquet}. Its files are those of this run; if they go while the rows are read, since
     * another run replaces the result, Spark says that a file is missing.
     *
     * @throws IllegalStateException if it is not there or not whole, or if another run has replaced the result
     */
    public Dataset<Row> read(String table) {
        return result.read(table);
    }

    @Override
    public String toString() {
        return "Saved to " + location();
    }
}
