package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.VoidFunction2;
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
        assertThat(partitions(1)).isEqualTo(cores);
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

    @Test
    void mistakesAreSaidBeforeAnythingRuns() {
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
