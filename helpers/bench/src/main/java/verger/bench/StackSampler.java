package verger.bench;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Looks at all threads ten times a second and notes which routines of BLAS and LAPACK they are in: the evidence of what
 * a contestant ran on.
 */
final class StackSampler implements AutoCloseable {

    private static final String NETLIB = "dev.ludovic.netlib.";
    private static final String OPENBLAS = "org.bytedeco.openblas.global.";
    private static final long PAUSE_MILLIS = 100;

    private final Set<String> seen;
    private final Thread thread = new Thread(this::sample, "stack sampler");

    /**
     * Samples until it is closed.
     *
     * @param seen to which {@code Class.routine} is added
     */
    StackSampler(Set<String> seen) {
        this.seen = seen;
        thread.setDaemon(true);
        thread.start();
    }

    /** A set that it can add to while others read. */
    static Set<String> noneSeen() {
        return new ConcurrentSkipListSet<>();
    }

    private void sample() {
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                Thread.getAllStackTraces().values().forEach(this::note);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void note(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String name = frame.getClassName();
            if (name.startsWith(NETLIB) || name.startsWith(OPENBLAS)) {
                // The innermost one is enough: those below it call each other through layers.
                seen.add(name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName());
                return;
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
