package verger.notebook;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * Says how long something takes in a cell.
 *
 * <pre>{@code
 * PrincipalComponentsModel cut = Timed.print("k = 12", () -> model.cut(12));   // k = 12 in 0.2 ms
 * }</pre>
 *
 * <p>A clock read by two statements of a cell would count what lies between them: the kernel compiles each statement by
 * itself, a tenth of a second of it.
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
