package verger.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserPathTest {

    private final Configuration conf = new Configuration();

    @TempDir
    Path root;

    /** Of each folder the name is as on the disk; there are {@code odd names}, {@code 100%25}, {@code 1%25} and {@code 1%}. */
    @ParameterizedTest
    @CsvSource({
        "file://, /odd%20names,         /odd names",
        "file://, /odd%20names/new/out, /odd names/new/out",
        "file:,   /odd%20names/out,     /odd names/out",
        "file://, //odd%20names//out/,  /odd names/out",
        "file:,   /odd names/out,       /odd names/out",
        "file:,   /odd%20names/my out,  /odd names/my out",
        "file:,   /100%25/out,          /100%25/out",
        "file://, /1%25/out,            /1%/out",
        "file://, /new%20one/out,       /new one/out",
        "file://, /10:22 [x]/out,       /10:22 [x]/out",
        "'',      /odd%20names/out,     /odd%20names/out",
        "'',      /10:22 [x],           /10:22 [x]"})
    void aUriMeansWhatABrowserWouldOpenAlsoWhereNothingIsYet(String scheme, String name, String meant) throws IOException {
        for (String folder : new String[] {"odd names", "100%25", "1%25", "1%"}) {
            Files.createDirectory(root.resolve(folder));
        }

        assertThat(UserPath.local(scheme + root + name)).isEqualTo(Path.of(root + meant));
        assertThat(UserPath.shown(UserPath.of(scheme + root + name, conf))).isEqualTo(root + meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01T10:22", "a:b", "s3a:", "a:b/out", "out", "./a:b"})
    void aColonIsALetterOfANameWhereNoSlashFollows(String name) throws IOException {
        assertThat(UserPath.shown(UserPath.of(name, conf))).isEqualTo(Path.of(name).toAbsolutePath().normalize().toString());
        assertThat(UserPath.isElsewhere(name)).isFalse();
    }

    @Test
    void aUriOfAnotherPlaceStaysWhatItIs() throws IOException {
        assertThat(UserPath.of("s3a://fruits/odd%20names", conf)).hasToString("s3a://fruits/odd%20names");
        assertThat(UserPath.of("s3a://fruits", conf)).hasToString("s3a://fruits/");
        assertThat(UserPath.isElsewhere("s3a://fruits")).isTrue();
        assertThat(UserPath.isElsewhere("file:///fruits")).isFalse();
        conf.set("fs.defaultFS", "hdfs://master:8020");
        assertThat(UserPath.of("out/[x]", conf)).hasToString("out/[x]");
        assertThat(UserPath.of("file:///out", conf)).hasToString("file:/out");
    }

    @Test
    void whatIsNoPathIsSaid() {
        refused("", "Can not create a Path from an empty string");
        refused("file://host/x", "not a path or URI (file://host/x does not begin with file:/ or file:///)");
        refused("s3a://my_bucket/out",
                "Hadoop cannot reach a bucket of the name my_bucket, which is none of a host: take a bucket "
                        + "whose name has small letters, digits, points and hyphens only, and ends in a letter or a digit");
        refused("file://" + root + "/caf%E9", "Hadoop cannot reach a folder whose name is no UTF-8: rename it");
    }

    @Test
    void aNameThatIsNoUtf8IsReachedByJava() throws IOException {
        assertThat(UserPath.local("file://" + root + "/caf%E9")).isEqualTo(Path.of(URI.create("file://" + root + "/caf%E9")));
    }

    private void refused(String uri, String why) {
        assertThatThrownBy(() -> UserPath.of(uri, conf)).isInstanceOf(IOException.class).hasMessage(why);
    }
}
