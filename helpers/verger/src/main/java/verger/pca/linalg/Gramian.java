package verger.pca.linalg;

/**
 * Sums the outer products of vectors with themselves, a block of them at a time: the one heavy product of a PCA.
 *
 * <p>In single precision a sum goes on in double after some blocks, so that its rounding does not grow with the rows.
 * Not for several threads.
 */
public abstract class Gramian implements AutoCloseable {

    /** Vectors that are multiplied at once: enough for a BLAS to be at its best, few enough to stay in the cache. */
    public static final int BLOCK = 256;

    /** Blocks whose sum a native library may hold in single precision: it adds up the products of a block first. */
    static final int NATIVE_SINGLE = 32;

    /** In Java each product is added to the sum at once, and each time it is rounded. */
    static final int JAVA_SINGLE = 1;

    static final int ALL = Integer.MAX_VALUE;

    final int side;
    private final double[] packed;
    private final int mostBlocks;
    private int waiting;
    private int blocks;

    /**
     * Sums into {@code packed}, see {@link Packed}; it is complete once this is closed.
     *
     * @param mostBlocks after how many the sum goes on in double
     */
    Gramian(double[] packed, int side, int mostBlocks) {
        this.packed = packed;
        this.side = side;
        this.mostBlocks = mostBlocks;
    }

    /** Adds the outer product of a vector, which is copied. */
    public final void add(double[] vector) {
        store(vector, waiting);
        if (++waiting == BLOCK) {
            multiply();
        }
    }

    private void multiply() {
        if (waiting > 0) {
            syrk(waiting, blocks > 0);
            waiting = 0;
            if (++blocks == mostBlocks) {
                drain();
            }
        }
    }

    private void drain() {
        if (blocks > 0) {
            double[] column = new double[side];
            for (int j = 0, at = 0; j < side; j++) {
                column(j, column);
                for (int i = 0; i < side - j; i++, at++) {
                    packed[at] += column[i];
                }
            }
            blocks = 0;
        }
    }

    @Override
    public final void close() {
        multiply();
        drain();
        free();
    }

    /** Copies a vector to a place of the block. */
    abstract void store(double[] vector, int place);

    /** Multiplies the first vectors of the block; adds to the sums of before if they still count. */
    abstract void syrk(int count, boolean add);

    /** Copies the {@code side − j} sums of column j, from the diagonal downwards. */
    abstract void column(int j, double[] to);

    /** Gives the memory back without completing the sum. */
    public abstract void free();
}
