package verger.pca;

import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import verger.pca.linalg.Blas;

/** What memory the driver and the executors of a session have, and whether a fit can have it. */
final class MemoryLimits implements Serializable {

    private static final long MIB = 1 << 20;

    /** Spark sets so much aside for itself. */
    private static final long RESERVED = 300 * MIB;

    /** What Spark's cache leaves of the rest: it keeps 0.5 of 0.6, unless told otherwise. */
    private static final double UNCACHED = 0.7;

    private final Process driver;
    private final Process executor;
    private final int tasks;
    private final boolean inJava;

    /**
     * @param driver   the driver
     * @param executor null if tasks run in the driver
     * @param tasks    how many a process runs at a time
     * @param inJava   whether there is no native library: then all memory is heap
     */
    MemoryLimits(Process driver, Process executor, int tasks, boolean inJava) {
        this.driver = driver;
        this.executor = executor;
        this.tasks = tasks;
        this.inJava = inJava;
    }

    /** The memory of a driver or of an executor. */
    @SuppressWarnings("JavaLangClash") // java.lang.Process has no part in this
    static final class Process implements Serializable {
        private final long heap;
        private final long beside;

        /**
         * @param heap   bytes of its heap
         * @param beside bytes of native memory that it may use
         */
        Process(long heap, long beside) {
            this.heap = heap;
            this.beside = beside;
        }

        static Process of(SparkConf conf, String role, long heap, boolean inContainer) {
            if (!inContainer) {
                // As much as JavaCPP gives.
                return new Process(heap, heap);
            }
            double factor = conf.getDouble("spark." + role + ".memoryOverheadFactor", 0.1);
            long overhead = Math.max(384, (long) (factor * heap / MIB));
            return new Process(heap, MIB * conf.getSizeAsMb("spark." + role + ".memoryOverhead", overhead + "m"));
        }
    }

    static MemoryLimits of(SparkContext context) {
        SparkConf conf = context.conf();
        boolean containers = context.master().startsWith("yarn") || context.master().startsWith("k8s");
        Process driver = Process.of(conf, "driver", Runtime.getRuntime().maxMemory(),
                containers && conf.get("spark.submit.deployMode", "client").equals("cluster"));
        Process executor = context.isLocal() ? null
                : Process.of(conf, "executor", MIB * conf.getSizeAsMb("spark.executor.memory", "1g"), containers);
        int cores = context.isLocal() ? SparkContext$.MODULE$.numDriverCores(context.master())
                : conf.getInt("spark.executor.cores", 1);
        return new MemoryLimits(driver, executor, Math.max(1, cores / conf.getInt("spark.task.cpus", 1)),
                !Blas.best().isNative());
    }

    /** One sentence why a fit cannot be, or null if nothing speaks against it: cheap, as it is asked for every row. */
    String refusal(long rows, int features) {
        boolean few = Moments.areFew(rows, features);
        MemoryEstimate need = MemoryEstimate.of(rows, features);
        // A few rows are spread over the tasks.
        long atATime = few ? 1 : tasks;
        long tasksHeap = atATime * need.taskHeap();
        long tasksNative = atATime * need.taskNative();
        boolean local = executor == null;
        long driverHeap = local ? Math.max(need.driverHeap(), tasksHeap) : need.driverHeap();
        long driverNative = local ? Math.max(need.driverNative(), tasksNative) : need.driverNative();
        if (lacks(driver, driverHeap, driverNative)) {
            return what(few, rows, features) + sentence("the driver", driver, driverHeap, driverNative,
                    "spark.driver.memory", "");
        }
        if (!local && lacks(executor, tasksHeap, tasksNative)) {
            return what(few, rows, features) + sentence("an executor of " + tasks + " tasks at a time", executor, tasksHeap,
                    tasksNative, "spark.executor.memory", ", lower spark.executor.cores");
        }
        return null;
    }

    private boolean lacks(Process process, long heap, long beside) {
        return lacksHeap(process, heap, beside) || !inJava && beside > process.beside;
    }

    private boolean lacksHeap(Process process, long heap, long beside) {
        return heap + (inJava ? beside : 0) > UNCACHED * (process.heap - RESERVED);
    }

    private static String what(boolean few, long rows, int features) {
        return "A PCA of " + (few ? rows + " rows of " : "") + "d = " + features + " features ";
    }

    private String sentence(String where, Process process, long heap, long beside, String memory, String orElse) {
        String has = lacksHeap(process, heap, beside)
                ? "a heap of " + MemoryEstimate.mebibytes(process.heap) + ": raise " + memory
                : MemoryEstimate.mebibytes(process.beside) + " beside its heap: raise " + memory + "Overhead";
        return "needs " + MemoryEstimate.mebibytes(heap) + " of heap and " + MemoryEstimate.mebibytes(beside)
                + " of native memory on " + where + ", which has " + has + orElse + ", or fit on fewer features.";
    }
}
