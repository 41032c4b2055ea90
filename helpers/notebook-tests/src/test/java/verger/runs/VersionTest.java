package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All parts of the project are released together, under one version; that of the bundle is its POM's. */
class VersionTest {

    private static final Pattern OF_A_POM =
            Pattern.compile("<artifactId>verger-parent</artifactId>\\s*<version>([^<]*)</version>");
    private static final Pattern OF_A_PYTHON_PROJECT = Pattern.compile("(?m)^version = \"([^\"]*)\"$");

    @Test
    void isARelease() throws IOException {
        assertThat(version()).matches("\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void everyModuleHasIt() throws IOException {
        List<Path> poms = files("helpers/*/pom.xml");

        assertThat(poms).hasSizeGreaterThan(5);
        for (Path pom : poms) {
            assertThat(versions(pom, OF_A_POM)).describedAs(pom.toString()).containsExactly(version());
        }
    }

    @Test
    void everyPythonProjectHasIt() throws IOException {
        List<String> versions = files("helpers/{*,*/*}/pyproject.toml").stream()
                .flatMap(project -> versions(project, OF_A_PYTHON_PROJECT).stream()).distinct().toList();

        assertThat(versions).containsExactly(version());
    }

    @Test
    void theHelperJarSaysIt() throws IOException {
        try (JarFile jar = new JarFile(NotebookRun.HOME.resolve(".verger/current/executor/verger.jar").toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version")).isEqualTo(version());
        }
    }

    @Test
    void thePluginIsInstalledWithIt() throws IOException {
        assertThat(files(".verger/venv/lib/python*/site-packages/papermill_java-*.dist-info").stream()
                .map(folder -> folder.getFileName().toString())).containsExactly("papermill_java-" + version() + ".dist-info");
    }

    private static String version() throws IOException {
        return versions(NotebookRun.HOME.resolve("pom.xml"), OF_A_POM).get(0);
    }

    private static List<String> versions(Path file, Pattern pattern) {
        try {
            return pattern.matcher(Files.readString(file)).results().map(match -> match.group(1)).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(String glob) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        Path start = NotebookRun.HOME.resolve(glob.substring(0, glob.indexOf('/')));
        try (Stream<Path> files = Files.walk(start, 5)) {
            return files.filter(file -> matcher.matches(NotebookRun.HOME.relativize(file))).sorted().toList();
        }
    }
}
