package verger.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import verger.Settings;

/** Sends DL4J to the executors: 130 MB that they are spared until a job runs on it. */
final class Dl4jJars {

    private Dl4jJars() {
    }

    /**
     * Adds the driver's own jars to the executors, once; nothing in local mode, or where the kernel's launcher named no folder.
     */
    static void send(SparkContext context) {
        Path folder = Settings.lib() == null ? null : Settings.lib().resolve("driver");
        if (context.isLocal() || folder == null || !Files.isDirectory(folder)) {
            return;
        }
        for (Path jar : jars(folder)) {
            if (!context.listJars().exists(uri -> uri.endsWith("/" + jar.getFileName()))) {
                context.addJar(jar.toUri().toString());
            }
        }
    }

    private static List<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
        }
    }
}
