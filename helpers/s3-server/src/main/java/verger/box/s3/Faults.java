package verger.box.s3;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** What goes wrong on purpose, so that tests see what a client makes of it. Nothing does before a test says so. */
public final class Faults {

    private final AtomicLong made = new AtomicLong();
    private volatile Choice choice = (operation, key) -> null;

    private interface Choice {
        Fault of(Operation operation, String key);
    }

    /**
     * From now on a share of the requests goes wrong.
     *
     * @param share      0 to 1
     * @param seed       of the choice: the same for the same requests in the same order
     * @param operations of these; of all, if there are none
     */
    public void share(double share, long seed, Fault fault, Operation... operations) {
        Random random = new Random(seed);
        Set<Operation> only = Set.of(operations);
        choice = (operation, key) -> {
            if (!only.isEmpty() && !only.contains(operation)) {
                return null;
            }
            synchronized (random) {
                return random.nextDouble() < share ? fault : null;
            }
        };
    }

    /** From now on the objects of some keys are answered so; the function gives null for all others. */
    public void ofObjects(Function<String, Fault> faults) {
        choice = (operation, key) -> operation == Operation.GET_OBJECT ? faults.apply(key) : null;
    }

    /** From now on all goes well. */
    public void none() {
        choice = (operation, key) -> null;
        made.set(0);
    }

    /** The number of requests that went wrong since {@link #none}. */
    public long made() {
        return made.get();
    }

    /** What is to go wrong with this request; null if nothing. */
    Fault of(Operation operation, String key) {
        Fault fault = choice.of(operation, key);
        if (fault != null) {
            made.incrementAndGet();
        }
        return fault;
    }
}
