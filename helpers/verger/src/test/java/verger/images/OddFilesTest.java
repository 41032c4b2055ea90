package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.TestSpark;
import verger.files.LocalPath;

/** Folders as people have them: names of every kind, links, and what is no file at all. */
class OddFilesTest {

    @TempDir
    Path root;

    private final Configuration conf = new Configuration();

    /** @param encoded as in a URI, so that a name can be any bytes */
    static Path named(Path folder, String encoded) {
        return Path.of(URI.create("file://" + folder.toUri().getRawPath().replaceFirst("/$", "") + "/" + encoded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Photo%202024-01-01%2010:22:33.jpg", "100%25.jpg", "odd%2520name.jpg", "a%23b%3Fc.jpg",
        "%7Bx%7D%5By%5D*.jpg", "back%5Cslash.jpg", "new%0Aline.jpg", "caf%E9.jpg", "%FF%FE%80.jpg", "%ED%A0%80.jpg",
        "%EF%BF%BD.jpg",
        "caf%C3%A9.jpg", "cafe%CC%81.jpg", "%F0%9F%8D%8E.jpg", "%20.jpg%20", "a:b", "file:x.jpg", "s3a:.jpg", "-rf.jpg"})
    void aFileOfAnyNameIsReadAndItsOriginLeadsBackToIt(String name) throws IOException {
        byte[] image = TestImages.jpeg(10, Color.RED);
        for (String folder : List.of("plain", name)) {
            Path file = TestImages.write(named(named(root, folder), name), image);

            ListedFile listed = one(ImageReader.listing(named(root, folder).toString().contains("\uFFFD")
                    ? named(root, folder).toUri().toString() : named(root, folder).toString(), conf));
            ListedFile again = one(ImageReader.listing(listed.origin(), conf));

            assertThat(HadoopFilesTest.travelled(listed).read(conf)).isEqualTo(image);
            assertThat(again.origin()).isEqualTo(listed.origin());
            assertThat(LocalPath.of(again.origin())).isEqualTo(file);
            Files.delete(file);
        }
    }

    @Test
    void aNameOf255BytesIsRead() throws IOException {
        Path file = TestImages.write(root.resolve("é".repeat(125) + "x.jpg"), new byte[] {1});
        assertThat(file.getFileName().toString().getBytes(StandardCharsets.UTF_8)).hasSize(255);

        assertThat(one(ImageReader.listing(root.toString(), conf)).read(conf)).containsExactly(1);
        assertThat(one(ImageReader.listing(file.toString(), conf)).origin()).isEqualTo(file.toString());
    }

    /** Names that look alike, or that some file systems take for one. */
    @Test
    void namesThatDifferInCaseOrInTheFormOfAnAccentAreFilesOfTheirOwn() throws IOException {
        String composed = Normalizer.normalize("Café", Normalizer.Form.NFC);
        String apart = Normalizer.normalize("Café", Normalizer.Form.NFD);
        List<String> names = List.of("A.jpg", "a.jpg", composed, apart, "a%41.jpg", "aA.jpg");
        for (String name : names) {
            TestImages.write(root.resolve(name), name.getBytes(StandardCharsets.UTF_8));
        }

        List<ListedFile> files = ImageReader.listing(root.toString(), conf).files();

        assertThat(files).hasSize(names.size());
        for (ListedFile file : files) {
            String name = Path.of(file.origin()).getFileName().toString();
            assertThat(one(ImageReader.listing(file.origin(), conf)).read(conf)).asString(StandardCharsets.UTF_8)
                    .isEqualTo(name);
        }
    }

    /** Hadoop compares each local file with a checksum beside it that an earlier program may have left. */
    @Test
    void aStaleChecksumBesideAPhotographDoesNotMatter() throws IOException {
        Path file = root.resolve("x.jpg");
        try (var out = FileSystem.getLocal(conf).create(new org.apache.hadoop.fs.Path(file.toString()))) {
            out.write(new byte[] {1, 2, 3});
        }
        assertThat(root.resolve(".x.jpg.crc")).exists();
        Files.write(file, new byte[] {4, 5, 6});

        Listing listing = ImageReader.listing(root.toString(), conf);

        assertThat(one(listing).read(conf)).containsExactly(4, 5, 6);
        assertThat(listing.hidden()).isEqualTo(Map.of(root.toString(), 1L));
    }

    @Test
    void aUriWithPercentSignsMeansTheFolderThatABrowserWouldOpen() throws IOException {
        TestImages.write(root.resolve("odd names/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("100%25/0.jpg"), new byte[] {2});

        assertThat(one(ImageReader.listing("file://" + root + "/odd%20names", conf)).read(conf)).containsExactly(1);
        assertThat(one(ImageReader.listing("file://" + root + "//odd%20names/", conf)).origin())
                .isEqualTo(root + "/odd names/0.jpg");
        assertThat(one(ImageReader.listing("file:" + root + "/odd names", conf)).read(conf)).containsExactly(1);
        assertThat(one(ImageReader.listing("file:" + root + "/100%25", conf)).read(conf)).containsExactly(2);
        TestImages.write(root.resolve("100%/0.jpg"), new byte[] {3});
        assertThat(one(ImageReader.listing("file:" + root + "/100%25", conf)).read(conf)).containsExactly(3);
        assertThat(one(ImageReader.listing(root + "/100%25", conf)).read(conf)).containsExactly(2);
        assertThatThrownBy(() -> ImageReader.listing("file://host/x", conf)).hasMessageContaining("does not begin with file:/");
    }

    @Test
    void aLinkUpwardsIsSaidAndEachFileIsListedOnce() throws IOException {
        TestImages.write(root.resolve("A/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("B/1.jpg"), new byte[] {1});
        Files.createSymbolicLink(root.resolve("A/up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("A/also"), root.resolve("B"));

        Listing listing = ImageReader.listing(root.toString(), conf);

        assertThat(listing.files()).extracting(ListedFile::origin).containsExactly(root + "/A/0.jpg", root + "/B/1.jpg");
        assertThat(listing.repeated()).extracting(Object::toString).containsExactly(
                root + "/A/also is " + root + "/B once more",
                root + "/A/up is " + root + " once more");
    }

    @Test
    void aLinkToAFolderElsewhereIsFollowedOnce(@TempDir Path elsewhere) throws IOException {
        TestImages.write(elsewhere.resolve("deep/0.jpg"), new byte[] {1});
        Files.createSymbolicLink(elsewhere.resolve("deep/self"), elsewhere);
        Files.createSymbolicLink(root.resolve("a"), elsewhere);
        Files.createSymbolicLink(root.resolve("b"), elsewhere);
        Files.createSymbolicLink(root.resolve("c.jpg"), elsewhere.resolve("deep/0.jpg"));

        Listing listing = ImageReader.listing(root.toString(), conf);

        assertThat(listing.files()).extracting(ListedFile::origin).containsExactly(root + "/a/deep/0.jpg", root + "/c.jpg");
        assertThat(listing.repeated()).hasSize(2).first().asString()
                .isEqualTo(root + "/a/deep/self is " + root + "/a once more");
        Path link = Files.createSymbolicLink(root.resolve("_here"), elsewhere);
        assertThat(ImageReader.listing(link.toString(), conf).files()).extracting(ListedFile::origin)
                .containsExactly(link + "/deep/0.jpg");
    }

    /** Whoever opens a pipe waits until somebody writes into it. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts who opens a pipe
    void whatIsNoFileIsARowAndIsNeverOpened(@TempDir Path elsewhere) throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", root + "/pipe.jpg").start();
        assertThat(mkfifo.waitFor()).isZero();
        Files.createSymbolicLink(root.resolve("zero.jpg"), Path.of("/dev/zero"));
        Files.createSymbolicLink(root.resolve("dangling.jpg"), root.resolve("none"));
        Files.createSymbolicLink(root.resolve("self.jpg"), root.resolve("self.jpg"));
        Path fileThatWill = TestImages.write(root.resolve("will-be-a-pipe.jpg"), new byte[] {1});
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(elsewhere.resolve("x")));
            Files.createSymbolicLink(root.resolve("socket.jpg"), elsewhere.resolve("x"));

            Listing listing = ImageReader.listing(root.toString(), conf);
            Files.delete(fileThatWill);
            assertThat(new ProcessBuilder("mkfifo", fileThatWill.toString()).start().waitFor()).isZero();

            String none = "unreadable: a named pipe, a socket or a device, which holds no file";
            List<String> reasons = new ArrayList<>();
            for (ListedFile file : listing.files()) {
                reasons.add(Path.of(file.origin()).getFileName() + ": "
                        + UnreadFile.reason(HadoopFilesTest.travelled(file).read(conf)));
            }
            assertThat(reasons).containsExactly("dangling.jpg: unreadable: a link to what is not there", "pipe.jpg: " + none,
                    "self.jpg: unreadable: a link that cannot be followed (Too many levels of symbolic links or unable to access "
                            + "attributes of symbolic link)",
                    "socket.jpg: " + none, "will-be-a-pipe.jpg: " + none, "zero.jpg: " + none);
        }
    }

    @Test
    void hiddenFoldersAreCountedAndNotEntered() throws IOException {
        TestImages.write(root.resolve("a/.Trash-0/files/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("a/.Trash-0/files/1.jpg"), new byte[] {1});
        TestImages.write(root.resolve("a/_tmp.jpg"), new byte[] {1});
        TestImages.write(root.resolve("a/lost+found/2.jpg"), new byte[] {1});

        ImageListing listing = Images.reader(TestSpark.session()).list(root.toString());

        assertThat(listing.hidden()).isEqualTo(Map.of(root + "/a", 2L));
        assertThat(listing.size()).isEqualTo(1);
        assertThat(listing).hasToString("1 file; passed over 2 hidden names");
    }

    @Test
    void patternsMeanWhatTheyMeanInHadoop() throws IOException {
        for (String name : List.of("a1/x 10:22.jpg", "a2/y.jpg", "b1/x.jpg", "b1/{z}.jpg", "é/x.jpg")) {
            TestImages.write(root.resolve(name), new byte[] {1});
        }
        Map<String, List<String>> expected = Map.of("a*", List.of("a1/x 10:22.jpg", "a2/y.jpg"),
                "[^a]?/x.jpg", List.of("b1/x.jpg"), "{a1,b1/x*}", List.of("a1/x 10:22.jpg", "b1/x.jpg"),
                "?/*", List.of("é/x.jpg"), "*/\\{z\\}.*", List.of("b1/{z}.jpg"), "[a-b]1/{z}.jpg", List.of());

        expected.forEach((pattern, names) -> {
            if (names.isEmpty()) {
                assertThatThrownBy(() -> ImageReader.listing(root + "/" + pattern, conf))
                        .isInstanceOf(FileNotFoundException.class);
                return;
            }
            assertThat(files(root + "/" + pattern)).containsExactlyElementsOf(
                    names.stream().map(name -> root + "/" + name).toList());
        });
    }

    /** Hadoop's own paths have no .. in them, and a table that is compared with one of them would differ. */
    @Test
    void anOriginHasNoDotsInIt(@TempDir Path elsewhere) throws IOException {
        Path real = elsewhere.toRealPath();
        TestImages.write(real.resolve("b/0.jpg"), new byte[] {1});
        TestImages.write(real.resolve("deep/x"), new byte[] {1});
        Files.createSymbolicLink(root.resolve("link"), real.resolve("deep"));
        TestImages.write(root.resolve("a/0.jpg"), new byte[] {1});

        for (String name : List.of("link/../b", "link/../b/*", "link/.././b/0.jpg", "link/../*/0.jpg")) {
            assertThat(files(root + "/" + name)).containsExactly(real + "/b/0.jpg");
            assertThat(UnreadableFoldersTest.watched(root + "/" + name)).extracting(ListedFile::origin)
                    .containsExactly(real + "/b/0.jpg");
        }
        for (String name : List.of("a/../a", "a/../a/*", "a/./../a/0.jpg", "./a//")) {
            assertThat(files(root + "/" + name)).containsExactly(root + "/a/0.jpg");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none{", "none[", "{a,b"})
    void whatIsNoPatternIsSaid(String name) {
        assertThatThrownBy(() -> Images.read(TestSpark.session(), root + "/" + name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot list the images at " + root + "/" + name
                        + ": there is nothing of that name, and it is no pattern (")
                .hasMessageEndingWith("): put a backslash before a bracket of a name");
    }

    @Test
    void aFileWhoseNameAFolderHasTakenIsGone() throws IOException {
        Path file = TestImages.write(root.resolve("a/0.jpg"), new byte[] {1});
        ListedFile listed = one(ImageReader.listing(root.toString(), conf));
        Files.delete(file);
        Files.createDirectories(file);

        assertThatThrownBy(() -> listed.read(conf)).isInstanceOf(NoSuchFileException.class);
    }

    private List<String> files(String uri) {
        try {
            return ImageReader.listing(uri, conf).files().stream().map(ListedFile::origin).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theLimitLeavesOutRowsWithAReason() {
        for (int i = 0; i < 10; i++) {
            TestImages.write(root.resolve("a/" + i + ".jpg"), new byte[] {1});
        }

        ImageListing listing = Images.reader(TestSpark.session()).limit(4).list(root.toString());

        assertThat(listing.images().count()).isEqualTo(4);
        Dataset<Row> left = listing.leftOut();
        assertThat(left.count()).isEqualTo(6);
        assertThat(left.select("reason").distinct().collectAsList()).extracting(row -> row.getString(0))
                .isEqualTo(List.of("not taken: the limit is 4 images"));
        assertThat(left.select("origin").intersect(listing.images().select("origin")).count()).isZero();
        assertThat(listing).hasToString("10 files, 6 of them not taken");
    }

    @Test
    void keysThatHadoopTakesForOneAreRowsOfTheirOwn() {
        List<ListedFile> told = SameNames.told(List.of(ListedFile.of("s3a://b/x/a.jpg", 1), ListedFile.of("s3a://b/x/a.jpg", 2),
                ListedFile.of("s3a://b/x/a.jpg", 3), ListedFile.of("s3a://b/x/b.jpg", 4)));

        assertThat(told).extracting(ListedFile::origin)
                .containsExactly("s3a://b/x///a.jpg", "s3a://b/x//a.jpg", "s3a://b/x/a.jpg", "s3a://b/x/b.jpg");
        assertThat(told.get(0).problem()).isEqualTo(told.get(1).problem()).startsWith("unreadable: the key holds //");
        assertThat(told.get(2).problem()).isNull();
    }

    private static ListedFile one(Listing listing) {
        assertThat(listing.files()).hasSize(1);
        return listing.files().get(0);
    }
}
