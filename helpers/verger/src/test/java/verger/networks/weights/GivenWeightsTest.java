package verger.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.networks.WeightsNotFoundException;

/** A file that a user names comes whole from wherever it is, or not at all, and then with the true reason. */
class GivenWeightsTest {

    private static final byte[] CONTENT = "the weights".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private final Configuration hadoop = FaultyBucket.configured();

    @Test
    void aLocalFileThatIsNoneSaysWhatItIs() {
        assertRefused("no/such.h5", "no such local file: " + Path.of("no/such.h5").toAbsolutePath());
        assertRefused(dir + "/such.h5", "no such local file");
        assertRefused(dir.toString(), "a directory");
        assertRefused("/dev/null", "not readable");
    }

    @Test
    void aFileThatMayBeMissingIsNullWhereItIs() throws IOException {
        Path file = Files.write(dir.resolve("card.json"), CONTENT);

        assertThat(given().findIfThere(dir + "/none.json", hadoop)).isNull();
        assertThat(given().findIfThere(file.toString(), hadoop).file()).isEqualTo(file);
        assertThat(given().findIfThere("faulty://given" + dir + "/none.json", hadoop)).isNull();
        assertThat(given().findIfThere("faulty://given" + file, hadoop).file()).hasBinaryContent(CONTENT);
    }

    /** Weights without their card would else be read in another way while the network is down. */
    @Test
    void aFileOfWhichNobodyKnowsIsNotMissing() {
        FaultyBucket.failure = () -> new IOException("connection reset");
        assertThatThrownBy(() -> given().findIfThere("faulty://given" + dir + "/none.json", hadoop))
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessageContaining("(IOException: connection reset)");
        assertThatThrownBy(() -> given().findIfThere("nosuch://given/none.json", hadoop))
                .isInstanceOf(WeightsNotFoundException.class);
    }

    @Test
    void aCopyThatWasCutShortIsMadeAgain() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Path copy = given().find("faulty://given" + file, hadoop).file();
        Files.writeString(copy, "the wei");

        Weights again = given().find("faulty://given" + file, hadoop);

        assertThat(again.file()).isEqualTo(copy).hasBinaryContent(CONTENT);
        assertOnlyInCopies(1);
    }

    /** As long as before: a bad disk, or a machine that stopped before the content was written. */
    @Test
    void aCopyThatIsDamagedIsMadeAgain() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Path copy = given().find("faulty://given" + file, hadoop).file();
        Files.write(copy, new byte[CONTENT.length]);

        Weights again = given().find("faulty://given" + file, hadoop);

        assertThat(again.file()).isEqualTo(copy).hasBinaryContent(CONTENT);
        assertThat(again.sha256()).isEqualTo(Checksums.sha256(file));
        assertOnlyInCopies(1);
    }

    /** Those of Verger 0.2.0 and before are not known by anything. */
    @Test
    void aCopyWithoutItsChecksumIsMadeAgain() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Path copy = given().find("faulty://given" + file, hadoop).file();
        Files.write(copy, new byte[CONTENT.length]);
        Files.delete(copy.resolveSibling(copy.getFileName() + ".sha256"));

        assertThat(given().find("faulty://given" + file, hadoop).file()).isEqualTo(copy).hasBinaryContent(CONTENT);
        assertOnlyInCopies(1);
    }

    @Test
    void aCopyThatIsWholeIsNotFetchedAgain() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Weights first = given().find("faulty://given" + file, hadoop);
        FaultyBucket.failureToOpen = () -> new IOException("connection reset");

        assertThat(given().find("faulty://given" + file, hadoop)).isEqualTo(first);
    }

    /** Whoever may write to it may have changed both. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".sha256"})
    void aCopyThatOthersCanWriteIsMadeAgain(String suffix) throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Path copy = given().find("faulty://given" + file, hadoop).file();
        Files.writeString(copy, "THE WEIGHTS.");
        Path sum = copy.resolveSibling(copy.getFileName() + ".sha256");
        Files.writeString(sum, Checksums.sha256(copy));
        Files.setPosixFilePermissions(copy.resolveSibling(copy.getFileName() + suffix),
                PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(given().find("faulty://given" + file, hadoop).file()).isEqualTo(copy).hasBinaryContent(CONTENT);
        for (Path made : new Path[] {copy, sum}) {
            assertThat(Files.getPosixFilePermissions(made)).doesNotContain(PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_WRITE);
        }
    }

    @Test
    void copiesLieWhereOthersCannotWrite() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Path copies = Files.createDirectory(dir.resolve("copies"));
        Files.setPosixFilePermissions(copies, PosixFilePermissions.fromString("rwxrwxrwx"));

        given().find("faulty://given" + file, hadoop);

        assertThat(Files.getPosixFilePermissions(copies)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void whatADeadProcessHasLeftOfACopyGoes() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        given().find("faulty://given" + file, hadoop);
        ProcessFilesTest.partOfDead(dir.resolve("copies"));

        given().find("faulty://given" + file, hadoop);

        assertOnlyInCopies(1);
    }

    @Test
    void ofTwoFilesOfOneNameEachHasItsCopy() throws IOException {
        Path first = Files.write(Files.createDirectory(dir.resolve("a")).resolve("weights.h5"), CONTENT);
        Path second = Files.writeString(Files.createDirectory(dir.resolve("b")).resolve("weights.h5"), "THE WEIGHTS");
        for (Path file : new Path[] {first, second}) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000));
        }

        assertThat(given().find("faulty://given" + first, hadoop).file()).hasContent("the weights");
        assertThat(given().find("faulty://given" + second, hadoop).file()).hasContent("THE WEIGHTS");
        Files.writeString(second, "The Weights");
        assertThat(given().find("faulty://given" + second, hadoop).file()).hasContent("The Weights");
        assertOnlyInCopies(3);
    }

    @Test
    void aFileOfWhichLessComesIsRefused() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        FaultyBucket.missing = 1;

        assertRefused("faulty://given" + file, "IOException: 11 of 12 bytes came");
        assertOnlyInCopies(0);
    }

    @Test
    void aFileThatCannotBeOpenedIsRefused() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        FaultyBucket.failureToOpen = () -> new IOException("connection reset\nat some line");

        assertRefused("faulty://given" + file, "IOException: connection reset");
        assertOnlyInCopies(0);
    }

    @Test
    void whatS3SaysIsPutIntoASentence() {
        FaultyBucket.failure = () -> new java.nio.file.AccessDeniedException("403 Forbidden");
        assertThatThrownBy(() -> given().find("s3a://given/weights.h5", hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessageStartingWith(
                        "X weights not found: weights=s3a://given/weights.h5 (S3 at s3.amazonaws.com refuses these "
                                + "credentials for given: check AWS_ACCESS_KEY_ID");
        FaultyBucket.failure = () -> new FileNotFoundException("s3a://given/weights.h5");
        assertRefused("s3a://given/weights.h5", "no such file");
    }

    @Test
    void whatCannotBeHadHasNoStamp() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        assertThat(GivenWeights.stamp("faulty://given" + file, hadoop))
                .isEqualTo(CONTENT.length + " " + Files.getLastModifiedTime(file).toMillis())
                .isEqualTo(GivenWeights.stampBeside("faulty://given" + file, hadoop));
        assertThat(GivenWeights.stamp(dir + "/none.h5", hadoop)).isEqualTo(GivenWeights.NO_STAMP);
        assertThat(GivenWeights.stampBeside("faulty://given" + dir + "/none.h5", hadoop)).isEqualTo(GivenWeights.NO_STAMP);
        assertThat(GivenWeights.stampBeside("nosuch://given/x.h5", hadoop)).isEqualTo(GivenWeights.NO_STAMP);
        hadoop.set("fs.s3a.impl", "no.such.Class");
        assertThat(GivenWeights.stamp("s3a://given/x.h5", hadoop)).isEqualTo(GivenWeights.NO_STAMP);
    }

    @Test
    void aLinkHasTheStampOfItsFile() throws IOException {
        Path file = Files.write(dir.resolve("weights.h5"), CONTENT);
        Path link = Files.createSymbolicLink(dir.resolve("link.h5"), file);

        assertThat(GivenWeights.stamp(link)).isEqualTo(GivenWeights.stamp(file));
    }

    private void assertRefused(String weights, String why) {
        assertThatThrownBy(() -> given().find(weights, hadoop)).isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("X weights not found: weights=" + weights + " (" + why + "); do this.");
    }

    private void assertOnlyInCopies(int count) throws IOException {
        try (var files = Files.list(dir.resolve("copies"))) {
            assertThat(files).hasSize(2 * count); // each has its checksum beside it
        }
    }

    private GivenWeights given() {
        return new GivenWeights(dir.resolve("copies"), "X", "do this");
    }

    /** Local files as of a bucket with faults that a test says. One test at a time uses it. */
    public static final class FaultyBucket extends RawLocalFileSystem {

        private static volatile Supplier<IOException> failure;
        private static volatile Supplier<IOException> failureToOpen;
        /** Bytes that a file says it has and that never come. */
        private static volatile int missing;

        private URI uri;

        static Configuration configured() {
            failure = null;
            failureToOpen = null;
            missing = 0;
            Configuration conf = new Configuration();
            conf.setClass("fs.faulty.impl", FaultyBucket.class, FileSystem.class);
            conf.setClass("fs.s3a.impl", FaultyBucket.class, FileSystem.class);
            return conf;
        }

        @Override
        public void initialize(URI name, Configuration conf) throws IOException {
            uri = URI.create(name.getScheme() + "://" + name.getRawAuthority());
            super.initialize(name, conf);
        }

        @Override
        public URI getUri() {
            return uri == null ? URI.create("faulty:///") : uri; // the constructor of the super class asks
        }

        @Override
        public boolean exists(org.apache.hadoop.fs.Path path) throws IOException {
            if (failure != null) {
                throw failure.get();
            }
            return super.exists(path);
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            if (failure != null) {
                throw failure.get();
            }
            FileStatus status = super.getFileStatus(path);
            return new FileStatus(status.getLen() + missing, status.isDirectory(), 1, 1, status.getModificationTime(), path);
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            if (failureToOpen != null) {
                throw failureToOpen.get();
            }
            return super.open(path, bufferSize);
        }
    }
}
