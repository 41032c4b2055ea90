package verger.pca;

/**
 * Sums outer products into the upper triangle of a symmetric matrix, which is the one heavy loop of a PCA.
 *
 * <p>The triangle is packed row by row, {@code (0,0) (0,1) … (0,n−1) (1,1) …}: what LAPACK calls the packed
 * <em>lower</em> triangle of a column-major matrix.
 */
final class PackedSymmetric {

    private PackedSymmetric() {
    }

    /** Number of values in the packed triangle of an n × n matrix. */
    static int length(int n) {
        return Math.toIntExact((long) n * (n + 1) / 2);
    }

    /**
     * Adds the outer product of each vector with itself.
     *
     * @param packed  the packed triangle of an n × n matrix, added to
     * @param vectors vectors of n values
     * @param count   how many of the vectors count
     */
    static void addOuterProducts(double[] packed, double[][] vectors, int count) {
        if (count == 0) {
            return;
        }
        double[] none = new double[vectors[0].length];
        // A block of vectors stays in the cache while the matrix streams by; four at a time save three of four
        // reads and writes of the matrix.
        for (int from = 0; from < count; from += 64) {
            int to = Math.min(count, from + 64);
            for (int i = 0, row = 0; i < none.length; row += none.length - i, i++) {
                for (int v = from; v < to; v += 4) {
                    addRow(packed, row - i, i,
                            vectors[v],
                            v + 1 < to ? vectors[v + 1] : none,
                            v + 2 < to ? vectors[v + 2] : none,
                            v + 3 < to ? vectors[v + 3] : none);
                }
            }
        }
    }

    private static void addRow(double[] packed, int base, int i, double[] a, double[] b, double[] c, double[] d) {
        double ai = a[i];
        double bi = b[i];
        double ci = c[i];
        double di = d[i];
        for (int j = i; j < a.length; j++) {
            packed[base + j] += ai * a[j] + bi * b[j] + ci * c[j] + di * d[j];
        }
    }

    /** The full column-major matrix, of which only the lower triangle is filled, as LAPACK's {@code uplo = "L"} reads it. */
    static double[] lowerTriangle(double[] packed, int n) {
        double[] full = new double[Math.multiplyExact(n, n)];
        for (int i = 0, row = 0; i < n; row += n - i, i++) {
            System.arraycopy(packed, row, full, i * n + i, n - i);
        }
        return full;
    }
}
