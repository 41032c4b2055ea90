package verger.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.box.s3.Credentials;
import verger.box.s3.S3Server;

/** Conditional requests through S3A's own client, of whichever Hadoop is on the class path. */
class S3ObjectsTest {

    private static int buckets;

    private final String bucket = "objects-" + ++buckets;

    @TempDir
    java.nio.file.Path folder;

    private S3Server s3;
    private FileSystem fs;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        s3 = S3Server.start(folder, 0, new Credentials(System.getenv("AWS_ACCESS_KEY_ID"),
                System.getenv("AWS_SECRET_ACCESS_KEY")), List.of(bucket));
        Configuration conf = new Configuration();
        conf.set("fs.s3a.endpoint", s3.endpoint());
        conf.set("fs.s3a.endpoint.region", "us-east-1");
        conf.set("fs.s3a.path.style.access", "true");
        conf.set("fs.s3a.attempts.maximum", "2");
        file = new Path("s3a://" + bucket + "/été 1/a+b%20.txt");
        fs = FileSystem.newInstance(file.toUri(), conf);
    }

    @AfterEach
    void stop() throws IOException {
        fs.close();
        s3.close();
    }

    private S3Objects objects(String kind) {
        S3Objects own = S3Objects.of(fs);
        String sdk = VersionInfo.getVersion().startsWith("3.3.") ? "1" : "2";
        assertThat(own.getClass().getSimpleName()).as("Hadoop " + VersionInfo.getVersion()).isEqualTo("S3ObjectsOfSdk" + sdk);
        return kind.equals("conditional") ? own : new S3ObjectsWithoutConditions(fs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conditional", "without"})
    void anObjectIsCreatedOnce(String kind) throws IOException {
        S3Objects objects = objects(kind);
        assertThat(objects.create(file, "first".getBytes(UTF_8))).isTrue();
        assertThat(objects.create(file, "second".getBytes(UTF_8))).isFalse();
        assertThat(text(file)).isEqualTo("first");
        objects.write(file, "third".getBytes(UTF_8));
        assertThat(text(file)).isEqualTo("third");
    }

    /** Some of them meet another one's request on its way, which S3 calls a conflict. */
    @Test
    void ofManyThatCreateAnObjectAtOnceOneDoes() throws Exception {
        S3Objects objects = objects("conditional");
        for (int round = 0; round < 20; round++) {
            Path one = new Path(file.getParent(), "round-" + round);
            long created = Stream.of("a", "b", "c", "d").parallel().filter(content -> {
                try {
                    return objects.create(one, content.getBytes(UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).count();
            assertThat(created).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conditional", "without"})
    void anotherObjectThanTheOneThatIsMeantIsNotDeleted(String kind) throws IOException {
        S3Objects objects = objects(kind);
        objects.write(file, "first".getBytes(UTF_8));
        String first = ((EtagSource) fs.getFileStatus(file)).getEtag();
        objects.write(file, "second".getBytes(UTF_8));

        assertThat(objects.delete(file, first)).isFalse();
        assertThat(text(file)).isEqualTo("second");
        assertThat(objects.delete(file, ((EtagSource) fs.getFileStatus(file)).getEtag())).isTrue();
        assertThat(fs.exists(file)).isFalse();
        assertThat(objects.delete(file, first)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conditional", "without"})
    void aCopyTakesThePlaceOfAnObjectAndNeedsItsSource(String kind) throws IOException {
        S3Objects objects = objects(kind);
        Path to = new Path(file.getParent(), "to");
        objects.write(file, "new".getBytes(UTF_8));
        objects.write(to, "old".getBytes(UTF_8));

        objects.copy(file, to);
        assertThat(text(to)).isEqualTo("new");
        fs.delete(file, false);
        assertThatThrownBy(() -> objects.copy(file, to)).isInstanceOf(FileNotFoundException.class);
        assertThat(text(to)).isEqualTo("new");
    }

    @Test
    void anEndpointThatDoesNotAnswerIsAnError() throws IOException {
        S3Objects objects = objects("conditional");
        s3.close();

        assertThatThrownBy(() -> objects.create(file, new byte[1])).isInstanceOf(IOException.class);
    }

    @Test
    void otherFileSystemsHaveNone() throws IOException {
        assertThat(S3Objects.of(FileSystem.getLocal(new Configuration()))).isNull();
    }

    private String text(Path path) throws IOException {
        try (var in = fs.open(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
