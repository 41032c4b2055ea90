package verger.pca;

/** Multiplies one matrix, which it holds, with others; by several threads at once if they like. */
interface Product extends AutoCloseable {

    /**
     * The product {@code leftᵀ · right}.
     *
     * @param right column-major, as many rows as the left matrix has
     * @param columns of the right matrix
     * @return column-major, as many rows as the left matrix has columns
     */
    double[] times(double[] right, int columns);

    @Override
    void close();
}
