package verger.pca.linalg;

/** Holds a matrix and multiplies it with others. Several threads may use it at once. */
public interface Product extends AutoCloseable {

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
