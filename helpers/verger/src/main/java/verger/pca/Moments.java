package verger.pca;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Count, mean and scatter (the sum of the outer products of centred rows) of rows that arrive one by one and in
 * partitions.
 *
 * <p>As long as there are no more rows than features the rows themselves are kept: they are smaller than the scatter,
 * and {@link Spectrum} then works on the n × n side. Beyond that they are folded into the d × d scatter, block by
 * block. Means and scatters of two parts are merged as in Chan, Golub and LeVeque, <i>Algorithms for computing the
 * sample variance</i> (1983), eq. 2.1, which never subtracts two large sums: an offset of 10⁶ costs no digits.
 *
 * <p>Two passes over the data would be simpler, but here a pass may run a network on every image again.
 */
final class Moments implements Serializable {

    private static final int BLOCK = 64;
    /** A full square matrix of more columns has no Java array. */
    private static final int MOST_FEATURES = 46_340;

    private final int features;
    /** Rows not yet folded into the scatter. */
    private List<double[]> rows = new ArrayList<>();
    private long folded;
    private double[] mean;
    private double[] scatter;

    Moments(int features) {
        this.features = features;
    }

    int features() {
        return features;
    }

    long count() {
        return folded + rows.size();
    }

    /** True while every row is still here. */
    boolean hasAllRows() {
        return scatter == null;
    }

    /** The rows not yet folded; all of them if {@link #hasAllRows()}. */
    List<double[]> rows() {
        return rows;
    }

    /** Adds a row; the array is kept, not copied. */
    void add(double[] row) {
        rows.add(row);
        if (rows.size() >= BLOCK && !(hasAllRows() && rows.size() <= features)) {
            fold();
        }
    }

    /** Adds the rows of another part. */
    void merge(Moments other) {
        if (hasAllRows() && other.hasAllRows()) {
            rows.addAll(other.rows);
            if (rows.size() > Math.max(features, BLOCK)) {
                fold();
            }
        } else {
            fold();
            other.fold();
            if (other.folded > 0) {
                if (folded == 0) {
                    mean = other.mean.clone();
                    scatter = other.scatter.clone();
                    folded = other.folded;
                } else {
                    for (int i = 0; i < scatter.length; i++) {
                        scatter[i] += other.scatter[i];
                    }
                    PackedSymmetric.addOuterProducts(scatter, new double[][] {mergeMean(other.mean, other.folded)}, 1);
                }
            }
        }
    }

    /** The mean of all rows; none of them may be folded yet, or all. */
    double[] mean() {
        return hasAllRows() ? meanOf(rows, features) : mean;
    }

    /** The packed d × d scatter of all rows. */
    double[] scatter() {
        fold();
        return scatter;
    }

    private void fold() {
        if (scatter == null) {
            if (features > MOST_FEATURES) {
                throw new IllegalArgumentException("A PCA of more rows than features holds at most " + MOST_FEATURES
                        + " features: got " + features + "; fit on fewer rows than that, or on smaller features.");
            }
            scatter = new double[PackedSymmetric.length(features)];
            mean = new double[features];
        }
        for (int from = 0; from < rows.size(); from += BLOCK) {
            foldBlock(rows.subList(from, Math.min(rows.size(), from + BLOCK)));
        }
        rows = new ArrayList<>();
    }

    private void foldBlock(List<double[]> block) {
        double[] blockMean = meanOf(block, features);
        double[][] centred = new double[block.size() + 1][];
        for (int r = 0; r < block.size(); r++) {
            centred[r] = minus(block.get(r), blockMean);
        }
        // The shift of the mean is one row more.
        int count = block.size();
        if (folded == 0) {
            System.arraycopy(blockMean, 0, mean, 0, features);
            folded = count;
        } else {
            centred[count] = mergeMean(blockMean, count);
            count++;
        }
        PackedSymmetric.addOuterProducts(scatter, centred, count);
    }

    /** Moves the mean and the count; returns the vector whose outer product the scatter grows by. */
    private double[] mergeMean(double[] otherMean, long otherCount) {
        double total = folded + otherCount;
        double weight = Math.sqrt(folded * (otherCount / total));
        double[] shift = new double[features];
        for (int j = 0; j < features; j++) {
            double delta = otherMean[j] - mean[j];
            mean[j] += delta * (otherCount / total);
            shift[j] = weight * delta;
        }
        folded += otherCount;
        return shift;
    }

    /** Summed as differences from the first row: exact for constant columns, and right for large offsets. */
    private static double[] meanOf(List<double[]> rows, int features) {
        double[] first = rows.get(0);
        double[] sum = new double[features];
        for (double[] row : rows) {
            for (int j = 0; j < features; j++) {
                sum[j] += row[j] - first[j];
            }
        }
        for (int j = 0; j < features; j++) {
            sum[j] = first[j] + sum[j] / rows.size();
        }
        return sum;
    }

    static double[] minus(double[] row, double[] mean) {
        double[] centred = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            centred[j] = row[j] - mean[j];
        }
        return centred;
    }
}
