package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, runs. */
class ReadmeTest {

    @TempDir
    Path folder;

    @Test
    void itsJavaAndItsSqlRunInANotebookOfOnesOwn() throws Exception {
        Path notebook = NotebookRun.notebook(folder.resolve("own.ipynb"), block("java", "sixty fruits"),
                block("java", "seen = new ImagePredictor()"), block("java", "ImageFunctions.register"), block("sql", "%%sql"));
        Path output = folder.resolve("out");

        NotebookRun run = NotebookRun.run(NotebookRun.HOME, folder, output,
                List.of(notebook.toString(), "--output", output.toString()));

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(run.screen()).containsPattern("\\d+ components explain 95 % of the variance");
        JsonNode executed = new ObjectMapper().readTree(output.resolve("own.ipynb").toFile());
        assertThat(executed.findValue("image/png").asText()).startsWith("iVBOR");
        assertThat(texts(executed, "text/plain")).anyMatch(text -> text.startsWith("label | seen | probability\n"))
                .anyMatch(text -> text.startsWith("label | seen | n\n")).anyMatch(text -> text.endsWith(" | 100\n(5 rows)"));
        assertThat(texts(executed, "text/html")).anyMatch(html -> html.contains("<img src=\"data:image/jpeg;base64,"));
    }

    @Test
    void itsParametersAreTheNotebooks() throws Exception {
        String listed = NotebookRun.run(folder, folder, folder, List.of("fruits", "--list-parameters")).screen();

        String section = readme().split("\n### Parameters\n")[1].split("\n#")[0];
        List<String> inReadme = Pattern.compile("^\\| `(\\w+)` \\| .* \\| .* \\|$", Pattern.MULTILINE).matcher(section)
                .results().map(match -> match.group(1)).toList();

        assertThat(inReadme).containsExactlyElementsOf(listed.strip().lines().map(line -> line.split(" ")[0]).toList());
    }

    @Test
    void itsFilesExist() throws IOException {
        Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)").matcher(readme());

        assertThat(links.results().map(match -> NotebookRun.HOME.resolve(match.group(1)))).isNotEmpty()
                .allSatisfy(file -> assertThat(file).exists());
    }

    /** A notebook has a text of several lines as an array of them. */
    private static List<String> texts(JsonNode notebook, String type) {
        return notebook.findValues(type).stream().map(lines -> lines.isArray()
                ? StreamSupport.stream(lines.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining())
                : lines.asText()).toList();
    }

    private static String block(String language, String with) throws IOException {
        return blocks(language).stream().filter(block -> block.contains(with)).findFirst().orElseThrow();
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL).matcher(readme())
                .results().map(match -> match.group(1)).toList();
    }

    private static String readme() throws IOException {
        return Files.readString(NotebookRun.HOME.resolve("README.md"));
    }
}
