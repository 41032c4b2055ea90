package verger.storage;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The results of a {@link Run} in their place, whole, as the next person will find them. */
public final class SavedRun {

    private final Results results;

    SavedRun(Results results) {
        this.results = results;
    }

    /** The folder, as a person would type it. */
    public String location() {
        return results.location();
    }

    /**
     * Reads a table, such as {@code projection.parquet}.
     *
     * @throws IllegalStateException if it is not there or not whole
     */
    public Dataset<Row> read(String table) {
        return results.read(table);
    }

    @Override
    public String toString() {
        return "Saved to " + location();
    }
}
