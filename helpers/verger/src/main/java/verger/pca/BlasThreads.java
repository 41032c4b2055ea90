package verger.pca;

import org.bytedeco.openblas.global.openblas;

/**
 * Shares the cores out: one BLAS thread to a Spark task, as tasks fill the cores already; all of them to the
 * decomposition on the driver.
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
        run(1, computation);
    }

    /** Runs on all cores, unless tasks compute in this process. */
    static void alone(Runnable computation) {
        run(Runtime.getRuntime().availableProcessors(), computation);
    }

    private static void run(int threads, Runnable computation) {
        enter(threads);
        try {
            computation.run();
        } finally {
            leave();
        }
    }

    /** From here on, until {@link #leave}, computations of one thread need no other setting: each costs a millisecond. */
    static void enterSingle() {
        enter(1);
    }

    private static synchronized void enter(int threads) {
        if (busy++ == 0) {
            before = openblas.blas_get_num_threads();
            set(threads);
        } else if (threads == 1) {
            set(1);
        }
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
