package verger.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder that a Spark job has written to its end. */
public final class WholeTable {

    /** The file in a folder that a job writes last. */
    public static final String SUCCESS = "_SUCCESS";

    private WholeTable() {
    }

    /**
     * Makes sure that a table is whole: a job that failed or still runs may have left a part of it, and readers would not see.
     *
     * @throws IllegalStateException if there is no such folder, or no {@code _SUCCESS} in it
     */
    public static void require(Path table, Configuration conf) {
        try {
            FileSystem fs = table.getFileSystem(conf);
            if (fs.exists(new Path(table, SUCCESS))) {
                return;
            }
            throw new IllegalStateException(fs.exists(table)
                    ? table + " is no whole table: it has no " + SUCCESS + ", so the job that wrote it failed or still runs; "
                            + "write it again"
                    : "There is no table at " + table);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + table + ": " + S3.reason(table, conf, e), e);
        }
    }
}
