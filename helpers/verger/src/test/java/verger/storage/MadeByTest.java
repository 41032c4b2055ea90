package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.networks.Network;
import verger.networks.Networks;

/** What a table says of who filled it. */
class MadeByTest {

    private static final Network NETWORK = Networks.EFFICIENTNET_LITE0;

    private final Configuration conf = WatchedFileSystem.configured();

    @TempDir
    Path folder;

    @Test
    void theFirstRunWritesItDownAndTheNextOneReadsIt() throws IOException {
        require(made("01", 64, "file:/in"));
        JsonNode written = new ObjectMapper().readTree(folder.resolve("table/_made-by.json").toFile());

        assertThat(written.toString())
                .isEqualTo("{\"network\":\"EfficientNet-Lite0\",\"weightsSha256\":\"01\",\"inputSize\":64,"
                        + "\"channelOrder\":\"RGB\",\"mean\":[127.0,127.0,127.0],\"scale\":[128.0,128.0,128.0],\"featureLayer\":\""
                        + NETWORK.featureLayer() + "\",\"images\":[\"file:/in\"]}");
        assertThat(Files.readString(folder.resolve("table/_made-by.json"))).as("for a person to read").contains("\n");
        require(made("01", 64, "file:/in"));
        try (var files = Files.list(folder.resolve("table"))) {
            assertThat(files).as("with Hadoop's checksum").hasSize(2);
        }
    }

    @Test
    void whatCannotBeComparedIsRefusedWithEachDifference() throws IOException {
        require(made("01", 64));

        assertThatThrownBy(() -> require(made("02", 0))).isInstanceOf(IllegalArgumentException.class).hasMessage("The table "
                + table()
                + " holds features that cannot be compared with these, by inputSize (64 there, 224 here), weightsSha256 (01 there, 02 "
                + "here): choose the network and the settings of the table, or another output");
        Path file = folder.resolve("table/_made-by.json");
        write(file, Files.readString(file).replace("\"channelOrder\"", "\"colours\"").replace("128.0,", "1.0,"));
        assertThatThrownBy(() -> require(made("01", 64))).hasMessageContaining("by channelOrder (none there, RGB here), "
                + "colours (RGB there, none here)");
        write(file, "{}");
        assertThatThrownBy(() -> require(made("01", 64))).hasMessageContaining("featureLayer (none there, ");
    }

    @Test
    void photographsOfAnotherFolderAreRefused() throws IOException {
        require(made("01", 64, "file:/a", "file:/b"));

        assertThatThrownBy(() -> require(made("01", 64, "file:/a"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The table "
                        + table()
                        + " holds the photographs of file:/a and file:/b, and these are of file:/a: choose another output");
        assertThatCode(() -> require(made("01", 64))).as("a stream that reads no files").doesNotThrowAnyException();
    }

    @Test
    void aTableThatWasFilledFromNoFilesTakesThoseOfAnyFolder() throws IOException {
        require(made("01", 64));

        assertThatCode(() -> require(made("01", 64, "file:/a"))).doesNotThrowAnyException();
    }

    @Test
    void aTableThatWasWrittenAsAWholeIsRefused() throws IOException {
        write(folder.resolve("table/_SUCCESS"), "");

        assertThatThrownBy(() -> require(made("01", 64))).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "The table " + table() + " was written as a whole, and nothing can be appended to it: choose another output");
        assertThat(folder.resolve("table/_made-by.json")).doesNotExist();
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws IOException {
        write(folder.resolve("table/mine.parquet"), "");
        assertThatThrownBy(() -> require(made("01", 64))).isInstanceOf(IllegalArgumentException.class).hasMessage("The folder "
                + table()
                + " is no table of appended features: it has no _made-by.json, and it holds mine.parquet; choose another output");
        write(folder.resolve("table/notes.txt"), "");
        write(folder.resolve("table/more.txt"), "");
        assertThatThrownBy(() -> require(made("01", 64)))
                .hasMessageMatching(".* and it holds \\S+ and 2 more; choose another output");
        assertThat(folder.resolve("table/_made-by.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"_made-by.json-3b2c", "._made-by.json-3b2c.crc"})
    void whatARunLeftThatDiedWhileItWroteIsPassedOver(String left) throws IOException {
        write(folder.resolve("table").resolve(left), "{\"net");

        require(made("01", 64));

        assertThat(folder.resolve("table/_made-by.json")).exists();
    }

    /** Both found no table; the file systems tell in different ways that the other one was quicker. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoRunsTheQuickerOneSaysWhatTheTableIsOf(boolean throwing) throws Exception {
        require(made("01", 64));
        WatchedFileSystem.othersContent = Files.readString(folder.resolve("table/_made-by.json"));
        WatchedFileSystem.throwing = throwing;
        org.apache.hadoop.fs.Path other = new org.apache.hadoop.fs.Path("watched:" + folder + "/other");
        FileSystem fs = other.getFileSystem(conf);

        made("01", 64).require(fs, other);
        assertThat(fs.listStatus(other)).as("the slower one's is removed").hasSize(1);

        fs.delete(other, true);
        assertThatThrownBy(() -> made("02", 64).require(fs, other)).hasMessageContaining("weightsSha256 (01 there, 02 here)");
    }

    @Test
    void aFileThatCannotBePutInPlaceIsSaid() throws IOException {
        WatchedFileSystem.failsAt = 0;
        WatchedFileSystem.throwing = false;
        org.apache.hadoop.fs.Path other = new org.apache.hadoop.fs.Path("watched:" + folder + "/other");

        assertThatThrownBy(() -> made("01", 64).require(other.getFileSystem(conf), other)).isInstanceOf(IOException.class)
                .hasMessageMatching("could not move watched:.*/_made-by.json-.* to watched:.*/_made-by.json");
    }

    private static MadeBy made(String sha256, int inputSize, String... folders) {
        return MadeBy.of(NETWORK, sha256, inputSize, List.of(folders));
    }

    private void require(MadeBy made) throws IOException {
        made.require(table().getFileSystem(conf), table());
    }

    private org.apache.hadoop.fs.Path table() {
        return new org.apache.hadoop.fs.Path("file:" + folder + "/table");
    }

    /** Without Hadoop's checksum of what was there. */
    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.writeString(file, content);
    }
}
