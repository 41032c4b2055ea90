package verger.notebook;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
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
 * <p>The kernel has no hook for it. It walks its map of running evaluations when it is interrupted, and nothing else does,
 * so that map is replaced by one that notices the walk.
 */
final class CellInterrupts {

    private static final Logger LOG = LoggerFactory.getLogger(CellInterrupts.class);

    /** How long an interrupted cell may still be on its way to a job: one that it submits before it sees the interrupt. */
    private static final long LATE_JOBS_MILLIS = 2000;
    private static final long PAUSE_MILLIS = 100;

    private CellInterrupts() {
    }

    static void cancelSparkJobs(BaseKernel kernel) {
        try {
            Object evaluator = kernel.getClass().getMethod("getEvaluator").invoke(kernel);
            Object control = field(evaluator, "execControl").get(evaluator);
            Field running = field(control, "running");
            running.set(control, new Evaluations((Map<?, ?>) running.get(control)));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("An interrupt will not cancel Spark jobs: this kernel is not the JJava that Verger knows ({})", e.toString());
        }
    }

    private static Field field(Object owner, String name) throws NoSuchFieldException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static final class Evaluations extends ConcurrentHashMap<Object, Object> {

        private static final long serialVersionUID = 1L;

        Evaluations(Map<?, ?> running) {
            super(running);
        }

        @Override
        public void forEach(BiConsumer<? super Object, ? super Object> cancel) {
            super.forEach(cancel);
            int jobs = cancelAll();
            if (jobs > 0) {
                LOG.warn("Interrupted: {} cancelled", jobs == 1 ? "a Spark job is" : jobs + " Spark jobs are");
            }
            Thread late = new Thread(this::cancelLateJobs, "verger-interrupt");
            late.setDaemon(true);
            late.start();
        }

        private void cancelLateJobs() {
            long end = System.nanoTime() + LATE_JOBS_MILLIS * 1_000_000;
            try {
                // The jobs of a next cell are not this one's.
                while (isEmpty() && System.nanoTime() < end) {
                    cancelAll();
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int cancelAll() {
        Option<SparkContext> context = SparkContext$.MODULE$.getActive();
        if (context.isEmpty() || context.get().isStopped()) {
            return 0;
        }
        int jobs = context.get().statusTracker().getActiveJobIds().length;
        if (jobs > 0) {
            context.get().cancelAllJobs();
        }
        return jobs;
    }
}
