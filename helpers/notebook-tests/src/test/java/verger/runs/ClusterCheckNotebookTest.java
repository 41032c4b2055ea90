package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebook that is run first: every executor answers, and the exit code says whether a check failed. */
@Tag("slow")
class ClusterCheckNotebookTest {

    @TempDir
    Path folder;

    @Test
    void aHealthyClusterOfTwoExecutors() throws Exception {
        NotebookRun run = run(Map.of(), "-p", "folder", folder.toString());

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        JsonNode doctor = doctor();
        assertThat(doctor.get("healthy").asBoolean()).isTrue();
        Set<String> executors = new TreeSet<>();
        doctor.get("findings").forEach(finding -> {
            if (finding.get("where").asText().startsWith("executor ")) {
                executors.add(finding.get("where").asText().split(" on ")[0]);
            }
        });
        assertThat(executors).containsExactly("executor 0", "executor 1");
        assertThat(doctor.get("findings").findValuesAsText("what")).contains("fonts", "clock", "ONNX Runtime", "features");
        assertThat(run.screen()).contains(" checks: ", " 0 failed", "/doctor.json");
    }

    @Test
    void aHostWithoutAFontFailsWithWhatToInstall() throws Exception {
        Path none = Files.writeString(folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        // Java keeps in the home what fonts it has found.
        NotebookRun run = run(Map.of("FONTCONFIG_FILE", none.toString(), "_JAVA_OPTIONS", "-Duser.home=" + folder));

        assertThat(run.exitCode()).describedAs(run.screen()).isEqualTo(1);
        assertThat(run.screen())
                .contains("A check failed, first of all fonts on driver (none): No fonts on this host: install");
        assertThat(doctor().get("healthy").asBoolean()).isFalse();
    }

    private JsonNode doctor() throws Exception {
        return new ObjectMapper().readTree(folder.resolve("out/doctor.json").toFile());
    }

    private NotebookRun run(Map<String, String> environment, String... parameters) throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("conf")).resolve("spark-defaults.conf"), """
                spark.master    local-cluster[2,1,1024]
                """);
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("SPARK_CONF_DIR", folder.resolve("conf").toString());
        Path output = folder.resolve("out");
        List<String> words = new java.util.ArrayList<>(List.of("cluster-check", "--output", output.toString()));
        words.addAll(List.of(parameters));
        return NotebookRun.run(all, folder, folder, output, words);
    }
}
