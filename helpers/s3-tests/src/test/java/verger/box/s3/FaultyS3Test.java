package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.images.Images;
import verger.images.RgbImage;
import verger.images.UnusableImageException;

/** Photographs of a bucket whose S3 does not always answer as it should. */
@Tag("slow")
@Timeout(600)
class FaultyS3Test {

    private static final int IMAGES = 200;
    /** The longest key that S3 takes, in bytes. */
    private static final String LONGEST =
            "long/" + "é".repeat(100) + "/" + ("x".repeat(200) + "/").repeat(4) + "y".repeat(10) + ".jpg";
    private static final List<String> ODD = List.of(LONGEST, "odd/a%20b #1?.jpg", "odd/10:22:33.jpg", "odd/Café.jpg",
            "odd/Cafe\u0301.jpg", "odd/A.jpg", "odd/a.jpg", "odd/[x]{y}*.jpg");

    @TempDir
    static Path folder;

    private static TestS3 s3;
    private static byte[] jpeg;

    @BeforeAll
    static void start() throws IOException {
        jpeg = TestS3.jpeg();
        for (int i = 0; i < IMAGES; i++) {
            put("many/" + i % 4 + "/" + i + ".jpg");
        }
        for (String key : ODD) {
            put(key, key.getBytes(StandardCharsets.UTF_8));
        }
        put("slashes/a//b.jpg");
        put("slashes/deep//er/than/b.jpg");
        put("slashes/c.jpg");
        put("two/a//b.jpg");
        put("two/a/b.jpg");
        // Seconds in place of minutes: S3A's own tries are as many, but do not wait as long.
        set("retry.interval", "10ms");
        set("retry.throttle.interval", "10ms");
        set("retry.limit", "4");
        set("retry.throttle.limit", "4");
        set("attempts.maximum", "2");
        s3 = new TestS3(folder, "faulty", TestS3.CREDENTIALS);
    }

    private static void set(String name, String value) {
        TestS3.set("fs.s3a.bucket.faulty." + name, value);
    }

    private static void put(String key) throws IOException {
        put(key, jpeg);
    }

    private static void put(String key, byte[] content) throws IOException {
        Path file = KeyFiles.file(folder.resolve("faulty"), key);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @AfterEach
    void allGoesWell() {
        s3.faults().none();
    }

    @ParameterizedTest
    @CsvSource({"SLOW_DOWN, 0.05", "SLOW_DOWN, 0.3", "CUT, 0.05", "CUT, 0.3", "NO_ANSWER, 0.05", "NO_ANSWER, 0.3", "SLOW, 0.3"})
    void aShareOfTheRequestsThatFailsChangesNothing(Fault fault, double share) {
        s3.faults().share(share, 16, fault);
        s3.requests().reset();

        Row sum = Images.read(TestS3.spark(), s3.uri("many"))
                .selectExpr("count(*)", "count(distinct origin)", "sum(length(content))", "count(distinct md5(content))")
                .first();

        assertThat(sum.getLong(0)).isEqualTo(IMAGES);
        assertThat(sum.getLong(1)).isEqualTo(IMAGES);
        assertThat(sum.getLong(2)).isEqualTo((long) IMAGES * jpeg.length);
        assertThat(sum.getLong(3)).isEqualTo(1);
        assertThat(s3.faults().made()).isPositive();
        System.out.println(fault + " " + share + ": " + s3.faults().made() + " faults, " + s3.requests());
    }

    @Test
    void oneObjectThatNeverComesIsARowWithTheNumberOfTries() {
        s3.faults().ofObjects(key -> key.equals("many/1/5.jpg") ? Fault.SLOW_DOWN : null);
        Dataset<Row> images = Images.read(TestS3.spark(), s3.uri("many"));
        s3.requests().reset();

        Map<String, String> reasons = reasons(images);

        assertThat(reasons).hasSize(1).hasEntrySatisfying(s3.uri("many/1/5.jpg"),
                reason -> assertThat(reason).startsWith("unreadable: ").endsWith("; 3 tries"));
        // Three tries of ours, each of at most five by S3A, each of at most three by the SDK.
        assertThat(s3.requests().of(Operation.GET_OBJECT)).isLessThanOrEqualTo(IMAGES - 1 + 3 * 6 * 3);
    }

    @Test
    void aBucketThatNeverAnswersEndsTheWorkInASentence() {
        Dataset<Row> images = Images.read(TestS3.spark(), s3.uri("many"));
        s3.faults().share(1, 16, Fault.NO_ANSWER);

        assertThatThrownBy(() -> images.selectExpr("sum(length(content))").first())
                .hasStackTraceContaining("The photographs at " + s3.uri("many") + " cannot be read: ");
    }

    @Test
    void credentialsThatExpireEndTheWorkInASentence() {
        Dataset<Row> images = Images.read(TestS3.spark(), s3.uri("many"));
        s3.faults().share(1, 16, Fault.EXPIRED);
        s3.requests().reset();

        assertThatThrownBy(() -> images.selectExpr("sum(length(content))").first())
                .hasStackTraceContaining("The photographs at " + s3.uri("many") + " cannot be read: ");
        assertThat(s3.requests().of(Operation.GET_OBJECT)).isLessThan(IMAGES);
    }

    @Test
    void theReasonOfAnObjectIsTheTrueOne() {
        s3.faults().ofObjects(key -> key.endsWith("/1.jpg") ? Fault.ARCHIVED : key.endsWith("/2.jpg") ? Fault.DENIED : null);

        assertThat(reasons(Images.read(TestS3.spark(), s3.uri("many")))).isEqualTo(Map.of(
                s3.uri("many/1/1.jpg"), "unreadable: S3 keeps the object in an archive, such as Glacier: restore it first",
                s3.uri("many/2/2.jpg"), "not permitted: this user may not read the file"));
    }

    @Test
    void aKeyWithTwoSlashesIsARowThatSaysSo() {
        assertThat(reasons(Images.read(TestS3.spark(), s3.uri("slashes"))))
                .containsOnlyKeys(s3.uri("slashes/a/b.jpg"), s3.uri("slashes/deep/er/than/b.jpg"))
                .allSatisfy((origin, reason) -> assertThat(reason)
                        .startsWith("unreadable: the key holds // or another empty name"));
        Dataset<Row> two = Images.read(TestS3.spark(), s3.uri("two"));
        assertThat(two.count()).isEqualTo(2);
        assertThat(reasons(two)).containsOnlyKeys(s3.uri("two/a//b.jpg"));
    }

    @Test
    void oddKeysAreReadAndTheirOriginLeadsBackToThem() {
        assertThat(LONGEST.getBytes(StandardCharsets.UTF_8)).hasSize(1024);
        for (String part : List.of("odd", "long")) {
            for (Row row : Images.read(TestS3.spark(), s3.uri(part)).collectAsList()) {
                String origin = row.getAs("origin");
                String content = origin.substring(s3.uri("").length());
                assertThat(row.<byte[]>getAs("content")).asString(StandardCharsets.UTF_8).isEqualTo(content);
                Row again = Images.read(TestS3.spark(), origin).first();
                assertThat(again.<String>getAs("origin")).isEqualTo(origin);
                assertThat(again.<byte[]>getAs("content")).asString(StandardCharsets.UTF_8).isEqualTo(content);
            }
        }
        assertThat(Images.read(TestS3.spark(), s3.uri("odd")).count()).isEqualTo(ODD.size() - 1);
    }

    @Test
    void aBucketAloneIsItsRoot() {
        assertThat(Images.read(TestS3.spark(), "s3a://faulty").count())
                .isEqualTo(Images.read(TestS3.spark(), "s3a://faulty/").count()).isGreaterThan(IMAGES);
        assertThatThrownBy(() -> Images.read(TestS3.spark(), "s3a://my_bucket/photos"))
                .hasMessageStartingWith(
                        "Cannot list the images at s3a://my_bucket/photos: Hadoop cannot reach a bucket of the name "
                                + "my_bucket");
    }

    private static Map<String, String> reasons(Dataset<Row> images) {
        Map<String, String> reasons = new TreeMap<>();
        for (Row row : images.select("origin", "content").collectAsList()) {
            try {
                RgbImage.decode(row.getAs("content"));
            } catch (UnusableImageException e) {
                reasons.put(row.getAs("origin"), e.getMessage());
            }
        }
        return reasons;
    }
}
