package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.images.Images;
import verger.images.TestImages;

@Tag("slow")
class AppendedFeaturesTest {

    static final int FILES_PER_BATCH = 8;

    private static final SparkSession SPARK = TestSpark.session();
    private static final long LONG_AGO = 1_700_000_000_000L;

    @TempDir
    Path folder;

    /** Of the network's own size they would take five times as long. */
    static ImageFeaturizer featurizer() {
        return new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64);
    }

    @Test
    void everyImageIsThereOnceAfterAKillInMidBatch() throws Exception {
        Path images = Files.createDirectories(folder.resolve("in"));
        for (int i = 0; i < 20; i++) {
            image("Pêche 100 %/image " + i + ".jpg", i);
        }
        Path table = folder.resolve("appended.parquet");

        killAt("/image 12.jpg", images, table);

        assertThat(table.resolve("_checkpoint/offsets/1")).as("the second batch has begun").exists();
        assertThat(table.resolve("_checkpoint/commits/1")).as("and has not ended").doesNotExist();
        AppendedFeatures appended = new AppendedFeatures(SPARK, table.toString());
        long before = appended.read().count();
        assertThat(before).isEqualTo(FILES_PER_BATCH);
        assertThat(rowsInFiles(table)).as("with what a task of the second batch has written").isGreaterThan(before);

        Files.delete(images.resolve("Pêche 100 %/image 10.jpg")); // of the second batch
        for (int i = 20; i < 25; i++) {
            image("Added/image " + i + ".jpg", i - 100);
        }
        long added = append(appended, images);

        Dataset<Row> all = appended.read();
        System.out.println("Appended before the kill: " + before + ", after the restart: " + added + ", in the table: "
                + all.count() + ", different: " + all.select("origin").distinct().count());
        assertThat(added).isEqualTo(25 - 1 - before);
        List<String> expected = new ArrayList<>();
        try (Stream<Path> files = Files.walk(images).filter(Files::isRegularFile)) {
            files.forEach(file -> expected.add(file.toString()));
        }
        assertThat(expected).hasSize(24);
        assertThat(all.select("origin").as(Encoders.STRING()).collectAsList()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(all.filter("label = 'Pêche 100 %'").count()).isEqualTo(19);
        assertThat(all.filter("reason is null and size(features) = 1280").count()).isEqualTo(24);
        assertThat(append(appended, images)).as("a run with nothing new").isZero();

        assertThat(rowsInFiles(table)).as("what other readers see").isGreaterThan(24);
        appended.removeLeftovers(System.currentTimeMillis() - 3_600_000);
        assertThat(rowsInFiles(table)).as("a file of this hour may be of a batch that runs").isGreaterThan(24);
        appended.removeLeftovers(System.currentTimeMillis() + 1000);
        assertThat(rowsInFiles(table)).as("what other readers see now").isEqualTo(24);
        assertThat(appended.read().count()).isEqualTo(24);
    }

    @Test
    void whatIsNotInTheTableIsListedWithItsReason() throws Exception {
        Path images = Files.createDirectories(folder.resolve("in"));
        image("a/used.jpg", 1);
        image("a/replaced.jpg", 2);
        TestImages.write(images.resolve("a/empty.jpg"), new byte[0]);
        TestImages.write(images.resolve("a/Pêche 100 %.jpg"), new byte[0]);
        TestImages.write(images.resolve("a/text.jpg"), "text".getBytes(StandardCharsets.UTF_8));
        AppendedFeatures appended = new AppendedFeatures(SPARK, folder.resolve("table").toString());
        assertThat(appended.read().count()).isZero();

        assertThat(append(appended, images)).isEqualTo(3);

        TestImages.write(images.resolve("a/replaced.jpg"), TestImages.jpeg(70, Color.BLUE));
        image("a/late.jpg", 3);
        image("a/Pêche 100 %.jpg", 4);
        Files.createSymbolicLink(images.resolve("a/dangling.jpg"), images.resolve("none"));
        TestImages.write(Path.of(URI.create(images.toUri() + "a/z%E9.jpg")), TestImages.jpeg(70, Color.BLUE));
        assertThat(
                appended.read().filter("reason is not null").selectExpr("origin", "reason", "features is null").collectAsList()
                        .toString())
                .isEqualTo("[[" + images + "/a/text.jpg,not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP,true]]");
        List<Row> missing = appended.missing(Images.read(SPARK, images.toString())).collectAsList();
        assertThat(missing).extracting(row -> row.getString(0).replaceFirst(".*/", "") + ": " + row.getString(1))
                .containsExactly("Pêche 100 %.jpg: empty or gone when it was first seen: put it in under another name",
                        "dangling.jpg: unreadable: a link to what is not there",
                        "empty.jpg: empty file (0 bytes): put it in whole, under another name",
                        "late.jpg: not read yet: it came in after this run began, and the next one reads it",
                        "replaced.jpg: replaced since it was read, features are old: put it in under another name",
                        "z%E9.jpg: its name is no UTF-8, and no stream sees it: rename it");
        assertThat(missing).allMatch(row -> row.getString(1).length() <= 80, "seen whole in a notebook's table");
        assertThat(append(appended, images)).as("the late one, and not the replaced one").isEqualTo(1);
    }

    /** Spark would take the names of the logs for patterns. */
    @Test
    void aTableInAFolderOfAnyNameIsAppendedToAndSaysWhatIsMissing() throws Exception {
        image("a/1.jpg", 1);
        TestImages.write(folder.resolve("in/a/empty.jpg"), new byte[0]);
        AppendedFeatures appended = new AppendedFeatures(SPARK, folder + "/out/2024-01-01T10:22 [x], {y} */table");
        assertThat(append(appended, folder.resolve("in"))).isEqualTo(1);
        image("a/late.jpg", 2);

        assertThat(appended.missing(Images.read(SPARK, folder + "/in")).collectAsList())
                .extracting(row -> row.getString(0).replaceFirst(".*/", "") + ": " + row.getString(1)).containsExactly(
                        "empty.jpg: empty file (0 bytes): put it in whole, under another name",
                        "late.jpg: not read yet: it came in after this run began, and the next one reads it");
        assertThat(append(appended, folder.resolve("in"))).isEqualTo(1);
        assertThat(appended.read().count()).isEqualTo(2);
    }

    @Test
    void featuresThatCannotBeComparedAreRefused() throws Exception {
        image("a/1.jpg", 1);
        Path table = folder.resolve("table");
        AppendedFeatures appended = new AppendedFeatures(SPARK, table.toString());
        append(appended, folder.resolve("in"));
        ImageFeaturizer larger = featurizer().setInputSize(96);

        assertThatThrownBy(() -> appended.append(larger.transform(Images.stream(SPARK, folder + "/in")), larger))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The table file:" + table + " holds features that cannot be compared with these, by inputSize (64 "
                        + "there, 96 here): choose the network and the settings of the table, or another output");
        Path madeBy = table.resolve("_made-by.json");
        Files.writeString(madeBy, Files.readString(madeBy)
                .replace("127.0", "0.0").replace(featurizer().choice().weightsSha256(), "01"));
        Files.delete(table.resolve("._made-by.json.crc"));
        assertThatThrownBy(() -> append(appended, folder.resolve("in"))).hasMessageContaining(
                "by mean ([0.0,0.0,0.0] there, [127.0,127.0,127.0] here), weightsSha256 (01 there, 5793");
    }

    @Test
    void photographsOfAnotherFolderAreRefused() throws Exception {
        image("a/1.jpg", 1);
        Files.createDirectories(folder.resolve("other"));
        Path table = folder.resolve("table");
        AppendedFeatures appended = new AppendedFeatures(SPARK, table.toString());
        append(appended, folder.resolve("in"));

        assertThatThrownBy(() -> append(appended, folder.resolve("other"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The table file:" + table + " holds the photographs of file:" + folder + "/in, and these are of "
                        + "file:" + folder + "/other: choose another output");
        Dataset<Row> sameFolder = Images.stream(SPARK, "file://" + folder + "/in/");
        assertThat(appended.append(featurizer().transform(sameFolder), featurizer())).isZero();
    }

    @Test
    void aFolderOfSomethingElseIsRefusedAndLeftAlone() throws Exception {
        image("a/1.jpg", 1);
        Path table = folder.resolve("features.parquet");
        SPARK.range(3).write().parquet(table.toString());

        assertThatThrownBy(() -> append(new AppendedFeatures(SPARK, table.toString()), folder.resolve("in")))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("The table file:" + table
                        + " was written as a whole, and nothing can be appended to it: choose another output");
        Path own = Files.createDirectories(folder.resolve("own"));
        Path mine = Files.writeString(own.resolve("mine.parquet"), "mine");
        Files.setLastModifiedTime(mine, FileTime.fromMillis(LONG_AGO));
        Files.createDirectories(own.resolve("_spark_metadata"));
        assertThatThrownBy(() -> append(new AppendedFeatures(SPARK, own.toString()), folder.resolve("in")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("The folder file:" + own
                        + " is no table of appended features: it has no _made-by.json, and it holds ")
                .hasMessageEndingWith(" and 1 more; choose another output");
        assertThat(mine).exists();
    }

    @Test
    void aTableThatLostOneOfItsLogsIsRefused() throws Exception {
        image("a/1.jpg", 1);
        Path table = folder.resolve("table");
        AppendedFeatures appended = new AppendedFeatures(SPARK, table.toString());
        append(appended, folder.resolve("in"));

        Files.move(table.resolve("_checkpoint"), folder.resolve("checkpoint"));
        assertThatThrownBy(() -> append(appended, folder.resolve("in"))).isInstanceOf(IllegalStateException.class).hasMessage(
                "Nothing can be appended to file:" + table + ", as photographs would be lost: file:" + table
                        + "/_spark_metadata ends with batch 0, and file:" + table + "/_checkpoint has none; put back the one "
                        + "that was deleted or replaced, or choose another output");
        Files.move(folder.resolve("checkpoint"), table.resolve("_checkpoint"));
        Files.move(table.resolve("_spark_metadata"), folder.resolve("log"));
        assertThatThrownBy(() -> append(appended, folder.resolve("in"))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("_spark_metadata has no batch, and file:" + table + "/_checkpoint ends with 0; put back");
        Files.move(folder.resolve("log"), table.resolve("_spark_metadata"));
        image("a/2.jpg", 2);
        assertThat(append(appended, folder.resolve("in"))).isEqualTo(1);
    }

    @Test
    void aRunRemovesWhatABatchLeftMoreThanADayAgo() throws Exception {
        image("a/1.jpg", 1);
        Path table = folder.resolve("table");
        AppendedFeatures appended = new AppendedFeatures(SPARK, table.toString());
        append(appended, folder.resolve("in"));
        Path old = Files.writeString(table.resolve("part-old.parquet"), "left");
        Path fresh = Files.writeString(table.resolve("part-fresh.parquet"), "perhaps of a batch that runs");
        Path other = Files.writeString(table.resolve("notes.txt"), "mine");
        for (Path file : List.of(old, other)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        }
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().minus(Duration.ofHours(23))));

        append(appended, folder.resolve("in"));

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(other).exists();
        assertThat(appended.read().count()).isEqualTo(1);
    }

    @Test
    void aStreamThatStopsSaysWhy() throws Exception {
        image("a/1.jpg", 1);
        AppendedFeatures appended = new AppendedFeatures(SPARK, folder.resolve("table").toString());
        Dataset<Row> failing = featurizer().transform(Images.stream(SPARK, folder + "/in")).withColumn("reason",
                functions.raise_error(functions.lit("the network is gone")).cast("string"));

        assertThatThrownBy(() -> appended.append(failing, featurizer())).isInstanceOf(IllegalStateException.class)
                .hasMessage("The stream into file:" + folder + "/table stopped: the network is gone"
                        + "; what is in the table stays, and the next run goes on from there");

        assertThat(append(appended, folder.resolve("in"))).isEqualTo(1);
    }

    @Test
    void anInterruptStopsTheStream() throws Exception {
        image("a/1.jpg", 1);
        AppendedFeatures appended = new AppendedFeatures(SPARK, folder.resolve("table").toString());
        Path reached = folder.resolve("reached");
        String marker = reached.toString();
        UDF1<String, String> slow = label -> {
            Files.createFile(Path.of(marker));
            Thread.sleep(60_000);
            return label;
        };
        Dataset<Row> waiting = featurizer().transform(Images.stream(SPARK, folder + "/in"))
                .withColumn("label", functions.udf(slow, DataTypes.StringType).apply(functions.col("label")));
        Thread run = new Thread(() -> appended.append(waiting, featurizer()));
        run.setUncaughtExceptionHandler((thread, e) -> {});
        run.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(reached) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(reached).exists();
        assertThat(SPARK.streams().active()).hasSize(1);

        run.interrupt();
        run.join(50_000);

        assertThat(run.isAlive()).isFalse();
        assertThat(SPARK.streams().active()).isEmpty();
    }

    @Test
    void aTableThatCannotBeReachedIsRefused() {
        assertThatThrownBy(() -> new AppendedFeatures(SPARK, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot append to : Can not create a Path from an empty string");
        assertThatThrownBy(() -> new AppendedFeatures(SPARK, "none://fruits/table"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot append to none://fruits/table: No FileSystem for scheme \"none\"");
    }

    private static long append(AppendedFeatures table, Path images) {
        Dataset<Row> stream = Images.reader(SPARK).filesPerBatch(FILES_PER_BATCH).stream(images.toString());
        return table.append(featurizer().transform(stream), featurizer());
    }

    /** Starts the stream in another JVM and kills it when one task of a batch is at the image and the other one has ended. */
    private void killAt(String image, Path images, Path table) throws Exception {
        Path reached = folder.resolve("reached");
        Path log = folder.resolve("log");
        Process child = StreamChild.start(images, table, image, reached, log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < end && (!Files.exists(reached) || rowsInFiles(table) <= FILES_PER_BATCH)) {
            if (child.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("The child has ended: " + Files.readString(log));
            }
        }
        child.destroyForcibly(); // SIGKILL
        assertThat(child.waitFor()).isEqualTo(137);
    }

    private void image(String name, int age) throws Exception {
        Path file = TestImages.write(folder.resolve("in").resolve(name), TestImages.jpeg(60, new Color(age * 7919 & 0xffffff)));
        Files.setLastModifiedTime(file, FileTime.fromMillis(LONG_AGO + age * 86_400_000L));
    }

    /** What a reader sees that takes the folder for its files. */
    private static long rowsInFiles(Path table) throws Exception {
        if (!Files.isDirectory(table)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(table)) {
            String[] whole = files.map(Path::toString).filter(name -> name.endsWith(".parquet")).toArray(String[]::new);
            return Stream.of(whole).mapToLong(AppendedFeaturesTest::rows).sum();
        }
    }

    private static long rows(String file) {
        try {
            return SPARK.read().parquet(file).count();
        } catch (Exception e) {
            return 0; // no more of it was written than a part
        }
    }
}
