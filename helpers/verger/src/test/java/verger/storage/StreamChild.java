package verger.storage;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import verger.features.ImageFeaturizer;
import verger.images.Images;

/** A JVM of its own that appends a folder's features and stays forever at one of its images, to be killed there. */
final class StreamChild {

    private StreamChild() {
    }

    static Process start(Path images, Path table, String at, Path reached, Path log) throws Exception {
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
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StreamChild.class.getName(), images.toString(),
                table.toString(), at, reached.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[2]").config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1").getOrCreate();
        String at = arguments[2];
        String reached = arguments[3];
        UDF1<String, Boolean> stay = origin -> {
            if (origin.endsWith(at)) {
                Files.createFile(Path.of(reached));
                Thread.sleep(600_000);
            }
            return true;
        };
        ImageFeaturizer featurizer = AppendedFeaturesTest.featurizer();
        Dataset<Row> stream = Images.reader(spark).filesPerBatch(AppendedFeaturesTest.FILES_PER_BATCH).stream(arguments[0]);
        // Spark does not move what is not deterministic: the waiting is to be in the task that writes.
        Dataset<Row> slow = stream.filter(
                functions.udf(stay, DataTypes.BooleanType).asNondeterministic().apply(functions.col("origin")));
        new AppendedFeatures(spark, arguments[1]).append(featurizer.transform(slow), featurizer);
    }
}
