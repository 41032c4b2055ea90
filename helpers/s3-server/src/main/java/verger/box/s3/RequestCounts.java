package verger.box.s3;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How often each operation was asked for, those included that were refused for another reason than who asked. */
public final class RequestCounts {

    private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);

    synchronized void count(Operation operation) {
        counts.merge(operation, 1, Integer::sum);
    }

    /** Requests of an operation since the start, or since {@link #reset}. */
    public synchronized int of(Operation operation) {
        return counts.getOrDefault(operation, 0);
    }

    /** Those that were asked for at all. */
    public synchronized Map<Operation, Integer> all() {
        return new TreeMap<>(counts);
    }

    /** Counts from 0 again. */
    public synchronized void reset() {
        counts.clear();
    }

    @Override
    public String toString() {
        return all().toString();
    }
}
