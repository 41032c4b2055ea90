package verger.pca.linalg;

import java.util.stream.IntStream;

/**
 * The reflections H(1) … H(n − 1) that {@code sytrd} made a matrix tridiagonal with, applied to many vectors at once.
 *
 * <p>So many of them at a time are I − V T Vᵀ, the compact WY form (Schreiber and Van Loan, <i>A storage-efficient WY
 * representation for products of Householder transformations</i>, 1989), and are applied by three products. LAPACK's
 * {@code ormtr} does the same with blocks of 32, in which a product runs at half of its speed.
 */
final class Reflections {

    private static final int BLOCK = 128;

    private final int n;
    private final double[] reflectors;
    private final double[] factors;
    private final boolean single;

    /** Those of a decomposition, in its precision. */
    Reflections(Eigen eigen) {
        this.n = eigen.size();
        this.reflectors = eigen.reflectors();
        this.factors = eigen.factors();
        this.single = eigen.single();
    }

    /**
     * Multiplies vectors, column-major n × count, from the left by H(1) · … · H(n − 1), in place.
     *
     * <p>On all cores, each with some of the vectors.
     */
    void apply(double[] vectors, int count) {
        int shares = Math.min(count, Runtime.getRuntime().availableProcessors());
        try (NativeNumbers changed = NativeNumbers.allocate(single, vectors.length);
                NativeNumbers v = NativeNumbers.allocate(single, (long) n * BLOCK);
                NativeNumbers t = NativeNumbers.allocate(single, (long) BLOCK * BLOCK);
                NativeNumbers along = NativeNumbers.allocate(single, (long) BLOCK * count);
                NativeNumbers weighted = NativeNumbers.allocate(single, (long) BLOCK * count)) {
            for (int c = 0; c < count; c++) {
                changed.put((long) c * n, vectors, c * n, n);
            }
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
                    reflect(v, t, n - 1 - first, width, changed.from((long) n * from + first + 1), to - from,
                            along.from(at), weighted.from(at));
                });
            }
            for (int c = 0; c < count; c++) {
                changed.get((long) c * n, vectors, c * n, n);
            }
        }
    }

    /** C − V T Vᵀ C: V is rows × width, C the last rows of some columns of length n. */
    private void reflect(NativeNumbers v, NativeNumbers t, int rows, int width, NativeNumbers c, int columns,
            NativeNumbers along, NativeNumbers weighted) {
        along.gemm(true, width, columns, rows, 1, v, rows, c, n, 0, width);
        weighted.gemm(false, width, columns, width, 1, t, width, along, width, 0, width);
        c.gemm(false, rows, columns, width, -1, v, rows, weighted, width, 1, n);
    }

    /** The vectors of some reflections as V: the first number of each is 1, and not kept by LAPACK. */
    private void copy(int first, int width, NativeNumbers v) {
        int rows = n - 1 - first;
        double[] column = new double[rows];
        for (int c = 0; c < width; c++) {
            column[c] = 1;
            int below = first + 2 + c;
            System.arraycopy(reflectors, (first + c) * n + below, column, c + 1, n - below);
            v.put((long) c * rows, column, 0, rows);
            column[c] = 0;
        }
    }

    /** T, upper triangular: its column c is −τ(c) T Vᵀv(c) above the diagonal, and τ(c) on it. */
    private void triangle(int first, int width, NativeNumbers v, NativeNumbers t) {
        int rows = n - 1 - first;
        t.gemm(true, width, width, rows, 1, v, rows, v, rows, 0, width);
        double[] products = new double[width * width];
        t.get(0, products, 0, products.length);
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
        t.put(0, triangle, 0, triangle.length);
    }
}
