package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who asks for what cannot be. */
class FruitsErrorsTest {

    @TempDir
    Path folder;

    @Test
    void tooManyComponents() throws Exception {
        NotebookRun run = NotebookRun.fruits(folder, "-p", "k", "5000");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).contains("k = 5000", "n = 360", "d = 1280");
    }

    @Test
    void noImagesThere() throws Exception {
        NotebookRun run = NotebookRun.fruits(folder, "-p", "images", "/nowhere");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).contains("Cannot list the images at /nowhere: there is no folder, file or match of that name");
    }

    @Test
    void anUnknownParameter() throws Exception {
        NotebookRun run = NotebookRun.fruits(folder, "-p", "unknown", "1");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.lastLine()).contains("unknown", "images, ").contains("k").contains("weights");
    }

    @Test
    void oneImageIsNotEnough() throws Exception {
        Path images = Files.createDirectories(folder.resolve("Apple"));
        Files.copy(NotebookRun.HOME.resolve("data-sample/Training/Apple Braeburn/0_100.jpg"), images.resolve("0.jpg"));

        NotebookRun run = NotebookRun.fruits(folder, "-p", "images", images.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).contains("A PCA needs at least two rows: got 1");
    }

    @Test
    void resNet50WithoutWeights() throws Exception {
        NotebookRun run = NotebookRun.fruits(folder, "-p", "network", "ResNet50");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).contains(
                "ResNet50 weights not found: looked in weights= (not set), " + folder.resolve("dl4j"),
                "resnet50_dl4j_inference.v3.zip",
                "set weights=<path or s3a:// URI of a DL4J zip or Keras 2 .h5> or connect to download them");
    }

    @Test
    void noSuchNotebook() throws Exception {
        NotebookRun run = NotebookRun.run(folder, folder, folder, List.of("vegetables"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lastLine()).isEqualTo("There is no notebook vegetables: give the path of an .ipynb, or one of fruits");
    }

    @Test
    void aKernelThatDiesHasItsOwnExitCode() throws Exception {
        Path notebook = Files.writeString(folder.resolve("dies.ipynb"), """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "verger", "language": "java", "display_name": ""}},
                 "cells": [{"id": "a", "cell_type": "code", "source": "System.exit(3);", "metadata": {}, "outputs": [], "execution_count": null}]}
                """);

        NotebookRun run = NotebookRun.run(folder, folder, folder, List.of(notebook.toString(), "--output", folder.resolve("out").toString()));

        assertThat(run.exitCode()).isEqualTo(138);
        assertThat(folder.resolve("out/dies.ipynb")).exists();
    }

    @Test
    void parametersCanBeListed() throws Exception {
        NotebookRun run = NotebookRun.run(folder, folder, folder, List.of("fruits", "--list-parameters"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.screen()).contains("int = 2", "components to keep, 2 and more", "String = \"data-sample\"");
    }

    @Test
    void notebooksInGitCarryNoOutputs() throws IOException {
        try (var notebooks = Files.list(NotebookRun.HOME.resolve("notebooks"))) {
            assertThat(notebooks.filter(file -> file.toString().endsWith(".ipynb"))).isNotEmpty().allSatisfy(file ->
                    assertThat(Files.readString(file)).doesNotContain("\"output_type\"").doesNotContainPattern("\"execution_count\": \\d"));
        }
    }
}
