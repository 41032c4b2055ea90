package verger.pca;

import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;

/** What memory a session's driver and executors have, and whether a fit can have it. */
final class MemoryLimits implements Serializable {

    private static final long MIB = 1 << 20;

    /** Set aside by Spark for itself. */
    private static final long RESERVED = 300 * MIB;

    /** What Spark's cache leaves of the rest: it keeps 0.5 of 0.6, unless told otherwise. */
    private static final double UNCACHED = 0.7;

    private final Process driver;
    private final Process executor;
    private final int tasks;
    private final long result;
    private final boolean inJava;
    private final int parts;

    /**
     * Limits.
     *
     * @param executor null if tasks run in the driver
     * @param tasks    how many a process runs at a time
     * @param result   the largest result that the driver takes, in bytes
     * @param inJava   whether there is no native library: then all memory is heap
     */
    MemoryLimits(Process driver, Process executor, int tasks, long result, boolean inJava) {
        this(driver, executor, tasks, result, inJava, 1);
    }

    private MemoryLimits(Process driver, Process executor, int tasks, long result, boolean inJava, int parts) {
        this.driver = driver;
        this.executor = executor;
        this.tasks = tasks;
        this.result = result;
        this.inJava = inJava;
        this.parts = parts;
    }

    /** The same where the driver is sent the matrices of so many parts, not one. */
    MemoryLimits ofParts(int parts) {
        return new MemoryLimits(driver, executor, tasks, result, inJava, parts);
    }

    /** A driver or executor. */
    static final class Process implements Serializable {
        private final long heap;
        private final long beside;

        /**
         * A process.
         *
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
        long result = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
        return new MemoryLimits(driver, executor, Math.max(1, tasks(context, containers)),
                result == 0 ? Long.MAX_VALUE : result, Blas.best() instanceof JavaBlas);
    }

    private static int tasks(SparkContext context, boolean containers) {
        SparkConf conf = context.conf();
        if (context.isLocal() || containers || conf.contains("spark.executor.cores")) {
            int cores = context.isLocal() ? SparkContext$.MODULE$.numDriverCores(context.master())
                    : conf.getInt("spark.executor.cores", 1);
            return cores / conf.getInt("spark.task.cpus", 1);
        }
        // An executor of Spark's own cluster has all cores of its worker: those that are there tell how many.
        int all = context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
        int executors = context.getExecutorMemoryStatus().size() - 1;
        return (int) Math.ceil(all / (double) Math.max(1, executors));
    }

    /** One sentence why a fit cannot be, or null if nothing speaks against it: cheap, as it is asked for every row. */
    String refusal(long rows, int features) {
        boolean few = Moments.areFew(rows, features);
        double most = few ? (double) rows * features : features;
        if (most > (few ? Integer.MAX_VALUE : Packed.MOST)) {
            return what(few, rows, features) + "is too large: " + (few ? "all its numbers are at most " + Integer.MAX_VALUE
                    : "with more than half as many rows, features are at most " + Packed.MOST)
                    + "; fit on fewer rows or on fewer features.";
        }
        MemoryEstimate need = MemoryEstimate.of(rows, features);
        // A few rows are spread over the tasks.
        long atATime = few ? 1 : tasks;
        long tasksHeap = atATime * need.taskHeap();
        long tasksNative = atATime * need.taskNative();
        boolean local = executor == null;
        double triangle = Double.BYTES * (double) features * (features + 1) / 2;
        // What arrives is there as bytes and as numbers.
        long received = few ? 0 : (long) (2 * parts * triangle);
        long driverHeap = Math.max(Math.max(need.driverHeap(), received), local ? tasksHeap : 0);
        long driverNative = local ? Math.max(need.driverNative(), tasksNative) : need.driverNative();
        if (lacks(driver, driverHeap, driverNative)) {
            return what(few, rows, features) + sentence("the driver", driver, driverHeap, driverNative,
                    "spark.driver.memory", "");
        }
        if (!local && lacks(executor, tasksHeap, tasksNative)) {
            return what(few, rows, features) + sentence("an executor of " + tasks + " tasks at a time", executor, tasksHeap,
                    tasksNative, "spark.executor.memory", ", lower spark.executor.cores");
        }
        double sent = few ? (double) Double.BYTES * rows * features : parts * triangle;
        return sent <= result ? null : what(few, rows, features) + "sends the driver " + MemoryEstimate.mebibytes(sent)
                + ", and spark.driver.maxResultSize is " + MemoryEstimate.mebibytes(result)
                + ": raise it, or fit on fewer " + (few ? "rows or features." : "features.");
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
