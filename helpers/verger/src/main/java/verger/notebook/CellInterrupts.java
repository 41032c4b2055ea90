package verger.notebook;

import java.lang.reflect.Field;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Has an interrupt of a cell cancel its Spark jobs: the kernel by itself interrupts the thread that waits for them, and the
 * cluster goes on.
 *
 * <p>The kernel has no hook for it, but it runs what a cell evaluates in an executor service and cancels its futures when it
 * is interrupted: so that service is replaced by one whose futures cancel Spark's jobs as well.
 */
final class CellInterrupts {

    private static final Logger LOG = LoggerFactory.getLogger(CellInterrupts.class);

    private static final long PAUSE_MILLIS = 100;

    private CellInterrupts() {
    }

    /**
     * Cancels from now on.
     *
     * @param before done by the thread of each statement before it runs, where Spark does
     */
    static void cancelSparkJobs(BaseKernel kernel, Consumer<SparkContext> before) {
        try {
            Object evaluator = KernelParts.evaluator(kernel);
            Object control = KernelParts.field(evaluator, "execControl").get(evaluator);
            Field executor = KernelParts.field(control, "executor");
            executor.set(control, new Evaluations((ExecutorService) executor.get(control), before));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("An interrupt will not cancel Spark jobs: this kernel is not the JJava that Verger knows ({})", e.toString());
        }
    }

    private static SparkContext context() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        return active.isEmpty() || active.get().isStopped() ? null : active.get();
    }

    /** What one statement of a cell does, in a thread of its own. */
    private static final class Evaluation<T> extends FutureTask<T> {

        private final String tag = "verger-" + UUID.randomUUID();
        private final Consumer<SparkContext> before;
        private volatile boolean ended;

        Evaluation(Callable<T> statement, Consumer<SparkContext> before) {
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
            try {
                super.run();
            } finally {
                ended = true;
                if (context != null && !context.isStopped()) {
                    context.removeJobTag(tag); // the thread serves other cells
                }
            }
        }

        @Override
        public boolean cancel(boolean interrupt) {
            if (interrupt && !isDone()) {
                sayWhatIsCancelled();
            }
            boolean cancelled = super.cancel(interrupt);
            if (cancelled && interrupt) {
                SparkContext context = context();
                if (context != null) {
                    context.cancelAllJobs();
                }
                Thread late = new Thread(this::cancelLateJobs, "verger-interrupt");
                late.setDaemon(true);
                late.start();
            }
            return cancelled;
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
    }

    /** The kernel's own executor service, with evaluations for its futures. */
    private static final class Evaluations extends AbstractExecutorService {

        private final ExecutorService own;
        private final Consumer<SparkContext> before;

        Evaluations(ExecutorService own, Consumer<SparkContext> before) {
            this.own = own;
            this.before = before;
        }

        @Override
        protected <T> RunnableFuture<T> newTaskFor(Callable<T> statement) {
            return new Evaluation<>(statement, before);
        }

        @Override
        public void execute(Runnable evaluation) {
            own.execute(evaluation);
        }

        @Override
        public void shutdown() {
            own.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return own.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return own.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return own.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return own.awaitTermination(timeout, unit);
        }
    }
}
