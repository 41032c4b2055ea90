package verger.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;

/** What is right is told, what is wrong is a row with advice, and nothing is thrown. */
class DoctorTest {

    @TempDir
    Path folder;

    @Test
    void aHealthyMachine() throws Exception {
        Checkup checkup = Doctor.check(TestSpark.session(), folder.toString());

        checkup.requireHealthy();
        assertThat(checkup.findings()).filteredOn(finding -> finding.where().equals("driver")).extracting(Finding::what)
                .contains("Java", "Spark", "Scala", "helper JAR", "ONNX Runtime", "OpenBLAS", "HDF5 and ND4J", "fonts", "disk",
                        "memory of the heap", "folder", "clock of the folder", "executors", "weights");
        assertThat(found(checkup, "HDF5 and ND4J")).isEqualTo("HDF5 1.12.1");
        assertThat(found(checkup, "ONNX Runtime")).isEqualTo("1.28.0");
        assertThat(found(checkup, "features")).isEqualTo("of 2 images");
        assertThat(folder).as("the file that was tried").isEmptyDirectory();

        List<Row> rows = checkup.table(TestSpark.session()).collectAsList();
        assertThat(rows).hasSameSizeAs(checkup.findings());
        String where = checkup.save(TestSpark.session(), folder.toString());
        JsonNode json = new ObjectMapper().readTree(folder.resolve("doctor.json").toFile());
        assertThat(where).endsWith("/doctor.json");
        assertThat(json.get("healthy").asBoolean()).isTrue();
        assertThat(json.get("findings")).hasSameSizeAs(checkup.findings());
        assertThat(Instant.parse(json.get("checked").asText())).isBefore(Instant.now());
    }

    private static String found(Checkup checkup, String what) {
        return checkup.findings().stream().filter(finding -> finding.what().equals(what)).findFirst().orElseThrow().found();
    }

    @Test
    void aFailureComesFirstAndEndsTheRunThatAsksForHealth() {
        Checkup checkup = new Checkup(List.of(Finding.ok("driver", "Java", "17"), Finding.advice("driver", "disk", "1 MB", "x"),
                Finding.failed("executor 2 on b", "Scala", "2.13", "set SPARK_HOME")), Instant.EPOCH);

        assertThat(checkup.findings()).extracting(Finding::status).containsExactly("failed", "advice", "ok");
        assertThat(checkup).hasToString("3 checks: 1 ok, 1 with advice, 1 failed");
        assertThatThrownBy(checkup::requireHealthy).isInstanceOf(IllegalStateException.class)
                .hasMessage("A check failed, first of all Scala on executor 2 on b (2.13): set SPARK_HOME");
        assertThat(checkup.toJson()).contains("\"healthy\" : false", "\"checked\" : \"1970-01-01T00:00:00Z\"");
    }

    @Test
    void aFolderThatCannotBeWrittenIsARow() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Folder tried = new Folder(file + "/inside", new Configuration());
        tried.write();
        assertThat(tried.written()).isNull();
        assertThat(tried.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.status()).isEqualTo(Finding.FAILED);
            assertThat(finding.found()).isEqualTo("cannot write to " + file + "/inside");
            assertThat(finding.advice()).isNotEmpty();
        });
    }

    @Test
    void s3WithoutCredentialsIsARowThatSaysSo() {
        Configuration conf = new Configuration();
        // Looks for a session's token alone, which the environment of the tests has not.
        conf.set("fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider");
        conf.set("fs.s3a.endpoint", "http://127.0.0.1:9");
        Folder tried = new Folder("s3a://my-fruits/results", conf);
        tried.write();
        assertThat(tried.findings()).containsExactly(Finding.failed("driver", "folder",
                "cannot write to s3a://my-fruits/results",
                "there are no AWS credentials for my-fruits: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a machine "
                        + "whose role may use the bucket"));
    }

    @Test
    void anExecutorOfAnotherVersionFails() {
        Machine.Versions driver = new Machine.Versions(Map.of("Java", "17", "Scala", "2.12.18"));
        Machine.Versions executor = new Machine.Versions(Map.of("Java", "11", "Scala", "2.12.18"));
        assertThat(executor.compared("executor 1 on a", driver)).containsExactlyInAnyOrder(
                Finding.failed("executor 1 on a", "Java", "11, and 17 on the driver", "give all machines the same Java"),
                Finding.ok("executor 1 on a", "Scala", "2.12.18"));
    }

    /** What another Java runs, of a host without fonts. */
    public static final class Probe {
        public static void main(String[] arguments) {
            System.out.println(Machine.fonts());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aHostWithoutFontsIsToldWhatToInstall() throws Exception {
        Path none = Files.writeString(folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true", "-Duser.home=" + folder, "-cp", System.getProperty("java.class.path"),
                Probe.class.getName()).redirectError(new File("/dev/null"));
        java.environment().put("FONTCONFIG_FILE", none.toString());
        Process process = java.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("status=failed",
                "dnf install fontconfig dejavu-sans-fonts");
        assertThat(process.waitFor()).isZero();
    }
}
