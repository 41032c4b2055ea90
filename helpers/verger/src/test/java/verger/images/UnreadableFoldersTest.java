package verger.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may not look into; as root the test looks by a process without root's right to look everywhere. */
class UnreadableFoldersTest {

    @TempDir
    Path folder;

    @AfterEach
    void open() throws Exception {
        for (String name : List.of("lost+found", "names-only", "photos")) {
            allow(name, "rwxr-xr-x");
        }
    }

    private void allow(String name, String permissions) throws Exception {
        if (Files.exists(folder.resolve(name))) {
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(permissions));
        }
    }

    @Test
    void aFolderWithoutReadPermissionIsARowAndTheRestIsRead() throws Exception {
        TestImages.write(folder.resolve("a/0.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("a/secret.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("lost+found/1.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("names-only/2.jpg"), new byte[] {1});
        allow("lost+found", "---------");
        allow("names-only", "r--------");
        Files.setPosixFilePermissions(folder.resolve("a/secret.jpg"), PosixFilePermissions.fromString("---------"));

        assertThat(child(folder)).containsExactly(folder + "/a/0.jpg: null",
                folder + "/a/secret.jpg: not permitted: this user may not read the file",
                folder + "/lost+found: not permitted: this user may not list the folder",
                folder + "/names-only/2.jpg: not permitted: this user may not look into the folder");
    }

    /** Nothing at all is listed, so that is no reason of a row. */
    @Test
    void theFolderItselfWithoutReadPermissionIsAnError() throws Exception {
        Files.createDirectories(folder.resolve("photos"));
        allow("photos", "---------");

        assertThat(child(folder.resolve("photos"))).containsExactly("this user may not list the folder");
    }

    private List<String> child(Path photos) throws Exception {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), UnreadableFoldersTest.class.getName(), photos.toString()));
        Path out = Files.createTempFile("verger", ".out");
        Path err = Files.createTempFile("verger", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("The child did not end: " + Files.readString(err));
            }
            assertThat(process.exitValue()).as(Files.readString(err)).isZero();
            return Files.readAllLines(out);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static boolean isRoot() throws Exception {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** The child. */
    public static void main(String[] arguments) throws Exception {
        Configuration conf = new Configuration();
        Listing listing;
        try {
            listing = ImageReader.listing(arguments[0], conf);
        } catch (IOException e) {
            System.out.println(e.getMessage());
            return;
        }
        for (ListedFile file : listing.files()) {
            String reason;
            try {
                reason = UnreadFile.reason(file.read(conf));
            } catch (IOException e) {
                reason = new ReadFailure(file, e, arguments[0], "driver").reason(conf, 1);
            }
            System.out.println(file.origin() + ": " + reason);
        }
    }
}
