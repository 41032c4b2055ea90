package verger.pca.linalg;

/**
 * A symmetric matrix of which only the lower triangle is kept, column after column, as LAPACK packs it: what travels
 * between executors is half as large as the square.
 */
public final class Packed {

    /** The largest side of which LAPACK's {@code dstedc} can count its 1 + 4n + n² numbers of work in an int. */
    static final int MOST = 46_338;

    private Packed() {
    }

    /**
     * Number of values of the triangle of an n × n matrix.
     *
     * @throws IllegalArgumentException if LAPACK cannot decompose such a matrix, n being above {@link #MOST}
     */
    public static int length(int n) {
        if (n > MOST) {
            throw new IllegalArgumentException("A matrix of " + n + " × " + n + " is too large for LAPACK, which takes "
                    + MOST + " × " + MOST + " at most: fit on fewer features");
        }
        return (int) ((long) n * (n + 1) / 2);
    }

    /** Where column j begins, at its element (j, j). */
    static int column(int n, int j) {
        return (int) ((long) j * (2L * n - j + 1) / 2);
    }

    /** Adds another matrix and the outer product of a vector with itself. */
    public static void add(double[] packed, double[] other, double[] vector) {
        for (int j = 0, at = 0; j < vector.length; j++) {
            double factor = vector[j];
            for (int i = j; i < vector.length; i++, at++) {
                packed[at] += other[at] + factor * vector[i];
            }
        }
    }

    /** The sum of the diagonal. */
    public static double trace(double[] packed, int n) {
        double trace = 0;
        for (int j = 0; j < n; j++) {
            trace += packed[column(n, j)];
        }
        return trace;
    }
}
