package verger.pca;

/**
 * Sums the outer products of vectors with themselves, a block of them at a time: the one heavy product of a PCA.
 *
 * <p>In single precision a sum goes on in double after some blocks, so that its rounding does not grow with the rows.
 * Not for several threads.
 */
abstract class Gramian implements AutoCloseable {

    /** Vectors that are multiplied at once: enough for a BLAS to be at its best, few enough to stay in the cache. */
    static final int BLOCK = 256;

    private static final int SINGLE_BLOCKS = 32;

    final int side;
    private final double[] packed;
    private final int mostBlocks;
    private int waiting;
    private int blocks;

    /** Sums into {@code packed}, see {@link Packed}; it is complete once this is closed. */
    Gramian(double[] packed, int side, boolean single) {
        this.packed = packed;
        this.side = side;
        mostBlocks = single ? SINGLE_BLOCKS : Integer.MAX_VALUE;
    }

    /** Adds the outer product of a vector, which is copied. */
    final void add(double[] vector) {
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

    abstract void free();
}
