package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.images.HadoopFiles.ListedFile;
import verger.images.HadoopFiles.Listing;

class HadoopFilesTest {

    @TempDir
    Path root;

    @Test
    void aVideoOf2600MegabytesIsNotRead() throws IOException {
        Path video = TestImages.write(root.resolve("a/VID_0001.mp4"), new byte[0]);
        try (RandomAccessFile file = new RandomAccessFile(video.toFile(), "rw")) {
            file.setLength(2_600_000_000L); // sparse: no disk is needed
        }

        assertReason(only(), "too large: 2600 MB, and files of more than 256 MB are not read");
    }

    @Test
    void ofAFileThatIsNoImageOnlyTheBeginningIsRead() throws IOException {
        byte[] noise = new byte[1_000_000];
        new Random(1).nextBytes(noise);
        noise[0] = 'x';
        TestImages.write(root.resolve("a/notes.bin"), noise);

        assertThat(only().read(new Configuration())).hasSizeLessThan(200);
        assertReason(only(), "not an image: none of JPEG, PNG, GIF, BMP, TIFF");
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

    private ListedFile only() throws IOException {
        ListedFile file = HadoopFiles.list(root.toString(), new Configuration()).files().get(0);
        return ListedFile.deserialize(file.serialized());
    }

    private static void assertReason(ListedFile file, String reason) throws IOException {
        byte[] content = file.read(new Configuration());
        assertThatThrownBy(() -> RgbImage.decode(content)).isInstanceOf(UnusableImageException.class).hasMessage(reason);
    }
}
