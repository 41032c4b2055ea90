package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.images.Images;

/** Photographs of a bucket, and what they cost: S3 is paid by the request. */
@Tag("slow")
class ImagesOnS3Test {

    private static final List<String> CLASSES = List.of("Apple Braeburn", "Pêche & poire", "100 % café", "a+b #1 [x]");
    private static final int EACH = 600;
    private static final int IMAGES = CLASSES.size() * EACH;

    @TempDir
    static Path folder;

    private static TestS3 s3;

    @BeforeAll
    static void start() throws IOException {
        byte[] jpeg = TestS3.jpeg();
        for (String name : CLASSES) {
            for (int i = 0; i < EACH; i++) {
                Path file = KeyFiles.file(folder.resolve("photographs"), "Training/" + name + "/r_" + i + " é.jpg");
                Files.createDirectories(file.getParent());
                Files.write(file, jpeg);
            }
        }
        s3 = new TestS3(folder, "photographs", TestS3.CREDENTIALS);
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void count() {
        s3.requests().reset();
    }

    @Test
    void listingIsOneRequestForAThousand() {
        Dataset<Row> images = Images.read(TestS3.spark(), s3.uri("Training"));

        assertThat(images.count()).isEqualTo(IMAGES);
        assertThat(s3.requests().of(Operation.LIST_OBJECTS_V2)).isEqualTo(3 + 1); // one to see that Training is a folder
        assertThat(s3.requests().of(Operation.GET_OBJECT)).isZero();
    }

    @Test
    void readingIsOneRequestForAnImage() throws IOException {
        Dataset<Row> images = Images.read(TestS3.spark(), s3.uri("Training"));
        s3.requests().reset();

        Row sum = images.selectExpr("count(*)", "sum(length(content))", "count(distinct md5(content))").first();

        assertThat(sum.getLong(0)).isEqualTo(IMAGES);
        assertThat(sum.getLong(1)).isEqualTo((long) IMAGES * TestS3.jpeg().length);
        assertThat(sum.getLong(2)).isEqualTo(1);
        assertThat(s3.requests().all()).isEqualTo(Map.of(Operation.GET_OBJECT, IMAGES));
    }

    @Test
    void namesComeOutAsTheyWereTyped() {
        Dataset<Row> images = Images.read(TestS3.spark(), s3.uri("Training"));

        assertThat(images.select("label").distinct().collectAsList()).extracting(row -> row.getString(0))
                .containsExactlyInAnyOrderElementsOf(CLASSES);
        assertThat(images.first().<String>getAs("origin")).isEqualTo(s3.uri("Training/100 % café/r_0 é.jpg"));
    }

    @Test
    void s3MeansTheSameAsS3a() {
        Dataset<Row> images = Images.read(TestS3.spark(), "s3://photographs/Training/Pêche & poire");

        assertThat(images.selectExpr("sum(length(content)) > 0").first().getBoolean(0)).isTrue();
        assertThat(images.first().<String>getAs("origin")).isEqualTo("s3://photographs/Training/Pêche & poire/r_0 é.jpg");
    }

    @Test
    void aPatternChoosesClasses() {
        assertThat(Images.read(TestS3.spark(), s3.uri("Training/{Apple*,Pêche*}")).count()).isEqualTo(2 * EACH);
    }
}
