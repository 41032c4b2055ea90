package verger.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * Whether driver and executors have the memory that a run takes, counted in MiB.
 *
 * <p>A container of YARN or Kubernetes holds the heap and, in {@code memoryOverhead}, what lies beside it: the JVM's own 384,
 * and for each task ONNX Runtime's 460 with ResNet50 and the PCA's 68; on the driver 2,048 of the JVM that reads weights, and
 * 128 of the PCA. The EMR guide has the arithmetic.
 */
final class MemoryNeeds {

    private static final long JVM = 384;
    private static final long ONNX_RUNTIME = 460;
    private static final long PCA_OF_TASK = 68;
    /** Of a task of a small network, batch by batch: what is refused is less than that, by a guess. */
    private static final long LEAST_OF_TASK = 64;
    private static final long READER_OF_WEIGHTS = 2048;
    private static final long PCA_OF_DRIVER = 128;
    private static final long LEAST_HEAP = 512;
    /** Spark's 300, 700 for decoding, and what lies in a batch. */
    private static final long HEAP_OF_EXECUTOR = 1024;
    private static final long HEAP_OF_TASK = 128;
    private static final long HEAP_OF_DRIVER = 2048;
    private static final String MEMORY = "memory";
    private static final String EXECUTORS = "every executor";

    private MemoryNeeds() {
    }

    /**
     * Compares the settings.
     *
     * @param isLocal    whether tasks run in the driver
     * @param driverHeap what the driver's JVM may have, in MiB
     */
    static List<Finding> compared(SparkConf conf, boolean isLocal, long driverHeap) {
        String master = conf.get("spark.master", "local");
        boolean containers = master.startsWith("yarn") || master.startsWith("k8s");
        List<Finding> findings = new ArrayList<>();
        findings.add(heap(Doctor.DRIVER, driverHeap, HEAP_OF_DRIVER, "VERGER_KERNEL_MEMORY or spark.driver.memory"));
        if (containers && conf.get("spark.submit.deployMode", "client").equals("cluster")) {
            long wanted = JVM + READER_OF_WEIGHTS + PCA_OF_DRIVER;
            findings.add(beside(Doctor.DRIVER, "driver", overhead(conf, "driver", driverHeap), JVM + PCA_OF_DRIVER, wanted,
                    "to read weights of ResNet50"));
        }
        if (isLocal) {
            return findings;
        }
        long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
        long tasks = Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
        findings.add(heap(EXECUTORS, heap, HEAP_OF_EXECUTOR + tasks * HEAP_OF_TASK, "spark.executor.memory"));
        if (containers) {
            findings.add(beside(EXECUTORS, "executor", overhead(conf, "executor", heap), JVM + tasks * LEAST_OF_TASK,
                    JVM + tasks * (ONNX_RUNTIME + PCA_OF_TASK), "of " + tasks + " tasks at a time with ResNet50 and a PCA"));
        }
        return findings;
    }

    private static long overhead(SparkConf conf, String role, long heap) {
        double factor = conf.getDouble("spark." + role + ".memoryOverheadFactor", 0.1);
        return conf.getSizeAsMb("spark." + role + ".memoryOverhead", Math.max(JVM, (long) (factor * heap)) + "m");
    }

    private static Finding heap(String where, long has, long wanted, String setting) {
        String what = MEMORY + " of the heap";
        String found = has + " MiB";
        if (has < LEAST_HEAP) {
            return Finding.failed(where, what, found,
                    "raise " + setting + " to " + wanted + "m, and to no less than " + LEAST_HEAP
                            + "m");
        }
        return has >= wanted * 95 / 100 ? Finding.ok(where, what, found) // a JVM gives a little less than it is told
                : Finding.advice(where, what, found, "large photographs may not find room: raise " + setting + " to " + wanted
                        + "m");
    }

    private static Finding beside(String where, String role, long has, long least, long wanted, String what) {
        String setting = "spark." + role + ".memoryOverhead";
        String found = setting + " is " + has + " MiB";
        if (has < least) {
            return Finding.failed(where, MEMORY + " beside the heap", found,
                    "its container would be killed: set " + setting + " to " + wanted + "m, " + what);
        }
        return has >= wanted ? Finding.ok(where, MEMORY + " beside the heap", found)
                : Finding.advice(where, MEMORY + " beside the heap", found, "set " + setting + " to " + wanted + "m, " + what);
    }

    /** What the driver's machine has left beside its heap; Linux says it. */
    static List<Finding> left() {
        Path file = Path.of("/proc/meminfo");
        if (!Files.isReadable(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            long free = lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(0);
            return List.of(free >= READER_OF_WEIGHTS ? Finding.ok(Doctor.DRIVER, "free memory", free + " MiB")
                    : Finding.advice(Doctor.DRIVER, "free memory", free + " MiB",
                            "reading weights of ResNet50 takes up to " + READER_OF_WEIGHTS + " MiB beside the heap"));
        } catch (IOException e) {
            return List.of(Finding.advice(Doctor.DRIVER, "free memory", "not known: " + e.getMessage(), "look at " + file));
        }
    }
}
