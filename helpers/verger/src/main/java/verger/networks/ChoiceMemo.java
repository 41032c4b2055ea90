package verger.networks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Remembers choices, so that a notebook which asks again does not search, download or hash again. */
final class ChoiceMemo {

    /**
     * How long a choice holds that was made for want of something better: long enough for the cells of a notebook that
     * run in a row, each of which would wait some seconds for a server; short enough that a network which is back, or
     * weights that have come, are seen without a new kernel.
     */
    static final Duration FALLBACK_LIFE = Duration.ofSeconds(60);

    private record Made(NetworkChoice choice, long at, BooleanSupplier unchanged) {
    }

    /** Makes a choice. */
    interface Maker {
        NetworkChoice make() throws IOException;
    }

    private final Map<List<String>, Made> made = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    ChoiceMemo(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * The choice for a key, made now unless it was made before and holds.
     *
     * @param key all that the choice depends on, the state of the weights' files included
     */
    NetworkChoice get(List<String> key, Maker maker) throws IOException {
        return get(key, maker, () -> true);
    }

    /**
     * The same for a choice that depends on files which are known only once it is made.
     *
     * @param unchanged whether they are still what they were when it was made; asked whenever the choice is
     */
    NetworkChoice get(List<String> key, Maker maker, BooleanSupplier unchanged) throws IOException {
        Made before = made.get(key);
        if (before != null && holds(before)) {
            return before.choice();
        }
        NetworkChoice choice = maker.make();
        made.put(key, new Made(choice, nanoTime.getAsLong(), unchanged));
        return choice;
    }

    private boolean holds(Made before) {
        NetworkChoice choice = before.choice();
        boolean old = nanoTime.getAsLong() - before.at() > FALLBACK_LIFE.toNanos();
        return Files.isRegularFile(Path.of(choice.model())) && !(old && choice.fallback())
                && before.unchanged().getAsBoolean();
    }
}
