package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.security.AccessControlException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.TestSpark;

class ImagesTest {

    @TempDir
    Path root;

    @Test
    void readsEveryFileBelowAFolder() throws IOException {
        byte[] apple = TestImages.jpeg(10, Color.RED);
        Path file = TestImages.write(root.resolve("Training/Apple Braeburn/0_100.jpg"), apple);
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));

        Row row = read().first();

        assertThat(row.schema().fieldNames()).containsExactly("origin", "label", "modified", "length", "content");
        assertThat(row.<String>getAs("origin")).isEqualTo(file.toString());
        assertThat(row.<String>getAs("label")).isEqualTo("Apple Braeburn");
        assertThat(row.<Timestamp>getAs("modified")).isEqualTo(Timestamp.from(Instant.parse("2026-01-02T03:04:05Z")));
        assertThat(row.<Long>getAs("length")).isEqualTo(apple.length);
        assertThat(row.<byte[]>getAs("content")).isEqualTo(apple);
    }

    @Test
    void originsAndLabelsAreWhatAPersonWouldType() {
        for (String name : List.of("Pêche plate/à 1.jpg", "100%/a%20b.jpg", "a+b & c/x#1.JPG", "q?uery/[1].jpeg")) {
            TestImages.write(root.resolve(name), TestImages.jpeg(10, Color.RED));
        }

        assertThat(strings("origin")).allSatisfy(origin -> assertThat(Path.of(origin)).exists());
        assertThat(strings("label")).containsExactlyInAnyOrder("Pêche plate", "100%", "a+b & c", "q?uery");
        assertThat(read().filter("length = octet_length(content)").count()).isEqualTo(4);
    }

    @Test
    void emptyFilesAreListed() throws IOException {
        TestImages.write(root.resolve("a/0.jpg"), new byte[0]);

        assertThat(read().first().<byte[]>getAs("content")).isEmpty();
    }

    @Test
    void hiddenFilesAreNot() {
        TestImages.write(root.resolve("a/.DS_Store"), new byte[] {1});
        TestImages.write(root.resolve("_temporary/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("a/0_1.jpg"), new byte[] {1});

        assertThat(strings("origin")).containsExactly(root.resolve("a/0_1.jpg").toString());
    }

    @Test
    void aFileThatIsGoneIsARowWithItsReason() throws IOException {
        Path file = TestImages.write(root.resolve("a/0.jpg"), TestImages.jpeg(10, Color.RED));
        Dataset<Row> images = read();
        Files.delete(file);

        byte[] content = images.first().getAs("content");
        assertThatThrownBy(() -> RgbImage.decode(content))
                .isInstanceOf(UnusableImageException.class)
                .hasMessage("gone: the file was deleted after it was listed");
        assertThat(images.count()).isEqualTo(1);
    }

    @Test
    void aQueryWithoutContentOpensNoFile() {
        TestImages.write(root.resolve("a/0.jpg"), TestImages.jpeg(10, Color.RED));

        assertThat(read().select("label").queryExecution().optimizedPlan().toString()).doesNotContain("UDF");
    }

    @Test
    void readsOneFileAndPatterns() {
        TestImages.write(root.resolve("Apple 1/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("Apple 2/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("Pear/0.jpg"), new byte[] {1});

        assertThat(Images.read(TestSpark.session(), root + "/Pear/0.jpg").count()).isEqualTo(1);
        assertThat(Images.read(TestSpark.session(), root + "/Apple*").count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"/a/Training/Apple Braeburn/0_100.jpg, Apple Braeburn", "s3a://bucket/Training/Café 100%/1.jpg, Café 100%",
        "hdfs://name:8020/Pear/1.jpg, Pear", "file:/Pear/1.jpg, Pear", "Pear/1.jpg, Pear", "/a//b.jpg, a",
        "s3a://bucket/1.jpg, ''", "file:///1.jpg, ''", "/1.jpg, ''", "1.jpg, ''", "'', ''"})
    void theFolderOfAFileIsItsLabel(String path, String folder) {
        assertThat(Images.folder(path)).isEqualTo(folder);
    }

    @Test
    void labelByPattern() {
        TestImages.write(root.resolve("Training/Apple 1/r0_0_100.jpg"), new byte[] {1});
        TestImages.write(root.resolve("elsewhere.jpg"), new byte[] {1});

        Dataset<Row> images = Images.reader(TestSpark.session()).label("Training/([^/ ]+)").read(root.toString());

        assertThat(images.select("label").as(Encoders.STRING()).collectAsList()).containsExactly("Apple", null);
        assertThatThrownBy(() -> Images.reader(TestSpark.session()).label("Training/[^/]+"))
                .hasMessageContaining("has no group");
    }

    @Test
    void limitIsSpreadOverTheLabels() {
        for (int i = 0; i < 10; i++) {
            TestImages.write(root.resolve("a/" + i + ".jpg"), new byte[] {1});
            TestImages.write(root.resolve("b/" + i + ".jpg"), new byte[] {1});
        }
        TestImages.write(root.resolve("c/0.jpg"), new byte[] {1});

        Dataset<Row> images = Images.reader(TestSpark.session()).limit(7).read(root.toString());

        assertThat(images.groupBy("label").count().as(Encoders.tuple(Encoders.STRING(), Encoders.LONG())).collectAsList())
                .extracting(t -> t._1() + t._2()).containsExactlyInAnyOrder("a3", "b3", "c1");
        assertThat(Images.reader(TestSpark.session()).limit(100).read(root.toString()).count()).isEqualTo(21);
        assertThat(Images.reader(TestSpark.session()).limit(1).limit(null).read(root.toString()).count()).isEqualTo(21);
        assertThatThrownBy(() -> Images.reader(TestSpark.session()).limit(0))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("limit must be at least 1: got 0");
    }

    @Test
    void nothingThereIsAnErrorThatSaysWhere() {
        assertThatThrownBy(() -> Images.read(TestSpark.session(), root + "/nowhere"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(root + "/nowhere")
                .hasMessageContaining("there is no folder, file or match of that name");
        assertThatThrownBy(() -> Images.read(TestSpark.session(), "nosuch://bucket/x"))
                .hasMessageContaining("No FileSystem for scheme \"nosuch\"");
    }

    @Test
    void aFolderWithoutFilesIsAnErrorToo() {
        TestImages.write(root.resolve("_SUCCESS"), new byte[0]);

        assertThatThrownBy(this::read).hasMessage("There are no files below " + root + " but 1 hidden ones");
        assertThatThrownBy(() -> Images.read(TestSpark.session(), Files.createDirectory(root.resolve("a")).toString()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("There are no files below " + root + "/a");
    }

    @Test
    void hiddenFilesAreCountedInAWarning() {
        TestImages.write(root.resolve("a/.DS_Store"), new byte[] {1});
        TestImages.write(root.resolve("_temporary/0.jpg"), new byte[] {1});
        TestImages.write(root.resolve("a/0_1.jpg"), new byte[] {1});
        List<String> logged = new ArrayList<>();
        AbstractAppender appender = new AbstractAppender("hidden", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                logged.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        Logger logger = (Logger) LogManager.getLogger(ImageReader.class);
        logger.addAppender(appender);
        try {
            read();
            Images.read(TestSpark.session(), root + "/a/0_1.jpg");
        } finally {
            logger.removeAppender(appender);
        }

        assertThat(logged).containsExactly(
                "WARN 2 names at " + root + " were passed over: they begin with _ or .");
    }

    /** One such file among ninety thousand does not stop the others. */
    @Test
    void aFileThatMayNotBeReadIsARowWithItsReason() {
        for (IOException refusal : List.of(new AccessDeniedException("x"), new AccessControlException("x"))) {
            Dataset<Row> images = troubled();
            TroubledFileSystem.failsToOpen(refusal);

            byte[] content = images.first().getAs("content");

            assertThatThrownBy(() -> RgbImage.decode(content)).isInstanceOf(UnusableImageException.class)
                    .hasMessage("not permitted: this user may not read the file");
        }
    }

    @Test
    void aFileThatANetworkNeverGivesIsARowWithTheNumberOfTries() {
        Dataset<Row> images = troubled();
        TroubledFileSystem.failsToOpen(new IOException("connection reset"));

        byte[] content = images.first().getAs("content");

        assertThatThrownBy(() -> RgbImage.decode(content)).hasMessage("unreadable: connection reset; 3 tries");
        assertThat(TroubledFileSystem.OPENED).hasValue(3);
    }

    @Test
    void aNetworkThatGivesNothingAtAllEndsTheWork() {
        Dataset<Row> images = troubled();
        TroubledFileSystem.failsToOpen(new IOException("connection reset"));
        TroubledFileSystem.failsToList(new IOException("no route to host"));

        assertThatThrownBy(images::first).hasStackTraceContaining(
                "The photographs at troubled://images" + root + "/a/0.jpg cannot be read: no route to host");
    }

    private Dataset<Row> troubled() {
        TestImages.write(root.resolve("a/0.jpg"), TestImages.jpeg(10, Color.RED));
        TroubledFileSystem.configured(TestSpark.session().sparkContext().hadoopConfiguration());
        return Images.read(TestSpark.session(), "troubled://images" + root + "/a/0.jpg");
    }

    @Test
    void partitionsSuitSmallFiles() {
        assertThat(SmallFiles.partitions(90_483, 90_483L * 4_600, 2)).isEqualTo(380);
        assertThat(SmallFiles.partitions(360, 360L * 4_600, 8)).isEqualTo(8);
        assertThat(SmallFiles.partitions(3, 3L * 4_600, 8)).isEqualTo(3);
        assertThat(SmallFiles.partitions(0, 0, 8)).isEqualTo(1);
    }

    private Dataset<Row> read() {
        return Images.read(TestSpark.session(), root.toString());
    }

    private List<String> strings(String column) {
        return read().select(column).as(Encoders.STRING()).collectAsList();
    }

    /** Thirty BMPs of 147 MB lie together among small files: a task with some of them would hold gigabytes. */
    @Test
    void aLargeFileIsAPartitionOfItsOwn(@TempDir Path large) throws IOException {
        for (int i = 0; i < 40; i++) {
            TestImages.write(large.resolve("small-" + i + ".jpg"), new byte[] {1});
        }
        for (int i = 0; i < 4; i++) {
            try (RandomAccessFile file = new RandomAccessFile(large.resolve("large-" + i + ".bmp").toFile(), "rw")) {
                file.setLength(147_000_000); // sparse: no disk is needed
            }
        }

        List<List<Row>> partitions =
                Images.read(TestSpark.session(), large.toString()).select("length").javaRDD().glom().collect();

        assertThat(partitions.stream().flatMap(List::stream)).hasSize(44);
        assertThat(partitions).filteredOn(rows -> rows.contains(RowFactory.create(147_000_000L))).hasSize(4)
                .allSatisfy(rows -> assertThat(rows).hasSize(1));
    }
}
