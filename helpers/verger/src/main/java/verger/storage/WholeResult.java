package verger.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.files.LiteralPath;
import verger.files.S3;
import verger.files.UserPath;
import verger.files.WholeTable;

/**
 * The tables of a folder of results, all of one run, also while another run replaces them: a table counts only if the manifest
 * was the same before and after its files were listed.
 */
final class WholeResult {

    private static final long PAUSE_MILLIS = 200;
    private static final int TRIES = 300;

    private final SparkSession spark;
    private final Configuration conf;
    private final FileSystem fs;
    private final Path folder;
    private final byte[] manifest;

    /** @param manifest of the run that is meant */
    WholeResult(SparkSession spark, FileSystem fs, Path folder, byte[] manifest) {
        this.spark = spark;
        this.conf = S3.settings(spark);
        this.fs = fs;
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * The result that is in a folder now; waits up to a minute while a run replaces it.
     *
     * @throws IllegalStateException if there is none
     */
    static WholeResult in(SparkSession spark, FileSystem fs, Path folder) {
        Configuration conf = S3.settings(spark);
        try {
            for (int tried = 1;; tried++) {
                byte[] manifest = ManifestFile.read(fs, new Path(folder, Manifest.FILE));
                if (manifest != null) {
                    return new WholeResult(spark, fs, folder, manifest);
                }
                if (tried == TRIES || !Staging.someReplaces(fs, folder)) {
                    Holder holder = Lease.holderOf(fs, folder);
                    throw new IllegalStateException("There is no whole result at " + UserPath.shown(folder)
                            + ": it has no " + Manifest.FILE + (holder == null ? "; run again"
                                    : ", and a run writes there: " + holder + "; read it when that run has ended"));
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ": " + S3.reason(folder, conf, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the result at " + UserPath.shown(folder)
                    + " is replaced", e);
        }
    }

    /**
     * Reads a table, such as {@code projection.parquet}.
     *
     * @throws IllegalStateException if it is not there or not whole, or if another run has replaced the result
     */
    Dataset<Row> read(String table) {
        Path path = new Path(folder, table);
        Dataset<Row> rows;
        try {
            WholeTable.require(path, conf);
            DataFrameReader reader = spark.read().option(LiteralPath.NO_PATTERNS, false);
            rows = table.endsWith(".json") ? reader.json(path.toString()) : reader.parquet(path.toString());
        } catch (Exception e) { // Spark's that are checked and not declared, too
            requireSame(e);
            throw e;
        }
        requireSame(null);
        return rows;
    }

    /** The names of the files of what was read are of this run: no other one has files of the same names. */
    private void requireSame(Exception failed) {
        byte[] now;
        try {
            now = ManifestFile.read(fs, new Path(folder, Manifest.FILE));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ": " + S3.reason(folder, conf, e), e);
        }
        if (!Arrays.equals(manifest, now)) {
            throw new ResultReplacedException(folder, failed);
        }
    }
}
