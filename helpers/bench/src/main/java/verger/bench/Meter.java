package verger.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Takes the time of a piece of work: the wall's, the process' and that of the Spark tasks which it starts. */
final class Meter {

    /**
     * What a piece of work took, in seconds.
     *
     * @param wall  by the clock
     * @param cpu   of the whole process: tasks, driver, garbage collector and compiler
     * @param tasks CPU of the threads that ran its Spark tasks
     */
    record Time(double wall, double cpu, double tasks) {
    }

    /** A result and what it took. */
    record Timed<T>(T result, Time time) {
    }

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final double NANOS = 1e9;

    private final SparkContext context;
    private final AtomicLong taskNanos = new AtomicLong();

    Meter(SparkContext context) {
        this.context = context;
        context.addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskMetrics() != null) {
                    taskNanos.addAndGet(end.taskMetrics().executorCpuTime());
                }
            }
        });
    }

    /** Does the work, from a collected heap on: nobody is to pay for the garbage of the one before. */
    <T> Timed<T> time(Supplier<T> work) {
        System.gc();
        awaitEvents();
        taskNanos.set(0);
        long cpu = PROCESS.getProcessCpuTime();
        long wall = System.nanoTime();
        T result = work.get();
        double wallSeconds = (System.nanoTime() - wall) / NANOS;
        double cpuSeconds = (PROCESS.getProcessCpuTime() - cpu) / NANOS;
        awaitEvents();
        return new Timed<>(result, new Time(wallSeconds, cpuSeconds, taskNanos.get() / NANOS));
    }

    /** Listeners hear of a task some time after it has ended. */
    private void awaitEvents() {
        try {
            context.listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new IllegalStateException("Spark's listeners do not keep up.", e);
        }
    }
}
