package verger.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.pca.MemoryEstimate;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;

/**
 * Says how much memory a fit takes: the driver is this JVM, and the tasks run in an executor, a JVM of its own with a
 * heap of the same size.
 */
final class MemoryBenchmark {

    private static final double MIB = 1 << 20;

    private MemoryBenchmark() {
    }

    /**
     * The most that a process has had so far.
     *
     * @param heap     bytes of the heap in use, garbage included
     * @param resident bytes of memory, native memory and libraries included
     */
    record Memory(double heap, double resident) implements Serializable {

        static Memory here() {
            double heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getPeakUsage).mapToDouble(usage -> usage.getUsed()).sum();
            return new Memory(heap, residentSet());
        }

        private static double residentSet() {
            try {
                String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(each -> each.startsWith("VmHWM:")).findFirst().orElseThrow();
                return 1024 * Double.parseDouble(line.replaceAll("\\D", ""));
            } catch (IOException e) {
                throw new UncheckedIOException("There is no /proc/self/status: the memory of a process is read on Linux.", e);
            }
        }
    }

    /** Fits once and prints a table. Workers want a {@code SPARK_HOME}: the script makes one without jars. */
    static void run(Options options, PrintStream out) {
        int cores = Runtime.getRuntime().availableProcessors();
        long heap = (long) Math.ceil(Runtime.getRuntime().maxMemory() / MIB);
        try (SparkSession spark = SparkSession.builder().appName("verger-bench")
                .master(String.format("local-cluster[1,%d,%d]", cores, heap))
                .config("spark.executor.memory", heap + "m")
                .config("spark.executor.cores", cores)
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.ui.enabled", false).getOrCreate()) {
            for (int rows : options.rows()) {
                Dataset<Row> data = new NetworkLikeRows(options.seed(), options.features())
                        .first(rows, spark, options.partitions()).persist();
                data.count();
                PrincipalComponentsModel model =
                        new PrincipalComponents().setInputCol(NetworkLikeRows.COLUMN).fit(data);
                Memory driver = Memory.here();
                Memory executor = JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(List.of(0), 1).map(only -> Memory.here()).first();
                out.printf(Locale.ROOT, "%s%n%nHeaps of %,d MiB; estimate: %s; %d tasks at a time.%n%n", model, heap,
                        MemoryEstimate.of(rows, options.features()), cores);
                out.println("| process | heap, peak MiB | process, peak MiB |\n|---|---:|---:|");
                print(out, "driver", driver);
                print(out, "executor", executor);
                data.unpersist();
            }
        }
    }

    private static void print(PrintStream out, String process, Memory most) {
        out.printf(Locale.ROOT, "| %s | %,.0f | %,.0f |%n", process, most.heap() / MIB, most.resident() / MIB);
    }
}
