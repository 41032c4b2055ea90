package verger.images.decoding;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/** Lets so many pictures be decoded at a time as memory is there for, in the order in which they came. */
final class Turns {

    /** Memory that all decoding of a JVM may take, which the arithmetic of EMR's executors counts (helpers/emr). */
    static final long ALL = 700_000_000;

    /** Of pictures that take more than this there is one at a time. */
    static final long LARGE = 100_000_000;

    /** Semaphores count to 2³¹ at most. */
    private static final int UNIT = 1000;

    static final Turns DECODING = new Turns();

    private final Semaphore memory = new Semaphore((int) (ALL / UNIT), true);
    private final Semaphore large = new Semaphore(1, true);

    /** Gives back what was taken. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits until there is so much memory.
     *
     * @param bytes {@link #ALL} at most
     * @throws CancellationException if the task is ended while it waits
     */
    Turn take(long bytes) {
        if (bytes > ALL) {
            throw new IllegalArgumentException(bytes + " bytes are more than all decoding may take, " + ALL);
        }
        int units = (int) (bytes / UNIT) + (bytes % UNIT == 0 ? 0 : 1);
        boolean isLarge = bytes > LARGE;
        try {
            if (isLarge) {
                large.acquire();
            }
            try {
                memory.acquire(units);
            } catch (InterruptedException e) {
                if (isLarge) {
                    large.release();
                }
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while it waited for memory to decode a picture");
        }
        return () -> {
            memory.release(units);
            if (isLarge) {
                large.release();
            }
        };
    }

    /** Bytes that nobody has taken. */
    long free() {
        return (long) memory.availablePermits() * UNIT;
    }
}
