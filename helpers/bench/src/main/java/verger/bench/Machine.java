package verger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.package$;

/** What a measurement ran on, without which its seconds mean nothing. */
record Machine(String processor, int cores, String jvm, String spark, long heapBytes) {

    static Machine here() {
        return new Machine(processorModel(), Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                package$.MODULE$.SPARK_VERSION(), Runtime.getRuntime().maxMemory());
    }

    private static String processorModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim()).findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            // There is no such file outside of Linux.
            return System.getProperty("os.arch");
        }
    }
}
