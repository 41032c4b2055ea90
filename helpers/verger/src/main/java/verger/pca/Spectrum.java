package verger.pca;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import verger.pca.linalg.Blas;
import verger.pca.linalg.DotProduct;
import verger.pca.linalg.Eigen;
import verger.pca.linalg.Gramian;
import verger.pca.linalg.Packed;
import verger.pca.linalg.Product;
import verger.progress.Work;

/**
 * The principal components of n rows of d features, all min(n − 1, d) of them: the numerical core of the PCA.
 *
 * <p>Row i of the data is {@code mean + Σ score(i, c) · component(c)}. Variances are those of the sample (divisor
 * n − 1). The sign of a component is arbitrary in the algebra; here its largest loading is positive, so that two runs
 * draw the same picture.
 *
 * <p>Not a record, as a model may be broadcast: Spark's Kryo, where it is switched on, cannot read records back.
 */
final class Spectrum implements Serializable {

    /** Below this share of the largest variance the dual's eigenvectors lose digits and are made orthogonal again. */
    private static final double SMALL = 1e-5;

    /** What rounding leaves of a variance of zero, as a share of the largest; more on a large side. */
    private static final double ZERO = 1e-14;

    /** A unit vector shorter than this after orthogonalization lies in the span of the others. */
    private static final double NOTHING = 1e-3;

    /** Loadings that differ by less than this share are equal but for rounding: in double, and of single precision. */
    private static final double TIE = 1e-9;
    private static final double SINGLE_TIE = 1e-4;

    private final long rows;
    private final double[] mean;
    private final double[] variances;
    private final double tie;
    /** The first of them, or all. */
    private double[] components;
    /** What the others are computed from; null if there are none. */
    private Eigen eigen;

    /**
     * @param rows       n
     * @param mean       of each feature, d values
     * @param variances  along each component, descending, never negative
     * @param components column-major d × min(n − 1, d), orthonormal columns (the loadings)
     */
    Spectrum(long rows, double[] mean, double[] variances, double[] components) {
        this(rows, mean, variances, components, null, TIE);
    }

    private Spectrum(long rows, double[] mean, double[] variances, double[] components, Eigen eigen, double tie) {
        this.rows = rows;
        this.mean = mean;
        this.variances = variances;
        this.components = components;
        this.eigen = eigen;
        this.tie = tie;
    }

    long rows() {
        return rows;
    }

    double[] mean() {
        return mean;
    }

    double[] variances() {
        return variances;
    }

    /** All components, column-major d × min(n − 1, d). */
    double[] components() {
        return components(size());
    }

    /**
     * The first components, column-major; more than these if there are more. A few are computed at once; when one beyond
     * them is asked for, all are, once.
     */
    synchronized double[] components(int count) {
        if (eigen != null && Math.multiplyExact(count, features()) > components.length) {
            int wanted = count <= Eigen.FEW ? Math.min(Eigen.FEW, size()) : size();
            double[] more = Work.step("computing " + wanted + " components", () -> eigen.vectors(Blas.best(), wanted));
            fixSigns(more, features(), tie);
            // Those that were handed out stay as they are, to the last digit: rows may be projected on them already.
            System.arraycopy(components, 0, more, 0, components.length);
            components = more;
            if (wanted == size()) {
                eigen = null;
            }
        }
        return components;
    }

    int features() {
        return mean.length;
    }

    /** Number of components: min(n − 1, d). */
    int size() {
        return variances.length;
    }

    /** The most components that rows of features can have. */
    static int most(long rows, int features) {
        return (int) Math.min(rows - 1, features);
    }

    /**
     * Decomposes: the d × d scatter, or with few rows the n × n matrix of the products of the centred rows, which has
     * the same eigenvalues.
     *
     * @param moments of two rows or more
     * @throws IllegalArgumentException if all rows are the same
     */
    static Spectrum of(Moments moments) {
        long n = moments.count();
        int d = moments.features();
        boolean dual = moments.hasAllRows();
        // The scatter before the mean: making it folds in what is outstanding.
        double[] scatter = dual ? null : moments.scatter();
        double[] mean = moments.mean();
        double[] columns = dual ? centredColumns(moments.rows(), mean) : null;
        double[] packed = dual ? productsOfRows(columns, (int) n) : scatter;
        int side = dual ? (int) n : d;
        checkSpread(Packed.trace(packed, side), n, dual ? Moments.isAnyNonzero(columns) : moments.differ());

        Eigen eigen = Work.step("decomposing a matrix of " + side + " × " + side,
                () -> Blas.best().eigen(packed, side, !dual && moments.single()));
        double[] variances = new double[most(n, d)];
        double zero = Math.max(ZERO, side * Math.ulp(1.0)) * eigen.value(0);
        for (int c = 0; c < variances.length; c++) {
            variances[c] = eigen.value(c) <= zero ? 0 : eigen.value(c) / (n - 1);
        }
        if (!dual) {
            return new Spectrum(n, mean, variances, new double[0], eigen, moments.single() ? SINGLE_TIE : TIE);
        }
        double[] components = fromDual(columns, side, eigen.vectors(Blas.best(), variances.length), variances);
        // The products of a few rows are computed in double.
        fixSigns(components, d, TIE);
        return new Spectrum(n, mean, variances, components);
    }

    private static void checkSpread(double trace, long n, boolean differ) {
        if (trace == 0 && differ) {
            throw new IllegalArgumentException(
                    "A PCA needs features of a sensible size: the variance of these is below the smallest number of its "
                            + "precision.");
        }
        if (trace == 0) {
            throw new IllegalArgumentException(
                    "A PCA needs rows that differ: all " + n + " are the same, so their variance is zero.");
        }
        if (!Double.isFinite(trace)) {
            throw new IllegalArgumentException(
                    "A PCA needs features of a sensible size: the variance of these is beyond the largest number of its precision.");
        }
    }

    /** Feature by feature: column-major n × d, centred. */
    private static double[] centredColumns(List<double[]> rows, double[] mean) {
        int n = rows.size();
        double[] columns = new double[Math.multiplyExact(n, mean.length)];
        for (int i = 0; i < n; i++) {
            double[] row = rows.get(i);
            for (int j = 0, at = i; j < mean.length; j++, at += n) {
                columns[at] = row[j] - mean[j];
            }
        }
        return columns;
    }

    private static double[] productsOfRows(double[] columns, int n) {
        double[] packed = new double[Packed.length(n)];
        try (Gramian gramian = Blas.best().gramian(packed, n, false)) {
            for (int at = 0; at < columns.length; at += n) {
                gramian.add(Arrays.copyOfRange(columns, at, at + n));
            }
        }
        return packed;
    }

    /** The eigenvector u of the n × n side gives the component Xᵀu, up to its length. */
    private static double[] fromDual(double[] columns, int n, double[] vectors, double[] variances) {
        int d = columns.length / n;
        double[] flat;
        try (Product transposed = Blas.best().product(columns, n, d)) {
            flat = transposed.times(vectors, variances.length);
        }
        double[][] components = new double[variances.length][];
        int unit = 0;
        for (int c = 0; c < components.length; c++) {
            components[c] = Arrays.copyOfRange(flat, c * d, (c + 1) * d);
            if (variances[c] > 0) {
                normalize(components[c]);
                if (variances[c] < SMALL * variances[0] && !orthogonalize(components, c)) {
                    variances[c] = 0;
                }
            }
            if (variances[c] == 0) {
                // No variance is left, so any direction at right angles to the others will do.
                do {
                    Arrays.fill(components[c], 0);
                    components[c][unit++] = 1;
                } while (!orthogonalize(components, c));
            }
            System.arraycopy(components[c], 0, flat, c * d, d);
        }
        return flat;
    }

    /** Gram–Schmidt, twice ("twice is enough"), against the components before; false if nothing is left of it. */
    private static boolean orthogonalize(double[][] components, int c) {
        double[] own = components[c];
        for (int pass = 0; pass < 2; pass++) {
            for (int b = 0; b < c; b++) {
                double along = DotProduct.of(components[b], 0, own, 0, own.length);
                for (int j = 0; j < own.length; j++) {
                    own[j] -= along * components[b][j];
                }
            }
            if (normalize(own) < NOTHING && pass == 0) {
                return false;
            }
        }
        return true;
    }

    private static double normalize(double[] vector) {
        double length = Math.sqrt(DotProduct.of(vector, 0, vector, 0, vector.length));
        for (int j = 0; j < vector.length; j++) {
            vector[j] /= length;
        }
        return length;
    }

    private static void fixSigns(double[] components, int d, double tie) {
        for (int at = 0; at < components.length; at += d) {
            double largest = 0;
            for (int j = at; j < at + d; j++) {
                largest = Math.max(largest, Math.abs(components[j]));
            }
            // Of loadings that differ by rounding only the first decides: which is largest would be a toss-up.
            int first = at;
            while (Math.abs(components[first]) < largest * (1 - tie)) {
                first++;
            }
            if (components[first] < 0) {
                for (int j = at; j < at + d; j++) {
                    components[j] = -components[j];
                }
            }
        }
    }
}
