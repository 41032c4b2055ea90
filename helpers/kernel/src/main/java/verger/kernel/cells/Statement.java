package verger.kernel.cells;

import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * What one statement of a cell does, in a thread of its own. An interrupt ends its Spark jobs too: to interrupt the thread that
 * waits for them alone would let the cluster go on.
 */
public final class Statement<T> extends FutureTask<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Statement.class);

    private static final long PAUSE_MILLIS = 100;

    private static final ThreadLocal<Statement<?>> OF_THREAD = new ThreadLocal<>();

    private final String tag = "verger-" + UUID.randomUUID();
    private final Consumer<SparkContext> before;
    private volatile boolean ended;

    Statement(Callable<T> statement, Consumer<SparkContext> before) {
        super(statement);
        this.before = before;
    }

    @Override
    public void run() {
        SparkContext context = context();
        if (context != null) {
            before.accept(context);
            context.addJobTag(tag);
        }
        OF_THREAD.set(this);
        try {
            super.run();
        } finally {
            OF_THREAD.remove();
            ended = true;
            if (context != null && !context.isStopped()) {
                context.removeJobTag(tag); // the thread serves other cells
            }
        }
    }

    /** Whether the statement that this thread runs was interrupted, though it goes on. */
    public static boolean isInterrupted() {
        Statement<?> statement = OF_THREAD.get();
        return statement != null && statement.isCancelled();
    }

    /** Ends the thread and the Spark jobs; does nothing if the statement has ended. */
    void interrupt() {
        if (!isDone()) {
            sayWhatIsCancelled();
        }
        if (cancel(true)) {
            SparkContext context = context();
            if (context != null) {
                context.cancelAllJobs();
            }
            Thread late = new Thread(this::cancelLateJobs, "verger-interrupt");
            late.setDaemon(true);
            late.start();
        }
    }

    /** Before the cell ends: what is printed later is not the cell's any more. */
    private static void sayWhatIsCancelled() {
        SparkContext context = context();
        int jobs = context == null ? 0 : context.statusTracker().getActiveJobIds().length;
        if (jobs > 0) {
            LOG.warn("Interrupted: {} cancelled", jobs == 1 ? "a Spark job is" : jobs + " Spark jobs are");
        }
    }

    /** Jobs that the interrupted thread submits on its way out; by their tag, for those of the next cell are not its own. */
    private void cancelLateJobs() {
        try {
            boolean all = false;
            while (!all && context() != null) {
                all = ended; // what it submitted before it ended is cancelled below
                context().cancelJobsWithTag(tag);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException | RuntimeException e) {
            // the kernel or Spark is ending
        }
    }

    private static SparkContext context() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        return active.isEmpty() || active.get().isStopped() ? null : active.get();
    }
}
