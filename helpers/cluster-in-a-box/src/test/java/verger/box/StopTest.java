package verger.box;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a box. */
@Tag("slow")
@ExtendWith(BoxExtension.class)
class StopTest {

    @ParameterizedTest
    @ValueSource(strings = {"-TERM", "-KILL"})
    void noProcessIsLeft(String signal, Box box) throws Exception {
        List<ProcessHandle> processes = box.processes();
        assertThat(processes).hasSizeGreaterThanOrEqualTo(5);

        new ProcessBuilder("kill", signal, Long.toString(box.process().pid())).start().waitFor();
        box.process().onExit().get(60, TimeUnit.SECONDS);

        for (ProcessHandle process : processes) {
            process.onExit().get(signal.equals("-KILL") ? 60 : 1, TimeUnit.SECONDS);
        }
        assertThat(ProcessHandle.allProcesses().filter(each -> Box.commandLine(each).contains(Box.FOLDER + "/"))).isEmpty();
    }

    @Test
    void whatItWroteIsInItsFolder(Box box) throws Exception {
        FileTime start = FileTime.from(box.process().info().startInstant().orElseThrow());
        box.run("sh", "-c", "$SPARK_HOME/bin/spark-submit --version; hadoop fs -ls /");
        box.close();

        assertThat(Box.FOLDER.resolve("run")).doesNotExist();
        assertThat(Box.FOLDER.resolve("box.json")).doesNotExist();
        // A JVM that nobody told otherwise makes an empty folder for its figures.
        try (var temporary = Files.list(Path.of("/tmp"))) {
            assertThat(temporary.filter(file -> isOf(box.user(), start, file))
                    .filter(file -> !file.getFileName().toString().startsWith("hsperfdata_"))).isEmpty();
        }
    }

    private static boolean isOf(String user, FileTime start, Path file) {
        try {
            return !user.equals(System.getProperty("user.name")) // who may be at other things
                    && user.equals(Files.getOwner(file).getName()) && Files.getLastModifiedTime(file).compareTo(start) > 0;
        } catch (IOException e) {
            return false; // somebody else's, gone by now
        }
    }
}
