package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;

class ImageStreamTest {

    @TempDir
    Path folder;

    @Test
    void givesTheRowsThatReadGives() throws Exception {
        Path root = folder.resolve("photos [1] {2}");
        TestImages.write(root.resolve("Pêche 100 %25/é a+b #1?.jpg"), TestImages.jpeg(40, Color.RED));
        TestImages.write(root.resolve("label=Apple/r 0.jpg"), TestImages.jpeg(41, Color.GREEN));
        TestImages.write(root.resolve("deep/er/Banana/x.JPG"), TestImages.jpeg(5000, Color.BLUE));
        TestImages.write(root.resolve("Banana/large text.jpg"), "no image ".repeat(1000).getBytes(StandardCharsets.UTF_8));
        TestImages.write(root.resolve("Banana/.hidden.jpg"), TestImages.jpeg(40, Color.RED));
        TestImages.write(root.resolve("_hidden/x.jpg"), TestImages.jpeg(40, Color.RED));

        Dataset<Row> stream = Images.stream(TestSpark.session(), root.toString());
        Dataset<Row> batch = Images.read(TestSpark.session(), root.toString());

        assertThat(stream.isStreaming()).isTrue();
        assertThat(stream.schema().simpleString()).isEqualTo(batch.schema().simpleString());
        assertThat(rows(run(stream))).hasSize(4).isEqualTo(rows(batch));
    }

    /** A cluster that has few executors yet lends more of them for tasks that wait. */
    @Test
    void aLargeBatchIsManyTasks() throws Exception {
        TestImages.write(folder.resolve("a.jpg"), TestImages.jpeg(40, Color.RED));
        int cores = TestSpark.session().sparkContext().defaultParallelism();

        assertThat(partitions(65 * 64)).isEqualTo(Math.max(65, cores));
        assertThat(partitions(64)).isEqualTo(cores);
        assertThat(partitions(64 * cores + 1)).isEqualTo(cores + 1);
        assertThat(partitions(Integer.MAX_VALUE)).as("each is some work for the driver").isEqualTo(1024);
    }

    private int partitions(int filesPerBatch) throws Exception {
        AtomicInteger partitions = new AtomicInteger();
        VoidFunction2<Dataset<Row>, Long> count = (batch, id) -> partitions.set(batch.rdd().getNumPartitions());
        Dataset<Row> stream = Images.reader(TestSpark.session()).filesPerBatch(filesPerBatch).stream(folder.toString());
        stream.writeStream()
                .option("checkpointLocation", folder.resolve("_checkpoint-" + filesPerBatch).toString())
                .foreachBatch(count).trigger(Trigger.AvailableNow()).start().awaitTermination();
        return partitions.get();
    }

    @Test
    void labelsComeFromAPatternIfThereIsOne() throws Exception {
        TestImages.write(folder.resolve("Apple/r0_1.jpg"), TestImages.jpeg(40, Color.RED));
        TestImages.write(folder.resolve("Apple/other.jpg"), TestImages.jpeg(40, Color.RED));
        ImageReader reader = Images.reader(TestSpark.session()).label("/(r\\d)_[^/]*$");

        assertThat(rows(run(reader.stream(folder.toString())))).isEqualTo(rows(reader.read(folder.toString())));
    }

    /** A copy keeps the date of its photograph; Spark's own default passes over what is a week older than the newest. */
    @Test
    void aFileOfLastYearIsNotPassedOver() throws Exception {
        Path fresh = TestImages.write(folder.resolve("in/a.jpg"), TestImages.jpeg(40, Color.RED));
        Dataset<Row> stream = Images.stream(TestSpark.session(), fresh.getParent().toString());
        String checkpoint = folder.resolve("checkpoint").toString();
        String table = folder.resolve("table").toString();
        append(stream, table, checkpoint);
        Path old = TestImages.write(folder.resolve("in/b.jpg"), TestImages.jpeg(40, Color.GREEN));
        Files.setLastModifiedTime(old, FileTime.fromMillis(System.currentTimeMillis() - 400L * 24 * 3600 * 1000));

        append(stream, table, checkpoint);

        assertThat(TestSpark.session().read().parquet(table).select("origin").as(Encoders.STRING()).collectAsList())
                .containsExactlyInAnyOrder(fresh.toString(), old.toString());
    }

    /** One that was listed and is gone would else stop this stream, and every one that is started in its place. */
    @Test
    void aFileThatIsGoneDoesNotStopTheStream() throws Exception {
        for (String name : List.of("in/a.jpg", "in/b.jpg", "in/c.jpg")) {
            TestImages.write(folder.resolve(name), TestImages.jpeg(40, Color.RED));
        }
        List<String> seen = new ArrayList<>();
        VoidFunction2<Dataset<Row>, Long> takeAndDelete = (batch, id) -> {
            seen.addAll(batch.select("origin").as(Encoders.STRING()).collectAsList());
            Files.deleteIfExists(folder.resolve("in/b.jpg"));
        };
        Dataset<Row> stream = Images.reader(TestSpark.session()).filesPerBatch(1).stream(folder + "/in");
        for (Path file : List.of(folder.resolve("in/a.jpg"), folder.resolve("in/b.jpg"), folder.resolve("in/c.jpg"))) {
            long minute = List.of("a.jpg", "b.jpg", "c.jpg").indexOf(file.getFileName().toString());
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + minute * 60_000));
        }

        stream.writeStream().option("checkpointLocation", folder.resolve("checkpoint").toString())
                .foreachBatch(takeAndDelete).trigger(Trigger.AvailableNow()).start().awaitTermination();

        assertThat(seen).containsExactly(folder + "/in/a.jpg", folder + "/in/c.jpg");
    }

    /** One odd name must not stop a stream for good: it would find the same name at each start. */
    @Test
    void filesOfOddNamesAreReadAndDoNotStopTheStream() throws Exception {
        Path watched = folder.resolve("photos 10:22");
        for (String name : List.of("Photo 2024-01-01 10:22:33.jpg", "100%25 #1?.jpg", "plain.jpg")) {
            TestImages.write(watched.resolve(name), TestImages.jpeg(10, Color.RED));
        }
        Files.createSymbolicLink(watched.resolve("dangling.jpg"), watched.resolve("none"));
        TestImages.write(OddFilesTest.named(watched, "caf%E9.jpg"), TestImages.jpeg(10, Color.RED));
        Files.write(watched.resolve(".plain.jpg.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});

        Dataset<Row> table = run(Images.stream(TestSpark.session(), watched.toString()));

        assertThat(table.select("origin").collectAsList()).extracting(row -> row.getString(0)).containsExactlyInAnyOrder(
                watched + "/Photo 2024-01-01 10:22:33.jpg", watched + "/100%25 #1?.jpg", watched + "/plain.jpg");
        assertThat(table.select("content").distinct().collectAsList()).hasSize(1)
                .allSatisfy(row -> assertThat((byte[]) row.get(0)).isEqualTo(TestImages.jpeg(10, Color.RED)));
    }

    /** Spark by itself follows a link as often as the system lets it: forty times each photograph, or never an end. */
    @Test
    void aPhotographThatLinksLeadToOnceMoreIsGivenOnce() throws Exception {
        TestImages.write(folder.resolve("a/0.jpg"), TestImages.jpeg(10, Color.RED));
        TestImages.write(folder.resolve("b/1.jpg"), TestImages.jpeg(10, Color.RED));
        Files.createSymbolicLink(folder.resolve("a/up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("a/x"), Path.of("../b"));
        Files.createSymbolicLink(folder.resolve("b/y"), Path.of("../a"));

        assertThat(rows(run(Images.stream(TestSpark.session(), folder.toString())))).hasSize(2)
                .isEqualTo(rows(Images.read(TestSpark.session(), folder.toString())));
    }

    /** Another name for a photograph would be another photograph, for a stream that an earlier version began. */
    @Test
    void aCheckpointHoldsTheNamesThatHadoopGivesFiles() throws Exception {
        Path watched = folder.resolve("in [x] 10:22");
        Path file = TestImages.write(watched.resolve("Pêche/100 %25 #1?.jpg"), TestImages.jpeg(10, Color.RED));
        String checkpoint = folder.resolve("checkpoint").toString();

        append(Images.stream(TestSpark.session(), watched.toString()), folder.resolve("table").toString(), checkpoint);

        FileStatus hadoops = FileSystem.getLocal(new Configuration())
                .getFileStatus(new org.apache.hadoop.fs.Path("file", null, file.toString()));
        assertThat(Files.readString(folder.resolve("checkpoint/sources/0/0")))
                .contains("\"path\":\"" + SparkPath.fromFileStatus(hadoops).urlEncoded() + "\"");
    }

    @Test
    void aPatternIsWatchedToo() throws Exception {
        TestImages.write(folder.resolve("Apple 1/a.jpg"), TestImages.jpeg(40, Color.RED));
        TestImages.write(folder.resolve("Pear 1/a.jpg"), TestImages.jpeg(41, Color.RED));
        String pattern = folder + "/Apple*";

        assertThat(rows(run(Images.stream(TestSpark.session(), pattern)))).hasSize(1)
                .isEqualTo(rows(Images.read(TestSpark.session(), pattern)));
    }

    @Test
    void mistakesAreSaidBeforeAnythingRuns() {
        assertThatThrownBy(() -> Images.stream(TestSpark.session(), folder + "/none*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot watch the images at " + folder + "/none*: there is no folder of that name; a folder has to "
                        + "be there to be watched");
        assertThatThrownBy(() -> Images.stream(TestSpark.session(), ":x")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot watch the images at :x: ");
        assertThatThrownBy(() -> Images.stream(TestSpark.session(), "nosuch://bucket/x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot watch the images at nosuch://bucket/x: No FileSystem for scheme \"nosuch\"");
        assertThatThrownBy(() -> Images.stream(TestSpark.session(), folder + "/none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot watch the images at " + folder + "/none: there is no folder of that name; a folder has to "
                        + "be there to be watched");
        assertThatThrownBy(() -> Images.reader(TestSpark.session()).limit(5).stream(folder.toString()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("A stream has no limit of 5 images");
        assertThatThrownBy(() -> Images.reader(TestSpark.session()).filesPerBatch(0))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("filesPerBatch must be at least 1: got 0");
    }

    private static void append(Dataset<Row> stream, String table, String checkpoint) throws Exception {
        stream.drop("content").writeStream().format("parquet").option("path", table).option("checkpointLocation", checkpoint)
                .trigger(Trigger.AvailableNow()).start().awaitTermination();
    }

    private static Dataset<Row> run(Dataset<Row> stream) throws Exception {
        stream.writeStream().format("memory").queryName("images").trigger(Trigger.AvailableNow()).start().awaitTermination();
        return TestSpark.session().table("images");
    }

    private static List<String> rows(Dataset<Row> images) {
        return images.collectAsList().stream()
                .map(row -> row.get(0) + "|" + row.get(1) + "|" + row.get(2) + "|" + row.get(3) + "|"
                        + Arrays.hashCode(row.<byte[]>getAs("content")))
                .sorted().collect(Collectors.toList());
    }
}
