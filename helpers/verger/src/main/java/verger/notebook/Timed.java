package verger.notebook;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * Prints how long something in a cell takes.
 *
 * <pre>{@code
 * PrincipalComponentsModel cut = Timed.print("k = 12", () -> model.cut(12));   // k = 12 in 0.2 ms
 * }</pre>
 *
 * <p>Two statements of a cell that read a clock would also count the tenth of a second between them, in which the kernel
 * compiles the second one.
 */
public final class Timed {

    private Timed() {
    }

    /** Does the work, prints {@code what} and the wall time in seconds or milliseconds, and returns the result. */
    public static <T> T print(String what, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        System.out.println(what + " in " + text(System.nanoTime() - start));
        return result;
    }

    static String text(long nanoseconds) {
        return nanoseconds < 100_000_000
                ? String.format(Locale.ROOT, "%.1f ms", nanoseconds / 1e6)
                : String.format(Locale.ROOT, "%.2f s", nanoseconds / 1e9);
    }
}
