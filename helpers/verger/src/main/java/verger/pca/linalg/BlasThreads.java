package verger.pca.linalg;

import org.bytedeco.openblas.global.openblas;

/**
 * Keeps the BLAS to the thread that calls it: Spark's tasks fill the cores already, and where the driver's decomposition
 * uses more than one, the threads are ours ({@link Reflections}), as those of a BLAS wait for one another spinning.
 *
 * <p>OpenBLAS has one number of threads for the whole process, and ND4J uses the same OpenBLAS: what was set before is
 * set again when nobody here computes any more.
 */
final class BlasThreads {

    private static int busy;
    private static int before;

    private BlasThreads() {
    }

    /** Runs on the caller's thread only. */
    static void single(Runnable computation) {
        enter();
        try {
            computation.run();
        } finally {
            leave();
        }
    }

    /** From here on, until {@link #leave}, computations need no other setting: each costs a millisecond. */
    static synchronized void enter() {
        if (busy++ == 0) {
            before = openblas.blas_get_num_threads();
        }
        // Again, as something else may have set it meanwhile.
        set(1);
    }

    static synchronized void leave() {
        if (--busy == 0) {
            set(before);
        }
    }

    private static void set(int threads) {
        if (openblas.blas_get_num_threads() != threads) {
            openblas.blas_set_num_threads(threads);
        }
    }
}
