package verger.storage;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** A JVM of its own that is killed in the midst of its work. */
final class JvmChild {

    private JvmChild() {
    }

    /** Runs a class with {@code main}, with the class path and the options of this JVM. */
    static Process start(Class<?> main, Path log, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // it lives for seconds
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-opens") || argument.startsWith("-Dverger.")) {
                command.add(argument);
            }
        }
        for (String property : List.of("verger.home", "verger.cache")) {
            command.add("-D" + property + "=" + System.getProperty(property));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** The same images; who asks for one whose origin ends so makes the file {@code reached}, and waits there. */
    static Dataset<Row> waitingAt(Dataset<Row> images, String end, String reached) {
        UDF1<String, Boolean> stay = origin -> {
            if (origin.endsWith(end)) {
                Files.createFile(Path.of(reached));
                Thread.sleep(600_000);
            }
            return true;
        };
        // Spark does not move what is not deterministic: the waiting is to be in the task that writes.
        return images.filter(functions.udf(stay, DataTypes.BooleanType).asNondeterministic().apply(images.col("origin")));
    }
}
