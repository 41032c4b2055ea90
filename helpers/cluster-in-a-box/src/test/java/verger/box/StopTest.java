package verger.box;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a box. */
@ExtendWith(BoxExtension.class)
class StopTest {

    @ParameterizedTest
    @ValueSource(strings = {"-TERM", "-INT", "-KILL"})
    void noProcessIsLeft(String signal, Box box) throws Exception {
        List<ProcessHandle> processes = box.processes();
        assertThat(processes).hasSizeGreaterThanOrEqualTo(5);

        new ProcessBuilder("kill", signal, Long.toString(box.process().pid())).start().waitFor();
        box.process().onExit().get(60, TimeUnit.SECONDS);

        for (ProcessHandle process : processes) {
            process.onExit().get(signal.equals("-KILL") ? 60 : 1, TimeUnit.SECONDS);
        }
        assertThat(ProcessHandle.allProcesses().filter(each -> Box.commandLine(each).contains(".verger/box/"))).isEmpty();
    }

    @Test
    void whatItWroteIsInItsFolder(Box box) throws Exception {
        box.close();

        assertThat(Box.HOME.resolve(".verger/box/run")).doesNotExist();
        assertThat(Box.HOME.resolve(".verger/box/box.json")).doesNotExist();
        try (var temporary = Files.list(Path.of("/tmp"))) {
            Set<String> names = temporary.filter(file -> box.user().equals(owner(file))).map(Path::toString).collect(Collectors.toSet());
            if (!box.user().equals(System.getProperty("user.name"))) { // who may have others there
                assertThat(names).isEmpty();
            }
        }
    }

    private static String owner(Path file) {
        try {
            return Files.getOwner(file).getName();
        } catch (java.io.IOException e) {
            return "?";
        }
    }
}
