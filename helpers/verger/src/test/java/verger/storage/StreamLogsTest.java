package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of files as Spark writes them; that it does, AppendedFeaturesTest shows. */
class StreamLogsTest {

    @TempDir
    Path table;

    private StreamLogs logs;

    @BeforeEach
    void open() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("file:" + table);
        logs = new StreamLogs(path.getFileSystem(new Configuration()), path);
    }

    @Test
    void anEmptyFolderIsANewTable() throws IOException {
        assertThat(logs.haveFiles()).isFalse();
        assertThat(logs.seen()).isEmpty();
        assertThatCode(() -> logs.requireOfOneAge()).doesNotThrowAnyException();
        assertThat(logs.checkpoint()).hasToString("file:" + table + "/_checkpoint");
        batch("_spark_metadata/0");
        assertThat(logs.haveFiles()).isTrue();
    }

    /** A batch is first in the offsets, then in the table's log, then in the commits. */
    @ParameterizedTest
    @CsvSource({
        "0, , ", "0, 0, ", "0, 0, 0", "1, 0, 0", "1, 1, 0", "1, 1, 1", "10, 9, 9", "10, 10.compact, 9", "10, 9.compact, 9"})
    void logsOfOneAgeAreThoseThatAKillCanLeave(String offsets, String files, String commits) throws IOException {
        write(offsets, files, commits);

        assertThatCode(() -> logs.requireOfOneAge()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        ", 0, , ends with batch 0, has none",
        "0, , 0, has no batch, ends with 0",
        "1, 0, 1, ends with batch 0, ends with 1",
        "9, 10, 9, ends with batch 10, ends with 9",
        "10, 9.compact, 10, ends with batch 9, ends with 10"})
    void ofAnotherAgeIsALogThatWasDeletedOrReplaced(String offsets, String files, String commits, String inTable, String begun)
            throws IOException {
        write(offsets, files, commits);

        assertThatThrownBy(() -> logs.requireOfOneAge()).isInstanceOf(IllegalStateException.class).hasMessage(
                "Nothing can be appended to file:" + table + ", as photographs would be lost: file:" + table
                        + "/_spark_metadata "
                        + inTable + ", and file:" + table + "/_checkpoint " + begun
                        + "; put back the one that was deleted or replaced, or choose another output");
    }

    @Test
    void whatIsNoBatchIsPassedOver() throws IOException {
        batch("_checkpoint/offsets/0");
        batch("_spark_metadata/0");
        for (String other : new String[] {".7.crc", "7.tmp", ".7.compact.crc", "x7", "7.compact.1", "1234567890123456789"}) {
            batch("_spark_metadata/" + other);
            batch("_checkpoint/sources/0/" + other);
        }
        assertThatCode(() -> logs.requireOfOneAge()).doesNotThrowAnyException();
        assertThat(logs.seen()).isEmpty();
    }

    @Test
    void seenAreTheBatchesOfAllSources() throws IOException {
        batch("_checkpoint/sources/0/0");
        batch("_checkpoint/sources/0/9.compact");
        batch("_checkpoint/sources/1/0");

        assertThat(logs.seen()).extracting(path -> path.toString().replace("file:" + table + "/_checkpoint/sources/", ""))
                .containsExactlyInAnyOrder("0/0", "0/9.compact", "1/0");
    }

    private void write(String offsets, String files, String commits) throws IOException {
        batches("_checkpoint/offsets", offsets);
        batches("_spark_metadata", files);
        batches("_checkpoint/commits", commits);
    }

    /** The batches up to the last one. */
    private void batches(String log, String last) throws IOException {
        if (last != null) {
            for (int batch = 0; batch < Integer.parseInt(last.replace(".compact", "")); batch++) {
                batch(log + "/" + batch);
            }
            batch(log + "/" + last);
        }
    }

    private void batch(String name) throws IOException {
        Files.createDirectories(table.resolve(name).getParent());
        Files.writeString(table.resolve(name), "v1");
    }
}
