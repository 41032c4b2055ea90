package verger.pca;

import dev.ludovic.netlib.lapack.LAPACK;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.netlib.util.intW;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's {@code dsyevr}: a native LAPACK where the host
 * has one, its Java translation otherwise, as everywhere in Spark.
 *
 * @param values  the largest eigenvalues, descending
 * @param vectors column-major, one unit eigenvector of n values for each eigenvalue
 */
record Eigen(double[] values, double[] vectors) {

    /** Holds the logger too: java.util.logging would forget an unreferenced one together with its level. */
    private static final class Lapack {
        static final Logger LOGGER = Logger.getLogger("dev.ludovic.netlib.lapack.InstanceBuilder");
        static final LAPACK INSTANCE = quietly();

        private static LAPACK quietly() {
            // Without a native LAPACK the loader warns at length of something that is no fault.
            LOGGER.setLevel(Level.SEVERE);
            return LAPACK.getInstance();
        }
    }

    /**
     * Decomposes.
     *
     * @param lower column-major n × n matrix of which the lower triangle is read; overwritten
     * @param n     rows and columns
     * @param count how many eigenvalues to return, from the largest on
     */
    static Eigen largest(double[] lower, int n, int count) {
        double[] values = new double[n];
        double[] vectors = new double[Math.multiplyExact(n, n)];
        int[] support = new int[2 * n];
        intW found = new intW(0);
        intW info = new intW(0);
        double[] work = new double[1];
        int[] integers = new int[1];
        for (boolean sizing : new boolean[] {true, false}) {
            // "A", all of them: for a part, dsyevr falls back to bisection, which is slower and less orthogonal.
            Lapack.INSTANCE.dsyevr("V", "A", "L", n, lower, n, 0, 0, 0, 0, 0, found, values, vectors, n,
                    support, work, sizing ? -1 : work.length, integers, sizing ? -1 : integers.length, info);
            if (sizing) {
                work = new double[(int) work[0]];
                integers = new int[integers[0]];
            }
        }
        if (info.val != 0 || found.val != n) {
            throw new ArithmeticException("LAPACK dsyevr found " + found.val + " of " + n
                    + " eigenvectors of a " + n + " × " + n + " matrix (info = " + info.val + ").");
        }
        return new Eigen(reversed(values, count), reversed(vectors, n, count));
    }

    private static double[] reversed(double[] ascending, int count) {
        double[] descending = new double[count];
        for (int i = 0; i < count; i++) {
            descending[i] = ascending[ascending.length - 1 - i];
        }
        return descending;
    }

    private static double[] reversed(double[] columns, int n, int count) {
        double[] reversed = new double[Math.multiplyExact(n, count)];
        for (int i = 0; i < count; i++) {
            System.arraycopy(columns, (n - 1 - i) * n, reversed, i * n, n);
        }
        return reversed;
    }
}
