package verger.progress;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What the driver does that may take more than a second, and is no job of Spark's: it is written down while it lasts, for whoever
 * shows it.
 *
 * <pre>{@code
 * List<File> files = Work.step("listing " + folder, () -> list(folder));   // in there: Work.at(files.size(), 0, "files")
 * }</pre>
 */
public final class Work {

    /** What is done, and returns something. */
    @FunctionalInterface
    public interface Action<T, E extends Exception> {

        T run() throws E;
    }

    /**
     * How far a step is.
     *
     * @param what is done, such as {@code listing data-sample}
     * @param done of what it consists of; 0 where nothing is counted
     * @param all  of them; 0 where nobody knows
     * @param unit what is counted, in the plural
     */
    public record Step(String what, long done, long all, String unit) {
    }

    private static final Deque<Work> OPEN = new ConcurrentLinkedDeque<>();
    private static final ThreadLocal<Work> OF_THREAD = new ThreadLocal<>();

    private volatile Step step;

    private Work(String what) {
        step = new Step(what, 0, 0, "");
    }

    /**
     * Does something, and says so while it lasts.
     *
     * @param what it is, in words that may follow a point: {@code drawing the map}
     */
    public static <T, E extends Exception> T step(String what, Action<T, E> action) throws E {
        Work outer = OF_THREAD.get();
        Work work = new Work(what);
        OPEN.addLast(work);
        OF_THREAD.set(work);
        try {
            return action.run();
        } finally {
            OPEN.remove(work);
            OF_THREAD.set(outer);
        }
    }

    /**
     * The innermost step of this thread is so far; nothing happens where there is none.
     *
     * @param all 0 where nobody knows
     */
    public static void at(long done, long all, String unit) {
        Work work = OF_THREAD.get();
        if (work != null) {
            work.step = new Step(work.step.what, done, all, unit);
        }
    }

    /** What was begun last and is not done, whichever thread does it; null if there is nothing. */
    public static Step now() {
        Work last = OPEN.peekLast();
        return last == null ? null : last.step;
    }
}
