package verger.pca;

/**
 * The eigenvalues and eigenvectors of a symmetric n × n matrix.
 *
 * @param values  all n of them, descending
 * @param vectors column-major n × n, one unit eigenvector for each eigenvalue
 */
record Eigen(double[] values, double[] vectors) {

    /** Doubles of work that LAPACK's {@code dsyevd} asks for; n is at most {@link Packed#MOST}. */
    static int workLength(int n) {
        return 1 + 6 * n + 2 * n * n;
    }

    /** Integers of work that LAPACK's {@code dsyevd} asks for. */
    static int integerWorkLength(int n) {
        return 3 + 5 * n;
    }

    /**
     * What {@code dsyevd} left, the largest first.
     *
     * @param info    its code of return
     * @param values  ascending; reversed in place
     * @param vectors in the same order; reversed in place
     */
    static Eigen of(int info, double[] values, double[] vectors) {
        int n = values.length;
        if (info != 0) {
            throw new ArithmeticException("LAPACK dsyevd did not find the eigenvectors of a " + n + " × " + n
                    + " matrix (info = " + info + ").");
        }
        double[] vector = new double[n];
        for (int first = 0, last = n - 1; first < last; first++, last--) {
            double value = values[first];
            values[first] = values[last];
            values[last] = value;
            System.arraycopy(vectors, first * n, vector, 0, n);
            System.arraycopy(vectors, last * n, vectors, first * n, n);
            System.arraycopy(vector, 0, vectors, last * n, n);
        }
        return new Eigen(values, vectors);
    }
}
