package verger.box.s3;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each operation was asked for, those included that were refused for another reason than who asked. */
public final class RequestCounts {

    private static final int REMEMBERED = 10_000;

    private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);
    private final Deque<String> last = new ArrayDeque<>();

    synchronized void count(Operation operation, String key) {
        counts.merge(operation, 1, Integer::sum);
        last.addLast(operation + " " + key);
        if (last.size() > REMEMBERED) {
            last.removeFirst();
        }
    }

    /** What was asked for last, in order: operation, a blank and the key. */
    public synchronized List<String> last() {
        return List.copyOf(last);
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
        last.clear();
    }

    @Override
    public String toString() {
        return all().toString();
    }
}
