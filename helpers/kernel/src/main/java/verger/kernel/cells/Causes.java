package verger.kernel.cells;

import java.util.ArrayList;
import java.util.List;

/** Reads exceptions that users wrote: their causes may go in a circle, and what they say of themselves may throw. */
public final class Causes {

    private Causes() {
    }

    /** The exception and its causes, without end in a circle. */
    public static List<Throwable> of(Throwable e) {
        List<Throwable> found = new ArrayList<>();
        for (Throwable cause = e; cause != null && !isIn(found, cause); cause = next(cause)) {
            found.add(cause);
        }
        return found;
    }

    /** By identity, as {@code equals} may be a user's, too. */
    private static boolean isIn(List<Throwable> found, Throwable e) {
        return found.stream().anyMatch(each -> each == e);
    }

    /** The cause of an exception, or what it threw when it was asked for that; null if it has none. */
    public static Throwable next(Throwable e) {
        try {
            return e.getCause();
        } catch (RuntimeException | Error broken) {
            return broken;
        }
    }

    /** What the exception says, or that it cannot say it; null if it says nothing. */
    public static String message(Throwable e) {
        try {
            return e.getMessage();
        } catch (RuntimeException | Error broken) {
            return "its message cannot be read: getMessage() threw " + broken.getClass().getSimpleName();
        }
    }
}
