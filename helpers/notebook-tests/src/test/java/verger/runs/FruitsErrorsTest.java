package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a user sees who asks for what cannot be. Two whole notebooks show that the last line says it; the sentences stand in the
 * tests of the classes that refuse.
 */
@Tag("slow")
class FruitsErrorsTest {

    @TempDir
    Path folder;

    @Test
    void tooManyComponents() throws Exception {
        NotebookRun run = NotebookRun.fruits(folder, "-p", "k", "5000", "-p", "limit", "24");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).contains("k = 5000", "n = 24", "d = 1280");
    }

    @Test
    void anUnknownParameter() throws Exception {
        NotebookRun run = NotebookRun.fruits(folder, "-p", "unknown", "1");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.lastLine()).contains("unknown", "images, ").contains("k").contains("weights");
    }

    @Test
    void noSuchNotebook() throws Exception {
        NotebookRun run = NotebookRun.run(folder, folder, folder, List.of("vegetables"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).startsWith("There is no notebook vegetables: give the path of an .ipynb, or one of ")
                .contains("fruits");
    }

    @Test
    void aKernelThatDiesHasItsOwnExitCode() throws Exception {
        Path notebook = notebook("System.exit(3);");

        NotebookRun run = NotebookRun.run(folder, folder, folder,
                List.of(notebook.toString(), "--output", folder.resolve("out").toString()));

        assertThat(run.exitCode()).isEqualTo(138);
        assertThat(folder.resolve("out/own.ipynb")).exists();
    }

    /** A scheduler's SIGTERM, and a SIGKILL that lets nobody tidy up. */
    @ParameterizedTest
    @CsvSource({"false, 143", "true, 137"})
    void aKilledRunTakesItsKernelAlong(boolean forcibly, int exitCode) throws Exception {
        Path notebook = notebook("java.nio.file.Files.createFile(java.nio.file.Path.of(\"started\")); Thread.sleep(600_000);");
        Process runner = NotebookRun.start(Map.of(), folder, folder,
                List.of(notebook.toString(), "--output", folder.resolve("out").toString()));
        Thread reader = new Thread(() -> {
            try {
                runner.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // the pipe ends with the process
            }
        });
        reader.start();
        List<ProcessHandle> kernel = List.of();
        try {
            while (!Files.exists(folder.resolve("started"))) {
                assertThat(runner.isAlive()).isTrue();
                Thread.sleep(100);
            }
            kernel = runner.descendants().toList();
            assertThat(kernel).isNotEmpty();

            if (forcibly) {
                runner.toHandle().destroyForcibly();
            } else {
                runner.toHandle().destroy(); // Process.destroy would close its pipes as well
            }

            assertThat(runner.waitFor()).isEqualTo(exitCode);
            for (ProcessHandle process : kernel) {
                process.onExit().get(60, TimeUnit.SECONDS);
            }
        } finally {
            kernel.forEach(ProcessHandle::destroyForcibly);
            NotebookRun.end(runner);
        }
        reader.join();
    }

    @Test
    void parametersCanBeListed() throws Exception {
        NotebookRun run = NotebookRun.run(folder, folder, folder, List.of("fruits", "--list-parameters"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.screen()).contains("int = 2", "components to keep", "String = \"data-sample\"");
    }

    @Test
    void resultsAmongTheImages() throws Exception {
        Path images = Files.createDirectories(folder.resolve("Apple"));

        NotebookRun run = NotebookRun.fruits(folder, "-p", "images", images.toString(), "-p", "output", images + "/out");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).contains("The results would lie among the images");
    }

    @Test
    void theHelperJarIsSmall() throws IOException {
        assertThat(Files.size(NotebookRun.HOME.resolve(".verger/current/executor/verger.jar"))).isLessThan(1_200_000);
    }

    private Path notebook(String code) throws IOException {
        return NotebookRun.notebook(folder.resolve("own.ipynb"), code);
    }

    @Test
    void notebooksInGitCarryNoOutputs() throws IOException {
        try (var notebooks = Files.list(NotebookRun.HOME.resolve("notebooks"))) {
            assertThat(notebooks.filter(file -> file.toString().endsWith(".ipynb"))).isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("\"output_type\"")
                            .doesNotContainPattern("\"execution_count\": \\d"));
        }
    }
}
