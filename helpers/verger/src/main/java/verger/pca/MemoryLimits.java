package verger.pca;

import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** What memory a session's driver and executors have, and whether a fit can have it. */
final class MemoryLimits implements Serializable {

    private static final long MIB = 1 << 20;

    /** Set aside by Spark for itself. */
    private static final long RESERVED = 300 * MIB;

    private final long driver;
    private final long executor;
    private final long overhead;
    private final int tasks;

    /**
     * Limits.
     *
     * @param driver   heap of the driver, in bytes
     * @param executor heap of an executor; 0 if tasks run in the driver
     * @param overhead native memory that an executor may use
     * @param tasks    how many an executor runs at a time
     */
    MemoryLimits(long driver, long executor, long overhead, int tasks) {
        this.driver = driver;
        this.executor = executor;
        this.overhead = overhead;
        this.tasks = tasks;
    }

    static MemoryLimits of(SparkContext context) {
        SparkConf conf = context.conf();
        long driver = Runtime.getRuntime().maxMemory();
        int tasks = Math.max(1, (context.isLocal() ? context.defaultParallelism() : conf.getInt("spark.executor.cores", 1))
                / conf.getInt("spark.task.cpus", 1));
        if (context.isLocal()) {
            return new MemoryLimits(driver, 0, driver, tasks);
        }
        long executor = MIB * conf.getSizeAsMb("spark.executor.memory", "1g");
        boolean inContainers = context.master().startsWith("yarn") || context.master().startsWith("k8s");
        // Spark's own defaults of the overhead; elsewhere JavaCPP allows as much as the heap.
        long overhead = inContainers
                ? MIB * conf.getSizeAsMb("spark.executor.memoryOverhead", Math.max(384, executor / 10 / MIB) + "m")
                : executor;
        return new MemoryLimits(driver, executor, overhead, tasks);
    }

    /** One sentence why a fit cannot be, or null if nothing speaks against it. */
    String refusal(long rows, int features) {
        boolean few = Moments.areFew(rows, features);
        if (!few && features > Packed.MOST) {
            return "A PCA has at most " + Packed.MOST + " features, unless there are twice as many of them as rows: got "
                    + features + " features; fit on fewer rows or on fewer features.";
        }
        MemoryEstimate need = MemoryEstimate.of(rows, features);
        boolean local = executor == 0;
        long driverHeap = Math.max(need.driverHeap(), local ? tasks * need.taskHeap() : 0);
        long driverNative = Math.max(need.driverNative(), local ? tasks * need.taskNative() : 0);
        if (driverHeap > driver - RESERVED || driverNative > driver) {
            return refusal(few, rows, features, driverHeap, driverNative, "the driver, which has a heap of "
                    + MemoryEstimate.mebibytes(driver) + ": raise spark.driver.memory");
        }
        if (!local && tasks * need.taskHeap() > executor - RESERVED) {
            return refusal(few, rows, features, tasks * need.taskHeap(), tasks * need.taskNative(), "an executor of " + tasks
                    + " tasks at a time, which has a heap of " + MemoryEstimate.mebibytes(executor)
                    + ": raise spark.executor.memory, lower spark.executor.cores");
        }
        if (!local && tasks * need.taskNative() > overhead) {
            return refusal(few, rows, features, tasks * need.taskHeap(), tasks * need.taskNative(), "an executor of " + tasks
                    + " tasks at a time, which has " + MemoryEstimate.mebibytes(overhead)
                    + " beside its heap: raise spark.executor.memoryOverhead, lower spark.executor.cores");
        }
        return null;
    }

    private static String refusal(boolean few, long rows, int features, long heap, long offHeap, String where) {
        return "A PCA of " + (few ? rows + " rows of " : "") + "d = " + features + " features needs " + MemoryEstimate.mebibytes(heap) + " of heap and "
                + MemoryEstimate.mebibytes(offHeap) + " of native memory on " + where
                + ", or fit on fewer features.";
    }
}
