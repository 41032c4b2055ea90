package verger.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors in JVMs of their own: each of them answers. */
@Tag("slow")
class DoctorOnExecutorsTest {

    @TempDir
    Path folder;

    /** What the driver runs, which wants a {@code SPARK_HOME} for its executors. */
    static final class Driver {

        private Driver() {
        }

        public static void main(String[] arguments) {
            try (SparkSession spark = SparkSession.builder().appName("doctor").master("local-cluster[2,1,1024]")
                    .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                    .config("spark.executor.extraJavaOptions", "-Dverger.cache=" + System.getProperty("verger.cache"))
                    .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
                    .config("spark.ui.enabled", false).getOrCreate()) {
                Checkup checkup = Doctor.check(spark, arguments[0]);
                checkup.save(spark, arguments[0]);
            }
        }
    }

    @Test
    void everyExecutorAnswers() throws Exception {
        Files.createDirectories(folder.resolve("spark/jars"));
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "@" + Path.of("spark-opens.args").toAbsolutePath(),
                "-Dverger.home=" + System.getProperty("verger.home"), "-Dverger.cache=" + System.getProperty("verger.cache"),
                "-cp",
                System.getProperty("java.class.path"), Driver.class.getName(), folder.resolve("out").toString());
        java.environment().putAll(Map.of("SPARK_HOME", folder.resolve("spark").toString(), "SPARK_SCALA_VERSION", "2.12",
                "SPARK_LOCAL_IP", "127.0.0.1"));
        File said = folder.resolve("said").toFile();
        Process process = java.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said).start();
        assertThat(process.waitFor()).describedAs(Files.readString(said.toPath())).isZero();

        JsonNode doctor = new ObjectMapper().readTree(folder.resolve("out/doctor.json").toFile());
        assertThat(doctor.get("healthy").asBoolean()).describedAs(doctor.toPrettyString()).isTrue();
        Map<String, Integer> executors = new TreeMap<>();
        StreamSupport.stream(doctor.get("findings").spliterator(), false).map(finding -> finding.get("where").asText())
                .filter(where -> where.startsWith("executor ")).forEach(where -> executors.merge(where, 1, Integer::sum));
        // Four versions, ONNX Runtime, OpenBLAS, disk, folder, clock.
        assertThat(executors).hasSize(2).allSatisfy((where, checks) -> assertThat(checks).isEqualTo(9));
    }
}
