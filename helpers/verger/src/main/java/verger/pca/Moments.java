package verger.pca;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import verger.pca.linalg.Blas;
import verger.pca.linalg.Gramian;
import verger.pca.linalg.Packed;

/**
 * Count, mean and scatter (the sum of the outer products of centred rows) of rows that arrive one by one and in
 * partitions.
 *
 * <p>As long as there are few rows, half as many as features, the rows themselves are kept: they are smaller than the
 * scatter, and {@link Spectrum} then works on the n × n side. Beyond that they are folded into the d × d scatter, block
 * by block. Means and scatters of two parts are merged as in Chan, Golub and LeVeque, <i>Algorithms for computing the
 * sample variance</i> (1983), eq. 2.1, which never subtracts two large sums: an offset of 10⁶ costs no digits.
 *
 * <p>Two passes over the data would be simpler, but here a pass may run a network on every image again.
 */
final class Moments implements Serializable {

    /** All but the scatter, which Java would write a number at a time: that took longer than the products. */
    @SuppressWarnings("unused") // Java reads it by its name
    private static final ObjectStreamField[] serialPersistentFields = {
        new ObjectStreamField("features", int.class),
        new ObjectStreamField("single", boolean.class),
        new ObjectStreamField("rows", List.class),
        new ObjectStreamField("folded", long.class),
        new ObjectStreamField("differ", boolean.class),
        new ObjectStreamField("mean", double[].class)};

    /** Numbers of the scatter that are written at once. */
    private static final int CHUNK = 8192;

    private final int features;
    private final boolean single;
    /** Rows not yet folded into the scatter. */
    private List<double[]> rows = new ArrayList<>();
    private long folded;
    /** Whether a folded row was another than the rest, if by so little that its square is zero. */
    private boolean differ;
    private double[] mean;
    /** See {@link Packed}; without what is still in {@link #open}. */
    private double[] scatter;
    private transient Gramian open;

    /**
     * Begins without rows.
     *
     * @param features d
     * @param single   whether to multiply in single precision
     */
    Moments(int features, boolean single) {
        this.features = features;
        this.single = single;
    }

    int features() {
        return features;
    }

    /** Whether the scatter is summed in single precision. */
    boolean single() {
        return single;
    }

    long count() {
        return folded + rows.size();
    }

    /** True while every row is still here. */
    boolean hasAllRows() {
        return scatter == null;
    }

    /** Whether the folded rows are not all the same. */
    boolean differ() {
        return differ;
    }

    /** The rows not yet folded; all of them if {@link #hasAllRows()}. */
    List<double[]> rows() {
        return rows;
    }

    /** Whether so many rows are kept as they are. */
    static boolean areFew(long rows, int features) {
        return 2 * rows <= features;
    }

    /** Adds a row; the array is kept, not copied. */
    void add(double[] row) {
        rows.add(row);
        if (hasAllRows() ? !areFew(rows.size(), features) : rows.size() >= Gramian.BLOCK) {
            fold();
        }
    }

    /** Ends the adding of rows of which there are many in all: folds even a part with few. */
    void foldAll() {
        fold();
        close();
    }

    /** Gives native memory back, for a task that does not come to its end. */
    void free() {
        if (open != null) {
            open.free();
            open = null;
        }
    }

    /** Ends the adding of rows: after it, and only then, this can travel. */
    void close() {
        if (!hasAllRows()) {
            fold();
        }
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** Adds the rows of another part, which are used up. */
    void merge(Moments other) {
        if (hasAllRows() && other.hasAllRows()) {
            rows.addAll(other.rows);
            if (!areFew(rows.size(), features)) {
                foldAll();
            }
            return;
        }
        if (hasAllRows()) {
            swap(other);
        }
        if (other.hasAllRows()) {
            rows.addAll(other.rows);
            close();
        } else {
            close();
            other.close();
            differ |= other.differ;
            Packed.add(scatter, other.scatter, mergeMean(other.mean, other.folded));
        }
    }

    /** So that the smaller side, the one with rows, is added to the other. */
    private void swap(Moments other) {
        List<double[]> own = rows;
        rows = other.rows;
        folded = other.folded;
        differ = other.differ;
        mean = other.mean;
        scatter = other.scatter;
        open = other.open;
        other.rows = own;
        other.folded = 0;
        other.differ = false;
        other.mean = null;
        other.scatter = null;
        other.open = null;
    }

    /** The mean of all rows; none of them may be folded yet, or all. */
    double[] mean() {
        return hasAllRows() ? meanOf(rows, features) : mean;
    }

    /** The packed d × d scatter of all rows. */
    double[] scatter() {
        foldAll();
        return scatter;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        out.writeBoolean(hasAllRows());
        if (!hasAllRows()) {
            byte[] bytes = new byte[CHUNK * Double.BYTES];
            DoubleBuffer doubles = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
            for (int at = 0; at < scatter.length; at += CHUNK) {
                int length = Math.min(CHUNK, scatter.length - at);
                doubles.rewind().put(scatter, at, length);
                out.write(bytes, 0, length * Double.BYTES);
            }
        }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        if (!in.readBoolean()) {
            scatter = new double[Packed.length(features)];
            byte[] bytes = new byte[CHUNK * Double.BYTES];
            DoubleBuffer doubles = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
            for (int at = 0; at < scatter.length; at += CHUNK) {
                int length = Math.min(CHUNK, scatter.length - at);
                in.readFully(bytes, 0, length * Double.BYTES);
                doubles.rewind().get(scatter, at, length);
            }
        }
    }

    private void fold() {
        if (scatter == null) {
            scatter = new double[Packed.length(features)];
            mean = new double[features];
        }
        if (rows.isEmpty()) {
            return;
        }
        if (open == null) {
            open = Blas.best().gramian(scatter, features, single);
        }
        for (int from = 0; from < rows.size(); from += Gramian.BLOCK) {
            foldBlock(rows.subList(from, Math.min(rows.size(), from + Gramian.BLOCK)));
        }
        rows = new ArrayList<>();
    }

    private void foldBlock(List<double[]> block) {
        double[] blockMean = meanOf(block, features);
        double[] centred = new double[features];
        for (double[] row : block) {
            subtract(row, blockMean, centred);
            differ = differ || isAnyNonzero(centred);
            open.add(centred);
        }
        if (folded == 0) {
            mean = blockMean;
            folded = block.size();
        } else {
            // The shift of the mean is one row more.
            open.add(mergeMean(blockMean, block.size()));
        }
    }

    /** Moves the mean and the count; returns the vector whose outer product the scatter grows by. */
    private double[] mergeMean(double[] otherMean, long otherCount) {
        double total = folded + otherCount;
        double weight = Math.sqrt(folded * (otherCount / total));
        double[] shift = new double[features];
        for (int j = 0; j < features; j++) {
            double delta = otherMean[j] - mean[j];
            differ |= delta != 0;
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

    static boolean isAnyNonzero(double[] values) {
        for (double value : values) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    private static void subtract(double[] row, double[] mean, double[] centred) {
        for (int j = 0; j < row.length; j++) {
            centred[j] = row[j] - mean[j];
        }
    }
}
