package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** transfer-learning on four classes of the sample and a broken file, then classify with the model that it leaves. */
@Tag("slow")
class TransferLearningTest {

    private static final Map<String, String> CLASSES = Map.of(
            "Apple Braeburn", "Apple Braeburn", "Banana", "Banana", "Lemon", "Citron d'été", "Pear", "Pear");
    private static final int TRAINING = 4 * 24;
    private static final int TEST = 4 * 6;

    @TempDir
    static Path folder;

    private static NotebookRun learning;
    private static NotebookRun classifying;

    @BeforeAll
    static void runTheNotebooks() throws Exception {
        for (String part : List.of("Training", "Test")) {
            for (Map.Entry<String, String> renamed : CLASSES.entrySet()) {
                copy(NotebookRun.HOME.resolve("data-sample").resolve(part).resolve(renamed.getKey()),
                        folder.resolve("fruits").resolve(part).resolve(renamed.getValue()));
            }
        }
        byte[] whole = Files.readAllBytes(folder.resolve("fruits/Test/Pear/" + names("Pear").get(0)));
        Files.write(folder.resolve("fruits/Test/Pear/broken.jpg"), Arrays.copyOf(whole, whole.length / 2));
        // As a user types it: relative to where he is.
        learning = run("transfer-learning", "learnt", "-p", "images", "fruits", "-p", "components", "[8, 16]",
                "-p", "regularizations", "[0.01, 0.1]", "-p", "folds", "2");
        Files.copy(folder.resolve("fruits/Test/Banana/" + names("Banana").get(0)), folder.resolve("my fruit.jpg"));
        classifying =
                run("classify", "classified", "-p", "image", "my fruit.jpg", "-p", "model", "learnt/model", "-p", "topK", "2");
    }

    @Test
    void succeed() {
        assertThat(learning.exitCode()).describedAs(learning.screen()).isZero();
        assertThat(classifying.exitCode()).describedAs(classifying.screen()).isZero();
    }

    @Test
    void everyPhotographOfTheTestIsPredictedWithItsProbabilities() throws Exception {
        String predictions = "'$out/predictions.parquet/*.parquet'";

        assertThat(learning.query("select count(*) from " + predictions)).isEqualTo("" + TEST);
        assertThat(learning.query("select count(distinct label) from " + predictions)).isEqualTo("4");
        assertThat(Double.parseDouble(learning.query("select max(abs(list_sum(probability) - 1)) from " + predictions)))
                .isLessThan(1e-9);
        assertThat(Double.parseDouble(learning.query("select avg((label = predicted)::int) from " + predictions)))
                .isGreaterThanOrEqualTo(0.95);
        assertThat(learning.query("select avg((label = predicted)::int) from " + predictions))
                .isEqualTo(learning.manifest().at("/accuracy/tunedOnTest").asText());
    }

    @Test
    void fourCandidatesAreTriedAndEveryImageGoesThroughTheNetworkOnce() throws Exception {
        assertThat(learning.query("select count(distinct (k, regParam)) from read_json_auto('$out/tuning.json/*.json')"))
                .isEqualTo("4");
        assertThat(learning.screen()).contains(
                "4 candidates, 2 folds; images that went through a network: {EfficientNet-Lite0=" + (TRAINING + TEST) + "}");
    }

    @Test
    void theManifestSaysWhatWasLearntFromWhat() throws Exception {
        JsonNode manifest = learning.manifest();

        assertThat(manifest.get("counts").toString()).isEqualTo("{\"read\":121,\"used\":120,\"failed\":1}");
        assertThat(manifest.get("failed").findValuesAsText("reason")).containsExactly(
                "truncated image: the file ends before the picture does");
        assertThat(manifest.at("/splitByAngle").asText()).startsWith("Held out: frames 120 to 209 of each turn of 360, ");
        for (String accuracy : List.of("logisticRegressionOnTest", "logisticRegressionByAngle", "naiveBayesOnTest",
                "naiveBayesByAngle")) {
            assertThat(manifest.get("accuracy").get(accuracy).asDouble()).describedAs(accuracy).isBetween(0.5, 1.0);
        }
        assertThat(manifest.get("files").toString()).contains("model", "predictions.parquet", "charts/confusion-matrix.png",
                "charts/mistakes.png", "charts/mistakes-by-angle.png", "charts/tuning.png");
        assertThat(learning.output().resolve("charts/tuning.png")).isNotEmptyFile();
        assertThat(manifest.get("foldsAre").asText()).isEqualTo("by angle");
        assertThat(manifest.get("components").toString()).isEqualTo("[8,16]");
        assertThat(manifest.get("regularizations").toString()).isEqualTo("[0.01,0.1]");
        assertThat(manifest.get("folds").asInt()).isEqualTo(2);
        assertThat(manifest.get("alsoTry")).isEmpty();
        assertThat(manifest.get("limit").isNull()).isTrue();
    }

    @Test
    void whereNamesTellNoAngleASplitByChanceIsCalledSo() throws Exception {
        for (String part : List.of("Training", "Test")) {
            for (String label : List.of("Banana", "Pear")) {
                renumber(NotebookRun.HOME.resolve("data-sample").resolve(part).resolve(label),
                        folder.resolve("camera").resolve(part).resolve(label));
            }
        }

        NotebookRun run = run("transfer-learning", "chance", "-p", "images", "camera", "-p", "components", "[2]",
                "-p", "regularizations", "[0.1]", "-p", "folds", "2");

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(run.screen())
                .contains("These names tell no angle, so this is a split by chance: near-identical photographs on both "
                        + "sides flatter it.", "Logistic regression, split by chance: accuracy ");
        assertThat(run.manifest().get("accuracy").toString()).contains("logisticRegressionByChance", "naiveBayesByChance")
                .doesNotContain("ByAngle");
        assertThat(run.manifest().has("splitByChance")).isTrue();
        assertThat(run.manifest().has("splitByAngle")).isFalse();
        assertThat(run.manifest().get("foldsAre").asText()).isEqualTo("by chance");
        assertThat(run.manifest().get("files").toString()).contains("charts/mistakes-by-chance.png").doesNotContain("by-angle");
    }

    @Test
    void aPhotographIsClassifiedInAnotherSessionAsInTheNotebook() throws Exception {
        String answer = "read_json_auto('$out/predictions.json/*.json')";
        String inTheNotebook = "'" + learning.output() + "/predictions.parquet/*.parquet' where ends_with(origin, '/Banana/"
                + names("Banana").get(0) + "')";

        assertThat(classifying.query("select count(*) from " + answer)).isEqualTo("1");
        assertThat(classifying.query("select predicted from " + answer)).isEqualTo("Banana")
                .isEqualTo(classifying.query("select predictions[1].name from " + answer))
                .isEqualTo(learning.query("select predicted from " + inTheNotebook));
        assertThat(classifying.query("select len(predictions) from " + answer)).isEqualTo("2");
        assertThat(classifying.query("select parse_filename(origin) || ' ' || status from '$out/files.parquet/*.parquet'"))
                .isEqualTo("my fruit.jpg ok");
        assertThat(classifying.screen()).containsPattern("(?m)^my fruit.jpg: Banana [01]\\.\\d{3}, [^,]+ 0\\.\\d{3}$");
        double probability = Double.parseDouble(classifying.query("select predictions[1].probability from " + answer));
        double before = Double.parseDouble(learning.query("select list_max(probability) from " + inTheNotebook));
        assertThat(Math.abs(probability - before)).isLessThan(1e-4);
    }

    @Test
    void aPhotographIsClassifiedInSqlAsByTheModel() throws Exception {
        JsonNode notebook = new ObjectMapper().readTree(learning.output().resolve("transfer-learning.ipynb").toFile());

        List<String> byTheModel = predictions(notebook, "back");
        List<String> inSql = predictions(notebook, "sql");

        assertThat(byTheModel).hasSize(3);
        assertThat(byTheModel.get(0)).startsWith("Apple Braeburn, 0.").isEqualTo(learning.query(
                "select predicted || ', ' || substr(list_max(probability)::varchar, 1, 5) from '$out/predictions.parquet/*.parquet' "
                        + "order by origin limit 1"));
        assertThat(inSql).isEqualTo(byTheModel);
    }

    @Test
    void withoutAModelClassifySaysWhereItComesFrom() throws Exception {
        NotebookRun run = run("classify", "nothing", "-p", "image", "my fruit.jpg", "-p", "model", "no/model");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).startsWith("There is no saved model at no/model (looked for file:/").endsWith(
                "/no/model): let notebooks/run transfer-learning make one, or give the folder of a saved PipelineModel");
    }

    /** Of the table that a cell shows, its predictions: names, with three decimals of their probabilities. */
    private static List<String> predictions(JsonNode notebook, String cell) {
        for (JsonNode candidate : notebook.get("cells")) {
            if (candidate.get("id").asText().equals(cell)) {
                return Pattern.compile("name=([^,]+), probability=(0\\.\\d{3})")
                        .matcher(candidate.findValues("text/html").toString())
                        .results().map(match -> match.group(1) + ", " + match.group(2)).toList();
            }
        }
        throw new IllegalArgumentException("no cell " + cell);
    }

    private static NotebookRun run(String notebook, String output, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(notebook, "--output", output));
        command.addAll(Arrays.asList(arguments));
        return NotebookRun.run(folder, folder, folder.resolve(output), command);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** As a camera names them. */
    private static void renumber(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        int number = 1001;
        try (var files = Files.list(from)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, to.resolve("IMG_" + number++ + ".jpg"));
            }
        }
    }

    private static List<String> names(String label) throws IOException {
        try (var files = Files.list(NotebookRun.HOME.resolve("data-sample/Test").resolve(label))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
