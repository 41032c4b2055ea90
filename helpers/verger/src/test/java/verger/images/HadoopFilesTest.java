package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.images.HadoopFiles.ListedFile;
import verger.images.HadoopFiles.Listing;

class HadoopFilesTest {

    @TempDir
    Path root;

    private final Configuration conf = TroubledFileSystem.configured();

    @Test
    void aVideoOf2600MegabytesIsNotRead() throws IOException {
        Path video = TestImages.write(root.resolve("a/VID_0001.mp4"), new byte[0]);
        try (RandomAccessFile file = new RandomAccessFile(video.toFile(), "rw")) {
            file.setLength(2_600_000_000L); // sparse: no disk is needed
        }

        assertReason(only(), "too large: 2600 MB, and files of more than 256 MB are not read");
    }

    @Test
    void twoHundredAndFiftySixMegabytesAreNotTooLarge() throws IOException {
        Path picture = TestImages.write(root.resolve("a/large.tif"), new byte[0]);
        try (RandomAccessFile file = new RandomAccessFile(picture.toFile(), "rw")) {
            file.setLength(256_000_000);
            file.writeBytes("none");
            assertReason(only(), "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP");
            file.setLength(256_000_001);
            assertReason(only(), "too large: 256 MB, and files of more than 256 MB are not read");
        }
    }

    /** An endless one, too: of 2600 MB no more is read than shows that it is too large. */
    @Test
    void aFileThatGrewBeyondTheLimitIsNotRead() throws IOException {
        Path growing = TestImages.write(root.resolve("a/0.jpg"), TestImages.jpeg(400, Color.RED));
        ListedFile listed = only();
        try (RandomAccessFile file = new RandomAccessFile(growing.toFile(), "rw")) {
            file.setLength(2_600_000_000L);
        }

        assertReason(listed, "too large: 256 MB, and files of more than 256 MB are not read");
    }

    @Test
    void ofAFileThatIsNoImageOnlyTheBeginningIsRead() throws IOException {
        byte[] noise = new byte[1_000_000];
        new Random(1).nextBytes(noise);
        noise[0] = 'x';
        TestImages.write(root.resolve("a/notes.bin"), noise);

        assertThat(only().read(new Configuration())).hasSizeLessThan(200);
        assertReason(only(), "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP");
    }

    @Test
    void aFileThatGrewOrShrankAfterTheListingIsReadAsItIs() throws IOException {
        byte[] small = TestImages.jpeg(400, Color.RED);
        byte[] large = TestImages.jpeg(1200, Color.BLUE);
        assertThat(small.length).isGreaterThan(4096);
        Path file = TestImages.write(root.resolve("a/0.jpg"), small);
        ListedFile listedSmall = only();
        Files.write(file, large);
        ListedFile listedLarge = only();

        assertThat(listedSmall.read(new Configuration())).isEqualTo(large);
        Files.write(file, small);
        assertThat(listedLarge.read(new Configuration())).isEqualTo(small);
        Files.write(file, new byte[10]);
        ListedFile listedTiny = only();
        Files.write(file, large);
        assertThat(listedTiny.read(new Configuration())).isEqualTo(large);
        Files.write(file, new byte[10]);
        assertThat(listedLarge.read(new Configuration())).isEqualTo(new byte[10]);
    }

    @Test
    void anObjectThatWasOverwrittenIsOpenedAfresh() throws IOException {
        byte[] image = TestImages.jpeg(400, Color.RED);
        TestImages.write(root.resolve("a/0.jpg"), image);
        Configuration conf = OverwrittenFileSystem.configured();

        ListedFile file = HadoopFiles.list("overwritten://" + root + "/a/*", conf).files().get(0);

        assertThat(file.read(conf)).isEqualTo(image);
    }

    @Test
    void anObjectThatWasOverwrittenIsFoundOutDeepDownToo() throws Exception {
        ListedFile file = troubled(TestImages.jpeg(400, Color.RED));
        TroubledFileSystem.failsToOpen(new IOException("unable to open",
                new RuntimeException(new RemoteFileChangedException("x", "open", "ETag was not the listed one"))));

        assertThatThrownBy(() -> file.read(conf)).isInstanceOf(IOException.class).hasMessage("unable to open");
        assertThat(TroubledFileSystem.OPENED).hasValue(2);
    }

    /** To try again is for Spark, which waits and takes another executor. */
    @Test
    void afterAnyOtherFailureAFileIsNotOpenedAgain() throws Exception {
        ListedFile file = troubled(TestImages.jpeg(400, Color.RED));
        TroubledFileSystem.failsToOpen(new FileNotFoundException("x"));
        assertThatThrownBy(() -> file.read(conf)).isInstanceOf(FileNotFoundException.class).hasMessage("x");
        assertThat(TroubledFileSystem.OPENED).hasValue(1);

        TroubledFileSystem.failsToOpen(new IllegalStateException("pool shut down"));
        assertThatThrownBy(() -> file.read(conf)).isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("pool shut down").hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(TroubledFileSystem.OPENED).hasValue(2);
    }

    @Test
    void aTaskThatIsKilledDoesNotWaitForAFile() throws Exception {
        ListedFile file = troubled(TestImages.jpeg(400, Color.RED));
        TroubledFileSystem.opensWith(new CompletableFuture<>());
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> file.read(conf)).isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted while opening troubled://here" + root + "/a/0.jpg");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    /** An executor opens such a file by its name alone. */
    @Test
    void aFileWhoseStatusCannotTravelDoes() throws Exception {
        byte[] image = TestImages.jpeg(400, Color.RED);
        ListedFile file = troubled(image);

        assertThat(file.read(conf)).isEqualTo(image);
        assertThat(file.length()).isEqualTo(image.length);
    }

    @Test
    void anExecutorThatLacksTheFileSystemSaysSo() throws IOException {
        FileStatus status = new FileStatus(5, false, 1, 1, 0, new org.apache.hadoop.fs.Path("file:/a/0.jpg"));
        byte[] file = new ListedFile(new TroubledFileSystem.Elsewhere(status)).serialized();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("$Elsewhere");
        byte[] renamed = text.replace("$Elsewhere", "$Elsewhen.").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> ListedFile.deserialize(renamed)).isInstanceOf(IOException.class)
                .hasMessage("the file system of this file is missing here: verger.images.TroubledFileSystem$Elsewhen.");
    }

    @Test
    void credentialsThatMayNotListAreSaid() {
        TroubledFileSystem.failsToList(new AccessDeniedException("s3a://listing/x: 403 Forbidden"));

        assertThatThrownBy(() -> HadoopFiles.list("s3a://listing/x", conf)).isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "S3 at s3.amazonaws.com refuses these credentials for listing: check AWS_ACCESS_KEY_ID");
    }

    @Test
    void whatIsNotThereIsSaidForEveryKindOfName() {
        String none = "there is no folder, file or match of that name (looked for ";
        for (String name : new String[] {root + "/none", root + "/none*", root + "/{a,b}/[0-9].jpg"}) {
            assertThatThrownBy(() -> HadoopFiles.list(name, conf)).isInstanceOf(FileNotFoundException.class)
                    .hasMessage(none + "file:" + name + ")");
        }
        assertThatThrownBy(() -> HadoopFiles.list("troubled://*/none", conf)).isInstanceOf(FileNotFoundException.class)
                .hasMessage(none + "troubled://*/none)");
        assertThatThrownBy(() -> HadoopFiles.list(":x", conf)).isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith("not a path or URI (");
    }

    @Test
    void theReasonIsTheTrueOne() throws IOException {
        Path file = TestImages.write(root.resolve("a/0.jpg"), new byte[] {1});
        ListedFile listed = only();

        assertThat(ReadFile.reason(listed, new AccessDeniedException("x"), "driver")).startsWith("not permitted");
        assertThat(ReadFile.reason(listed, new FileNotFoundException("x (Permission denied)"), "driver"))
                .isEqualTo("not permitted: this user may not read the file");
        Files.delete(file);
        assertThat(ReadFile.reason(listed, new FileNotFoundException("x"), "driver"))
                .isEqualTo("gone: the file was deleted after it was listed");
        assertThat(ReadFile.reason(listed, new FileNotFoundException("x"), "3")).isEqualTo(
                "not found on executor 3: deleted after it was listed, or on a disk that only the driver has");
        assertThat(ReadFile.reason(new ListedFile("s3a://bucket" + file, 1), new FileNotFoundException("x"), "3"))
                .isEqualTo("gone: the file was deleted after it was listed");
        Files.write(file, new byte[] {1});
        assertThat(ReadFile.reason(new ListedFile("s3a://bucket" + file, 1), new FileNotFoundException("x"), "driver"))
                .isEqualTo("gone: the file was deleted after it was listed");
    }

    @Test
    void aPatternDoesNotMatchHiddenFiles() throws IOException {
        Path pictures = root.resolve("_mine/pics");
        for (String name : new String[] {".DS_Store", "_SUCCESS", "_tmp/1.jpg", "a/.hidden.jpg", "a/1.jpg", "2.jpg"}) {
            TestImages.write(pictures.resolve(name), new byte[] {1});
        }

        Listing listing = HadoopFiles.list(pictures + "/*", new Configuration());

        assertThat(listing.files()).extracting(ListedFile::origin)
                .containsExactly(pictures + "/2.jpg", pictures + "/a/1.jpg");
        assertThat(listing.hidden()).isEqualTo(4);
        assertThat(HadoopFiles.list(root + "/_mine/{pics/a,pics}/1*", new Configuration()).files()).hasSize(1);
        assertThat(HadoopFiles.list(pictures + "/_tmp", new Configuration()).files()).hasSize(1);
        assertThat(HadoopFiles.list(pictures + "/.DS_Store", new Configuration()).files()).hasSize(1);
    }

    @Test
    void filesThatAPatternMatchesAreNotListedOneByOne() throws IOException {
        for (int i = 0; i < 20; i++) {
            TestImages.write(root.resolve("a/" + i + ".jpg"), new byte[] {1});
        }
        OverwrittenFileSystem.LISTINGS.set(0);

        assertThat(HadoopFiles.list("overwritten://" + root + "/a/*.jpg", OverwrittenFileSystem.configured()).files())
                .hasSize(20);
        assertThat(OverwrittenFileSystem.LISTINGS).hasValue(0);
    }

    /** As an executor gets it, by a pattern: this file system's own status comes with it then. */
    private ListedFile troubled(byte[] content) throws IOException {
        TestImages.write(root.resolve("a/0.jpg"), content);
        ListedFile file = HadoopFiles.list("troubled://here" + root + "/a/*", conf).files().get(0);
        return ListedFile.deserialize(file.serialized());
    }

    private ListedFile only() throws IOException {
        ListedFile file = HadoopFiles.list(root.toString(), new Configuration()).files().get(0);
        return ListedFile.deserialize(file.serialized());
    }

    private static void assertReason(ListedFile file, String reason) throws IOException {
        byte[] content = file.read(new Configuration());
        assertThatThrownBy(() -> RgbImage.decode(content)).isInstanceOf(UnusableImageException.class).hasMessage(reason);
    }
}
