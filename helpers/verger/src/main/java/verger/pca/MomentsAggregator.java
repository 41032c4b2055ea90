package verger.pca;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Gathers in one pass over the rows: their moments, how many of them are null, and the first one that cannot be used.
 *
 * <p>A bad row is carried home as text rather than thrown: a task that throws is tried four times, and its sentence
 * then drowns in a stack trace.
 */
final class MomentsAggregator implements Serializable {

    private final String column;
    private final boolean single;
    private final MemoryLimits limits;
    private final long expected;
    private Moments moments;
    private long skipped;
    private String problem;

    /**
     * Begins without rows.
     *
     * @param column   name of the features, for messages
     * @param single   whether to multiply in single precision
     * @param expected how many rows there are in all, null ones included; 0 if that is not known
     */
    MomentsAggregator(String column, boolean single, MemoryLimits limits, long expected) {
        this.column = column;
        this.single = single;
        this.limits = limits;
        this.expected = expected;
    }

    /** Gathers a partition of rows of features and, where there is a second field, their origin. */
    static final class Gather implements FlatMapFunction<Iterator<InternalRow>, MomentsAggregator> {
        private final FeatureColumn features;
        private final MomentsAggregator none;

        Gather(FeatureColumn features, MomentsAggregator none) {
            this.features = features;
            this.none = none;
        }

        @Override
        public Iterator<MomentsAggregator> call(Iterator<InternalRow> rows) {
            MomentsAggregator gathered = new MomentsAggregator(none.column, none.single, none.limits, none.expected);
            try {
                while (rows.hasNext() && gathered.problem == null) {
                    gathered.add(features, rows.next());
                }
                gathered.close();
            } finally {
                // Of a task that fails or is killed on the way, too.
                gathered.free();
            }
            return List.of(gathered).iterator();
        }
    }

    private void add(FeatureColumn features, InternalRow row) {
        if (row.isNullAt(0)) {
            skipped++;
            return;
        }
        double[] values = features.values(row);
        if (moments == null) {
            if (values.length == 0) {
                problem = nameOf(row) + " has no features in column \"" + column + "\".";
                return;
            }
            moments = new Moments(values.length, single);
        }
        if (values.length != moments.features()) {
            problem = nameOf(row) + " has " + values.length + " features in column \"" + column
                    + "\", and others have " + moments.features() + ": all rows need the same number.";
            return;
        }
        for (int j = 0; j < values.length; j++) {
            if (!Double.isFinite(values[j])) {
                problem = nameOf(row) + " has " + (features.isNull(row, j) ? "null" : values[j]) + " for feature " + j
                        + " of column \"" + column
                        + "\": a PCA needs finite numbers, so mend or drop the row (a null row is skipped).";
                return;
            }
        }
        // Of rows that are counted the first one tells, before any work.
        problem = limits.refusal(Math.max(expected, moments.count() + 1), values.length);
        if (problem == null) {
            moments.add(values);
        }
    }

    private void close() {
        if (problem != null) {
            free();
            moments = null;
        } else if (moments != null && Moments.areFew(expected, moments.features())) {
            moments.close();
        } else if (moments != null) {
            moments.foldAll();
        }
    }

    private void free() {
        if (moments != null) {
            moments.free();
        }
    }

    /** Adds the rows of another part, which are used up. */
    MomentsAggregator merge(MomentsAggregator other) {
        skipped += other.skipped;
        if (problem == null) {
            problem = other.problem;
        }
        if (problem != null) {
            moments = null;
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
            problem = limits.refusal(moments.count() + other.moments.count(), moments.features());
            if (problem == null) {
                moments.merge(other.moments);
            }
        }
        return this;
    }

    /**
     * The moments of the rows that are not null.
     *
     * @throws IllegalArgumentException if a row cannot be used, there are fewer than two, or there is too little memory
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

    private String nameOf(InternalRow row) {
        if (row.numFields() > 1 && !row.isNullAt(1)) {
            return row.getUTF8String(1).toString();
        }
        long before = (moments == null ? 0 : moments.count()) + skipped;
        return "Row " + (before + 1) + " of partition " + TaskContext.getPartitionId();
    }
}
