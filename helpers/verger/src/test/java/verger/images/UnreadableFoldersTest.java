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
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may not look into; as root the test looks by a process without root's right to look everywhere. */
class UnreadableFoldersTest {

    @TempDir
    Path folder;

    @AfterEach
    void open() throws Exception {
        for (String name : List.of("lost+found", "names-only", "photos", ".Trash")) {
            allow(name, "rwxr-xr-x");
        }
    }

    private void allow(String name, String permissions) throws Exception {
        if (Files.exists(folder.resolve(name))) {
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(permissions));
        }
    }

    private void writeWhatMayNotBeRead() throws Exception {
        TestImages.write(folder.resolve("a/0.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("a/secret.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("lost+found/1.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("names-only/2.jpg"), new byte[] {1});
        allow("lost+found", "---------");
        allow("names-only", "r--------");
        Files.setPosixFilePermissions(folder.resolve("a/secret.jpg"), PosixFilePermissions.fromString("---------"));
    }

    @Test
    void aFolderWithoutReadPermissionIsARowAndTheRestIsRead() throws Exception {
        writeWhatMayNotBeRead();

        assertThat(child(folder.toString())).containsExactly(folder + "/a/0.jpg: null",
                folder + "/a/secret.jpg: not permitted: this user may not read the file",
                folder + "/lost+found: not permitted: this user may not list the folder",
                folder + "/names-only/2.jpg: not permitted: this user may not look into the folder");
    }

    @Test
    void aPatternIsReadBesideAFolderWithoutReadPermission() throws Exception {
        TestImages.write(folder.resolve("a/0.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("a/deep/1.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("lost+found/2.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("lost+found/deep/3.jpg"), new byte[] {1});
        allow("lost+found", "---------");
        String refused = folder + "/lost+found: not permitted: this user may not list the folder";

        assertThat(child(folder + "/*/*.jpg", folder + "/*/deep/*.jpg", folder + "/lost*", folder + "/lost+found/*.jpg"))
                .containsExactly(folder + "/a/0.jpg: null", refused, folder + "/a/deep/1.jpg: null", refused, refused,
                        "this user may not list the folder");
    }

    /** HDFS by another name: Hadoop's file system refuses folders as HDFS does. */
    @Test
    void ofAnotherFileSystemTheRestIsReadToo() throws Exception {
        TestImages.write(folder.resolve("a/0.jpg"), new byte[] {1});
        TestImages.write(folder.resolve("lost+found/1.jpg"), new byte[] {1});
        TestImages.write(folder.resolve(".Trash/2.jpg"), new byte[] {1});
        allow("lost+found", "---------");
        allow(".Trash", "---------");
        String here = "troubled://here" + folder;
        String refused = here + "/lost+found: not permitted: this user may not list the folder";

        List<String> lines = child(here, here + "/*/*.jpg", here + "/lost+found");

        assertThat(lines).hasSize(5).startsWith(here + "/a/0.jpg: null", refused, here + "/a/0.jpg: null", refused);
        assertThat(lines.get(4)).contains("Permission denied");
    }

    @Test
    void theRestOfAWatchedFolderIsReadToo() throws Exception {
        writeWhatMayNotBeRead();

        assertThat(child("watched:" + folder)).containsExactly(folder + "/a/0.jpg: null",
                folder + "/a/secret.jpg: not permitted: this user may not read the file");
    }

    /** Nothing at all is listed, so that is no reason of a row. */
    @Test
    void theFolderItselfWithoutReadPermissionIsAnError() throws Exception {
        Files.createDirectories(folder.resolve("photos"));
        allow("photos", "---------");

        assertThat(child(folder + "/photos")).containsExactly("this user may not list the folder");
    }

    private List<String> child(String... photos) throws Exception {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), UnreadableFoldersTest.class.getName()));
        command.addAll(List.of(photos));
        Path out = Files.createTempFile("verger", ".out");
        Path err = Files.createTempFile("verger", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(600, TimeUnit.SECONDS)) {
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
        for (String photos : arguments) {
            try {
                print(photos, TroubledFileSystem.configured());
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void print(String photos, Configuration conf) throws IOException {
        List<ListedFile> files = photos.startsWith("watched:")
                ? watched(photos.substring("watched:".length())) : ImageReader.listing(photos, conf).files();
        for (ListedFile file : files) {
            String reason;
            try {
                reason = UnreadFile.reason(file.read(conf));
            } catch (IOException e) {
                reason = new ReadFailure(file, e, photos, "driver").reason(conf, 1);
            }
            System.out.println(file.origin() + ": " + reason);
        }
    }

    /** What Spark is told of a folder that it watches. */
    static List<ListedFile> watched(String folder) throws IOException {
        Configuration conf = new Configuration();
        WatchedFiles.settings(folder, folder).forEach(conf::set);
        FileSystem fs = WatchedFiles.ROOT.getFileSystem(conf);
        List<ListedFile> files = new ArrayList<>();
        for (FileStatus file : fs.listStatus(WatchedFiles.ROOT)) {
            assertThat(fs.listStatus(file.getPath())).containsExactly(file);
            files.add(ListedFile.of(file.getPath().toUri().getPath(), file.getLen()));
        }
        return files;
    }
}
