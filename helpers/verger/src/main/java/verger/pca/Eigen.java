package verger.pca;

import java.io.Serializable;

/**
 * The eigenvalues of a symmetric n × n matrix, and its eigenvectors as they are asked for.
 *
 * <p>In the three steps of LAPACK's {@code dsyevd}: reflections make the matrix tridiagonal ({@code dsytrd}), divide and
 * conquer decomposes that ({@code dstedc}), and the reflections take its vectors back ({@code dormtr}). The last step is
 * half of the work if all vectors take it, and next to nothing for a few.
 */
final class Eigen implements Serializable {

    private final int n;
    private final double[] values;
    private final double[] reflectors;
    private final double[] factors;
    private final double[] vectors;

    /**
     * What the first two steps left.
     *
     * @param values     ascending
     * @param reflectors column-major n × n, and {@code factors}, n − 1: as {@code dsytrd} leaves them below the diagonal
     * @param vectors    column-major n × n, those of the tridiagonal matrix
     */
    Eigen(double[] values, double[] reflectors, double[] factors, double[] vectors) {
        this.n = values.length;
        this.values = values;
        this.reflectors = reflectors;
        this.factors = factors;
        this.vectors = vectors;
    }

    /** Doubles of work that {@code dstedc} asks for; n is at most {@link Packed#MOST}. */
    static int workLength(int n) {
        return 1 + 4 * n + n * n;
    }

    /** Integers of work that {@code dstedc} asks for. */
    static int integerWorkLength(int n) {
        return 3 + 5 * n;
    }

    /** Throws if a routine of LAPACK says that it failed. */
    static void check(String routine, int info, int n) {
        if (info != 0) {
            throw new ArithmeticException("LAPACK " + routine + " did not decompose a " + n + " × " + n
                    + " matrix (info = " + info + ").");
        }
    }

    int size() {
        return n;
    }

    double[] reflectors() {
        return reflectors;
    }

    double[] factors() {
        return factors;
    }

    /** The c-th eigenvalue, the largest first. */
    double value(int c) {
        return values[n - 1 - c];
    }

    /**
     * Unit eigenvectors, that of the largest value first.
     *
     * @param blas  what computes them
     * @param from  the first of them
     * @param count how many
     * @return column-major n × count
     */
    double[] vectors(Blas blas, int from, int count) {
        double[] chosen = new double[Math.multiplyExact(n, count)];
        for (int c = 0; c < count; c++) {
            System.arraycopy(vectors, (n - 1 - from - c) * n, chosen, c * n, n);
        }
        blas.reflect(this, chosen, count);
        return chosen;
    }
}
