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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void anObjectBeyondTheLimitIsNotOpened() throws IOException {
        assertThat(UnreadFile.reason(HadoopFiles.read("troubled://here" + root + "/video.mp4", 256_000_001, null, conf)))
                .isEqualTo("too large: 256 MB, and files of more than 256 MB are not read");
        assertThat(TroubledFileSystem.OPENED).hasValue(0);
    }

    /** A connection that breaks off looks like an end. Of another file system a file may be shorter than it was. */
    @Test
    void anObjectOfWhichLessComesIsNotWhole() throws IOException {
        Path file = TestImages.write(root.resolve("a/0.jpg"), TestImages.jpeg(400, Color.RED));
        long length = Files.size(file);

        assertThatThrownBy(() -> HadoopFiles.read("s3a://breaks-off" + file, length + 1, null, conf))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer ended after " + length + " of " + (length + 1) + " bytes");
        assertThat(HadoopFiles.read("troubled://here" + file, length + 1, null, conf)).hasSize((int) length);
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
        byte[] file = ListedFile.of(new TroubledFileSystem.Elsewhere(status)).serializedStatus();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("$Elsewhere");
        byte[] renamed = text.replace("$Elsewhere", "$Elsewhen.").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> ListedFile.of("hdfs:/a/0.jpg", 5, renamed, null)).isInstanceOf(IOException.class)
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
            assertThatThrownBy(() -> ImageReader.listing(name, conf)).isInstanceOf(FileNotFoundException.class)
                    .hasMessage(none + "file:" + name + ")");
        }
        assertThatThrownBy(() -> HadoopFiles.list("troubled://*/none", conf)).isInstanceOf(FileNotFoundException.class)
                .hasMessage(none + "troubled://*/none)");
        assertThatThrownBy(() -> ImageReader.listing(":x", conf)).isInstanceOf(FileNotFoundException.class)
                .hasMessage(none + "file:" + Path.of(":x").toAbsolutePath() + ")");
        assertThatThrownBy(() -> ImageReader.listing("a\0b", conf)).isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith("not a path or URI (");
    }

    @Test
    void theReasonIsTheTrueOne() throws IOException {
        Path file = TestImages.write(root.resolve("a/0.jpg"), new byte[] {1});
        ListedFile listed = only();

        assertThat(reason(listed, new AccessDeniedException("x"), "driver"))
                .isEqualTo("not permitted: this user may not read the file");
        assertThat(reason(listed, new FileSystemException("x", null, "Input/output error"), "driver"))
                .isEqualTo("unreadable: Input/output error");
        Files.delete(file);
        assertThat(reason(listed, new NoSuchFileException("x"), "driver"))
                .isEqualTo("gone: the file was deleted after it was listed");
        assertThat(reason(listed, new NoSuchFileException("x"), "3")).isEqualTo(
                "not found on executor 3: deleted after it was listed, or on a disk that only the driver has");
        ListedFile ofHdfs = ListedFile.of("troubled://bucket" + file, 1);
        assertThat(reason(ofHdfs, new FileNotFoundException("x"), "3"))
                .isEqualTo("gone: the file was deleted after it was listed");
        assertThat(new ReadFailure(ofHdfs, new IOException("connection reset"), root.toString(), "3").reason(conf, 3))
                .isEqualTo("unreadable: connection reset; 3 tries");
    }

    private String reason(ListedFile file, IOException e, String executor) throws IOException {
        ReadFailure failure = new ReadFailure(file, e, root.toString(), executor);
        failure.requirePlace(conf, true);
        return failure.reason(conf, 1);
    }

    /** Ninety thousand rows would say the same. */
    @Test
    void aFolderThatIsGoneAltogetherIsNoReasonOfOneFile() throws IOException {
        TestImages.write(root.resolve("a/0.jpg"), new byte[] {1});
        ListedFile listed = only();
        String gone = root + "/none";

        assertThatThrownBy(() -> new ReadFailure(listed, new NoSuchFileException("x"), gone, "driver").requirePlace(conf, true))
                .hasMessage("The photographs at " + gone + " cannot be read: it was deleted after it was listed");
        assertThatThrownBy(() -> new ReadFailure(listed, new NoSuchFileException("x"), gone, "3").requirePlace(conf, true))
                .hasMessage(
                        "The photographs at " + gone + " cannot be read: it is not there on executor 3: put the photographs "
                                + "where all executors can read them, on S3 or HDFS");
    }

    @Test
    void credentialsThatExpiredAreNoReasonOfOneFile() {
        ListedFile object = ListedFile.of("s3a://expired/a.jpg", 1);
        IOException expired =
                new AccessDeniedException("a.jpg", null, "The provided token has expired. (Error Code: ExpiredToken)");

        assertThatThrownBy(() -> new ReadFailure(object, expired, "s3a://expired/", "3").requirePlace(conf, false))
                .hasMessageStartingWith(
                        "The photographs at s3a://expired/ cannot be read: S3 at s3.amazonaws.com refuses these "
                                + "credentials for expired: ");
    }

    @Test
    void aPatternDoesNotMatchHiddenFiles() throws IOException {
        Path pictures = root.resolve("_mine/pics");
        for (String name : new String[] {".DS_Store", "_SUCCESS", "_tmp/1.jpg", "a/.hidden.jpg", "a/1.jpg", "2.jpg"}) {
            TestImages.write(pictures.resolve(name), new byte[] {1});
        }

        Listing listing = ImageReader.listing(pictures + "/*", new Configuration());

        assertThat(listing.files()).extracting(ListedFile::origin)
                .containsExactly(pictures + "/2.jpg", pictures + "/a/1.jpg");
        assertThat(listing.hidden()).isEqualTo(Map.of(pictures.toString(), 3L, pictures + "/a", 1L));
        assertThat(ImageReader.listing(root + "/_mine/{pics/a,pics}/1*", new Configuration()).files()).hasSize(1);
        assertThat(ImageReader.listing(pictures + "/_tmp", new Configuration()).files()).hasSize(1);
        assertThat(ImageReader.listing(pictures + "/.DS_Store", new Configuration()).files()).hasSize(1);
    }

    @Test
    void aHiddenFolderIsOneHiddenName() throws IOException {
        for (String name : new String[] {".Trash/1.jpg", ".Trash/deep/2.jpg", "a/_tmp/3.jpg", "a/_4.jpg", "a/5.jpg"}) {
            TestImages.write(root.resolve(name), new byte[] {1});
        }
        String here = "troubled://here" + root;

        assertThat(HadoopFiles.list(here, conf).hidden()).isEqualTo(Map.of(here, 1L, here + "/a", 2L));
        assertThat(ImageReader.listing(root.toString(), conf).hidden()).isEqualTo(Map.of(root.toString(), 1L, root + "/a", 2L));
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
        return travelled(file);
    }

    /** As an executor gets it. */
    static ListedFile travelled(ListedFile file) throws IOException {
        return ListedFile.of(file.origin(), file.length(), file.serializedStatus(), file.problem());
    }

    private ListedFile only() throws IOException {
        ListedFile file = ImageReader.listing(root.toString(), new Configuration()).files().get(0);
        return travelled(file);
    }

    private static void assertReason(ListedFile file, String reason) throws IOException {
        byte[] content = file.read(new Configuration());
        assertThatThrownBy(() -> RgbImage.decode(content)).isInstanceOf(UnusableImageException.class).hasMessage(reason);
    }
}
