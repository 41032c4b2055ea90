package verger.pca;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * What one pass over the rows gathers: their moments, how many were null, and the first row that cannot be used.
 *
 * <p>A bad row is carried home as text rather than thrown: a task that throws is tried four times, and its sentence
 * then drowns in a stack trace.
 */
final class FeatureRows implements Serializable {

    private final String column;
    private Moments moments;
    private long skipped;
    private String problem;

    FeatureRows(String column) {
        this.column = column;
    }

    /** Adds a row of features and, if it has a second field, its origin. */
    FeatureRows add(Row row) {
        if (problem != null) {
            return this;
        }
        if (row.isNullAt(0)) {
            skipped++;
            return this;
        }
        double[] values = row.<Vector>getAs(0).toArray();
        if (moments == null) {
            if (values.length == 0) {
                problem = nameOf(row) + " has a vector of no features in column \"" + column + "\".";
                return this;
            }
            moments = new Moments(values.length);
        }
        if (values.length != moments.features()) {
            problem = nameOf(row) + " has " + values.length + " features in column \"" + column
                    + "\", and others have " + moments.features() + ": all rows need the same number.";
            return this;
        }
        for (int j = 0; j < values.length; j++) {
            if (!Double.isFinite(values[j])) {
                problem = nameOf(row) + " has " + values[j] + " for feature " + j + " of column \"" + column
                        + "\": a PCA needs finite numbers, so mend or drop the row (null is skipped).";
                return this;
            }
        }
        moments.add(values);
        return this;
    }

    /** Adds the rows of another part. */
    FeatureRows merge(FeatureRows other) {
        skipped += other.skipped;
        if (problem == null) {
            problem = other.problem;
        }
        if (problem != null || other.moments == null) {
            return this;
        }
        if (moments == null) {
            moments = other.moments;
        } else if (moments.features() != other.moments.features()) {
            problem = "Column \"" + column + "\" has rows of " + moments.features() + " features and rows of "
                    + other.moments.features() + ": all rows need the same number.";
        } else {
            moments.merge(other.moments);
        }
        return this;
    }

    /**
     * The moments of the rows that are not null.
     *
     * @throws IllegalArgumentException if a row cannot be used, or there are fewer than two
     */
    Moments usable() {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        long count = moments == null ? 0 : moments.count();
        if (count < 2) {
            throw new IllegalArgumentException("A PCA needs at least two rows: got " + count
                    + (skipped == 0 ? "." : ", and " + skipped + " with null in column \"" + column + "\"."));
        }
        return moments;
    }

    long skipped() {
        return skipped;
    }

    private String nameOf(Row row) {
        if (row.size() > 1 && !row.isNullAt(1)) {
            return row.getString(1);
        }
        long before = (moments == null ? 0 : moments.count()) + skipped;
        return "Row " + (before + 1) + " of partition " + TaskContext.getPartitionId();
    }
}
