package verger.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import verger.files.ThisMachine;

/** What a dead process has left goes, and what a living one uses stays. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessFilesTest {

    private static final long MIB = 1 << 20;
    private static final String UUID = "0123abcd-0123-4567-89ab-0123456789ab";

    @TempDir
    Path dir;

    private String before;

    /** A process that ends in the middle of its work. */
    static final class Killed {

        private Killed() {
        }

        public static void main(String[] arguments) throws IOException {
            PartFile part = PartFile.in(Path.of(arguments[0]));
            Files.writeString(part.path(), "half a model");
            Files.writeString(ProcessFiles.newFolder("verger-child-").resolve("words"), "words");
            ProcessFiles.newFolder("verger-models-");
            ProcessFiles.newFile("verger-conversion-", ".properties");
            System.out.println(part.path().getFileName());
            Runtime.getRuntime().halt(9);
        }
    }

    @BeforeEach
    void useAFolderForTemporaryFiles() throws IOException {
        before = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", Files.createDirectory(dir.resolve("tmp")).toString());
    }

    @AfterEach
    void useTheOneBefore() {
        System.setProperty("java.io.tmpdir", before);
    }

    /** An unfinished file, as a process of this machine has left it that there is no more: its number has another one now. */
    static Path partOfDead(Path folder) throws IOException {
        String[] name = ProcessFiles.newName(".", ".part").split("_");
        name[2] += "0";
        return Files.createFile(folder.resolve(String.join("_", name)));
    }

    @Test
    void whatAKilledProcessHasLeftGoesWithTheNextOfItsKind() throws IOException {
        ChildJvm.Ended ended =
                ChildJvm.run(Killed.class, new ChildJvm.Bounds(64 * MIB, 512 * MIB, 60), List.of(dir.toString()));
        assertThat(ended.code()).isEqualTo(9);
        assertThat(dir.resolve(ended.lastWords())).hasContent("half a model");
        assertThat(kinds()).containsExactlyInAnyOrder("verger-child-", "verger-models-", "verger-conversion-");

        PartFile.removeOfDead(dir);
        assertThat(dir.resolve(ended.lastWords())).doesNotExist();
        for (String kind : List.of("verger-child-", "verger-models-")) {
            Path folder = ProcessFiles.newFolder(kind);
            assertThat(kinds()).containsOnlyOnce(kind);
            Files.delete(folder);
        }
        Files.delete(ProcessFiles.newFile("verger-conversion-", ".properties"));
        assertThat(dir.resolve("tmp")).isEmptyDirectory();
    }

    private List<String> kinds() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("tmp"))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("[0-9a-f]{8}_.*", "")).toList();
        }
    }

    @Test
    void whatALivingProcessUsesStays() throws Exception {
        Path folder = ProcessFiles.newFolder("verger-models-");
        Path file = ProcessFiles.newFile("verger-conversion-", ".properties");
        Process other = new ProcessBuilder("sleep", "600").start();
        try (PartFile part = PartFile.in(dir)) {
            Path others = Files.createFile(dir.resolve(partOf(other)));
            for (Path each : List.of(file, part.path(), others, folder)) {
                age(each);
            }
            PartFile.removeOfDead(dir);
            Files.delete(ProcessFiles.newFolder("verger-models-"));
            Files.delete(ProcessFiles.newFile("verger-conversion-", ".properties"));
            assertThat(List.of(folder, file, part.path(), others)).allMatch(Files::exists);

            other.destroyForcibly().waitFor();
            PartFile.removeOfDead(dir);
            assertThat(others).doesNotExist();
        } finally {
            other.destroyForcibly();
        }
    }

    private static String partOf(Process process) {
        String[] name = ProcessFiles.newName(".", ".part").split("_");
        name[1] = Long.toString(process.pid());
        name[2] = ThisMachine.startOf(process.pid());
        return String.join("_", name);
    }

    /** A cache may lie on a disk that several machines have. */
    @Test
    void whatIsOfAnotherMachineGoesWhenItIsForgotten() throws IOException {
        Path folder = Files.createDirectory(dir.resolve(".00000000_1_2_" + UUID + ".part"));
        for (String name : List.of(".00000000_1_2_34.part", "." + UUID + ".part")) {
            Path file = Files.createFile(dir.resolve(name));
            PartFile.removeOfDead(dir);
            assertThat(file).exists();
            age(file);
            age(folder);
            PartFile.removeOfDead(dir);
            assertThat(file).doesNotExist();
        }
        assertThat(folder).as("a folder may be in use").exists();
    }

    @Test
    void whatHasAnotherNameIsNoneOfThese() throws IOException {
        String dead = partOfDead(dir).getFileName().toString();
        for (String name : List.of(".part", ".mine.part", ".0123456789.part", dead.replace(".part", ".zip"), dead.substring(1),
                "." + UUID + ".part.zip", ".x" + UUID + ".part", dead.replaceFirst("_[^_]+_", "_" + "9".repeat(30) + "_"))) {
            age(Files.createFile(dir.resolve(name)));
        }
        PartFile.removeOfDead(dir);
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString())).hasSize(9).doesNotContain(dead); // with tmp
        }
    }

    /** In a folder that all may write to. */
    @Test
    void whatAnotherUserHasLeftStays() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a file to another user");
        Path dead = partOfDead(dir);
        Files.setAttribute(dead, "unix:uid", ModelCacheTest.NOBODY);
        PartFile.removeOfDead(dir);
        assertThat(dead).exists();
    }

    @Test
    void aFolderThatIsNotThereHasNothingInIt() {
        PartFile.removeOfDead(dir.resolve("none"));
        assertThat(dir.resolve("none")).doesNotExist();
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }
}
