package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, runs. */
class ReadmeTest {

    @TempDir
    Path folder;

    @Test
    void itsJavaRunsInANotebookOfOnesOwn() throws Exception {
        Path notebook = NotebookRun.notebook(folder.resolve("own.ipynb"), blocks("java").get(0));
        Path output = folder.resolve("out");

        NotebookRun run = NotebookRun.run(NotebookRun.HOME, folder, output,
                List.of(notebook.toString(), "--output", output.toString()));

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(run.screen()).containsPattern("\\d+ components explain 95 % of the variance");
        assertThat(new ObjectMapper().readTree(output.resolve("own.ipynb").toFile()).findValue("image/png").asText()).startsWith("iVBOR");
    }

    @Test
    void itsParametersAreTheNotebooks() throws Exception {
        String listed = NotebookRun.run(folder, folder, folder, List.of("fruits", "--list-parameters")).screen();

        List<String> inReadme = Pattern.compile("^\\| `(\\w+)` \\| .* \\| .* \\|$", Pattern.MULTILINE).matcher(readme())
                .results().map(match -> match.group(1)).toList();

        assertThat(inReadme).containsExactlyElementsOf(listed.strip().lines().map(line -> line.split(" ")[0]).toList());
    }

    @Test
    void itsFilesExist() throws IOException {
        Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)").matcher(readme());

        assertThat(links.results().map(match -> NotebookRun.HOME.resolve(match.group(1)))).isNotEmpty()
                .allSatisfy(file -> assertThat(file).exists());
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL).matcher(readme())
                .results().map(match -> match.group(1)).toList();
    }

    private static String readme() throws IOException {
        return Files.readString(NotebookRun.HOME.resolve("README.md"));
    }
}
