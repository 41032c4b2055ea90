package verger.pca;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/**
 * The reflections H(1) … H(n − 1) that {@code dsytrd} made a matrix tridiagonal with, applied to many vectors at once.
 *
 * <p>So many of them at a time are I − V T Vᵀ, the compact WY form (Schreiber and Van Loan, <i>A storage-efficient WY
 * representation for products of Householder transformations</i>, 1989), and are applied by three products. LAPACK's
 * {@code dormtr} does the same with blocks of 32, in which a product runs at half of its speed.
 */
final class Reflections {

    private static final int BLOCK = 128;

    private final int n;
    private final double[] reflectors;
    private final double[] factors;

    /** What {@code dsytrd} left below the diagonal, column-major n × n, and its n − 1 factors. */
    Reflections(Eigen eigen) {
        this.n = eigen.size();
        this.reflectors = eigen.reflectors();
        this.factors = eigen.factors();
    }

    /**
     * Multiplies vectors, column-major n × count, from the left by H(1) · … · H(n − 1), in place.
     *
     * <p>On all cores, each with some of the vectors.
     */
    void apply(DoublePointer vectors, int count) {
        int shares = Math.min(count, Runtime.getRuntime().availableProcessors());
        try (DoublePointer v = new DoublePointer((long) n * BLOCK);
                DoublePointer t = new DoublePointer((long) BLOCK * BLOCK);
                DoublePointer along = new DoublePointer((long) BLOCK * count);
                DoublePointer weighted = new DoublePointer((long) BLOCK * count)) {
            for (int start = (n - 2) / BLOCK * BLOCK; start >= 0; start -= BLOCK) {
                int first = start;
                int width = Math.min(BLOCK, n - 1 - first);
                copy(first, width, v);
                triangle(first, width, v, t);
                IntStream.range(0, shares).parallel().forEach(share -> {
                    int from = (int) ((long) count * share / shares);
                    int to = (int) ((long) count * (share + 1) / shares);
                    long at = (long) BLOCK * from;
                    // The first row that they change is the one below the diagonal.
                    reflect(v, t, n - 1 - first, width, vectors.getPointer((long) n * from + first + 1), to - from,
                            along.getPointer(at), weighted.getPointer(at));
                });
            }
        }
    }

    /** C − V T Vᵀ C: V is rows × width, C the last rows of some columns of length n. */
    private void reflect(DoublePointer v, DoublePointer t, int rows, int width, DoublePointer c, int columns,
            DoublePointer along, DoublePointer weighted) {
        openblas.cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, width, columns, rows, 1, v, rows, c, n, 0, along, width);
        openblas.cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, width, columns, width, 1, t, width, along, width,
                0, weighted, width);
        openblas.cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, rows, columns, width, -1, v, rows, weighted, width,
                1, c, n);
    }

    /** The vectors of some reflections as V: the first number of each is 1, and not kept by LAPACK. */
    private void copy(int first, int width, DoublePointer v) {
        int rows = n - 1 - first;
        double[] column = new double[rows];
        for (int c = 0; c < width; c++) {
            column[c] = 1;
            int below = first + 2 + c;
            System.arraycopy(reflectors, (first + c) * n + below, column, c + 1, n - below);
            v.position((long) c * rows).put(column, 0, rows);
            column[c] = 0;
        }
        v.position(0);
    }

    /** T, upper triangular: its column c is −τ(c) T Vᵀv(c) above the diagonal, and τ(c) on it. */
    private void triangle(int first, int width, DoublePointer v, DoublePointer t) {
        int rows = n - 1 - first;
        openblas.cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, width, width, rows, 1, v, rows, v, rows, 0, t, width);
        double[] products = new double[width * width];
        t.get(products);
        double[] triangle = new double[width * width];
        for (int c = 0; c < width; c++) {
            double factor = factors[first + c];
            for (int j = 0; j < c; j++) {
                double product = -factor * products[c * width + j];
                for (int i = 0; i <= j; i++) {
                    triangle[c * width + i] += triangle[j * width + i] * product;
                }
            }
            triangle[c * width + c] = factor;
        }
        t.put(triangle);
    }
}
