package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.images.ImageListing;
import verger.images.Images;
import verger.images.RgbImage;
import verger.images.TestImages;
import verger.images.UnusableImageException;

/** Every file ends as one row, and a run with too many that could not be used stops. */
@Timeout(300)
class FilesTableTest {

    private static final byte[] JPEG = TestImages.jpeg(100, Color.RED);

    private final SparkSession spark = TestSpark.session();

    @TempDir
    Path folder;

    @Test
    void of200OddFilesEachIsOneRow() throws Exception {
        ImageListing listing = Images.reader(spark).list(oddFiles().toString());
        Run run = Run.of(spark, folder + "/photos", folder + "/out").maxFailed(1);
        Dataset<Row> decoded = decoded(listing);
        run.counts(decoded);
        run.saveFiles(listing, decoded);
        Dataset<Row> byFolder = run.saveFiles(listing, decoded); // the cell is run again
        SavedRun saved = run.publish();

        Dataset<Row> files = saved.read("files.parquet");
        assertThat(files.columns()).containsExactly("origin", "label", "length", "modified", "status", "reason");
        assertThat(files.count()).isEqualTo(entries(folder.resolve("photos"))).isEqualTo(200);
        assertThat(files.select("origin").distinct().count()).isEqualTo(200);
        assertThat(counts(files)).isEqualTo(Map.of("ok", 90L, "empty", 30L, "truncated", 40L, "too_large", 10L,
                "unreadable", 10L, "not_an_image", 20L));
        assertThat(files.filter("(status = 'ok') <> (reason is null)").count()).isZero();
        Row all = byFolder.first();
        assertThat(all.<String>getAs("folder")).isEqualTo("all");
        assertThat(all.<Long>getAs("truncated")).isEqualTo(40);
        assertThat(byFolder.filter("folder like '%/copied'").first().<Long>getAs("empty")).isEqualTo(30);
        JsonNode counts = new ObjectMapper().readTree(folder.resolve("out/manifest.json").toFile()).get("counts");
        assertThat(counts.get("listed").asLong()).isEqualTo(200);
        assertThat(counts.get("used").asLong() + counts.get("failed").asLong()).isEqualTo(200);
        assertThat(counts.get("hidden").asLong()).isEqualTo(1);
        assertThat(counts.get("byStatus").get("ok").asLong()).isEqualTo(90);
    }

    @Test
    void aRunWithTooManyUnusablePicturesPublishesNothingAndNamesTheFolders() throws Exception {
        ImageListing listing = Images.reader(spark).list(oddFiles().toString());
        Run run = Run.of(spark, folder + "/photos", folder + "/out").maxFailed(0.05);

        assertThatThrownBy(() -> run.saveFiles(listing, decoded(listing))).isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "90 of 180 pictures could not be used, more than the share of 0.05 that maxFailed allows, so nothing "
                                + "is published: mend or remove them, or raise maxFailed; most are in "
                                + folder + "/photos/camera (40: 40 truncated), " + folder + "/photos/copied (30: 30 empty), "
                                + folder + "/photos/large (10: 10 too_large), " + folder
                                + "/photos/linked (10: 10 unreadable)");
        assertThat(folder.resolve("out/manifest.json")).doesNotExist();
        assertThat(folder.resolve("out/files.parquet")).doesNotExist();
    }

    @Test
    void notOneShareTooMuchAndNoShareOfFewPicturesStopsARun() throws Exception {
        ImageListing listing = listing(95, 5);
        Run.of(spark, folder + "/photos", folder + "/out").maxFailed(0.05).saveFiles(listing, decoded(listing));

        for (int i = 0; i < 50; i++) {
            TestImages.write(folder.resolve("photos/94-5/text/" + i), "none".getBytes(StandardCharsets.UTF_8));
        }
        ImageListing few = listing(94, 5); // 99 pictures, and files that are none
        Run.of(spark, folder + "/photos", folder + "/out").maxFailed(0).saveFiles(few, decoded(few));

        ImageListing more = listing(94, 6);
        assertThatThrownBy(() -> Run.of(spark, folder + "/photos", folder + "/out").maxFailed(0.05)
                .saveFiles(more, decoded(more))).hasMessageStartingWith("6 of 100 pictures could not be used");
    }

    private ImageListing listing(int good, int bad) throws IOException {
        Path photos = folder.resolve("photos/" + good + "-" + bad);
        for (int i = 0; i < good + bad; i++) {
            TestImages.write(photos.resolve(i + ".jpg"), i < good ? JPEG : new byte[0]);
        }
        return Images.reader(spark).list(photos.toString());
    }

    @Test
    void whatTheLimitLeftOutIsInTheTable() throws IOException {
        for (int i = 0; i < 6; i++) {
            TestImages.write(folder.resolve("photos/a/" + i + ".jpg"), JPEG);
        }
        ImageListing listing = Images.reader(spark).limit(4).list(folder + "/photos");
        Run run = Run.of(spark, folder + "/photos", folder + "/out");
        run.counts(decoded(listing));
        run.saveFiles(listing, decoded(listing));

        Dataset<Row> files = run.publish().read("files.parquet");

        assertThat(counts(files)).isEqualTo(Map.of("ok", 4L, "not_taken", 2L));
        assertThat(files.filter("status = 'not_taken'").first().<String>getAs("reason"))
                .isEqualTo("not taken: the limit is 4 images");
    }

    /** The manifest names a thousand of them. */
    @Test
    void moreThanAThousandFailuresAreAllInTheTable() throws IOException {
        ImageListing listing = listing(1, 1100);
        Run run = Run.of(spark, folder + "/photos", folder + "/out");
        run.counts(decoded(listing));
        run.saveFiles(listing, decoded(listing));

        assertThat(run.publish().read("files.parquet").filter("status = 'empty'").count()).isEqualTo(1100);
    }

    @Test
    void rowsThatSomebodyLeftOutAreMissed() throws IOException {
        ImageListing listing = listing(3, 1);

        assertThatThrownBy(() -> Run.of(spark, folder + "/photos", folder + "/out")
                .saveFiles(listing, decoded(listing).filter("reason is null")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("files.parquet has a row for each file: got 3 rows for 4 listed files");
    }

    @Test
    void aShareIsFromZeroToOne() {
        Run run = Run.of(spark, folder + "/photos", folder + "/out");

        assertThatThrownBy(() -> run.maxFailed(5))
                .hasMessage("maxFailed is a share from 0 to 1: got 5.0; write 0.05 for 5.0 %");
        assertThatThrownBy(() -> run.maxFailed(-0.1)).hasMessage("maxFailed is a share from 0 to 1: got -0.1");
        assertThatThrownBy(() -> run.maxFailed(Double.NaN)).hasMessage("maxFailed is a share from 0 to 1: got NaN");
    }

    /** A colon and brackets in one path are more than Spark's patterns can say. */
    @Test
    void resultsInAFolderWithAColonAndBracketsAreReadBack() {
        Run run = Run.of(spark, folder + "/photos", folder + "/out/2024-01-01T10:22 [x] {y} *");
        run.saveTable("names.json", spark.sql("select 'Topaz' as name"));
        run.saveTable("names.parquet", spark.sql("select 'Elstar' as name"));

        SavedRun saved = run.publish();

        assertThat(saved.read("names.json").first().getString(0)).isEqualTo("Topaz");
        assertThat(saved.read("names.parquet").first().getString(0)).isEqualTo("Elstar");
        assertThat(SavedRun.open(spark, saved.location()).read("names.json").count()).isEqualTo(1);
    }

    private Path oddFiles() throws Exception {
        Path photos = folder.resolve("photos");
        for (int i = 0; i < 70; i++) {
            TestImages.write(photos.resolve("good/" + i + ".jpg"), JPEG);
        }
        for (int i = 0; i < 10; i++) {
            TestImages.write(photos.resolve("good/Photo 2024-01-01 10:22:" + i + ".jpg"), JPEG);
            String latin = photos.toUri() + "/good/caf%E9" + i + ".jpg";
            TestImages.write(Path.of(URI.create(latin)), JPEG);
            TestImages.write(photos.resolve("large/" + i + ".png"), pngHeader());
        }
        for (int i = 0; i < 40; i++) {
            TestImages.write(photos.resolve("camera/" + i + ".jpg"), Arrays.copyOf(JPEG, JPEG.length / 2));
        }
        for (int i = 0; i < 30; i++) {
            TestImages.write(photos.resolve("copied/" + i + ".jpg"), new byte[0]);
        }
        for (int i = 0; i < 20; i++) {
            TestImages.write(photos.resolve("notes/" + i + ".txt"), "no picture".getBytes(StandardCharsets.UTF_8));
        }
        Files.createDirectories(photos.resolve("linked"));
        for (int i = 0; i < 5; i++) {
            Files.createSymbolicLink(photos.resolve("linked/dangling" + i), Path.of("none"));
            assertThat(new ProcessBuilder("mkfifo", photos + "/linked/pipe" + i).start().waitFor()).isZero();
        }
        Files.createSymbolicLink(photos.resolve("linked/up"), Path.of("..")); // said, and no row
        TestImages.write(photos.resolve("good/.DS_Store"), new byte[] {1}); // counted, and no row
        return photos;
    }

    /** A picture of 900 megapixels by its header, and nothing behind it. */
    private static byte[] pngHeader() {
        byte[] png = TestImages.encode(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 30_000).putInt(20, 30_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        return png;
    }

    private static long entries(Path photos) throws IOException {
        try (Stream<Path> all = Files.walk(photos)) {
            return all.filter(path -> !Files.isDirectory(path) && !path.getFileName().toString().startsWith(".")).count();
        }
    }

    private static Dataset<Row> decoded(ImageListing listing) {
        UDF1<byte[], String> reason = content -> {
            try {
                RgbImage.decode(content);
                return null;
            } catch (UnusableImageException e) {
                return e.getMessage();
            }
        };
        return listing.images().withColumn("reason",
                functions.udf(reason, DataTypes.StringType).apply(functions.col("content"))).drop("content");
    }

    private static Map<String, Long> counts(Dataset<Row> files) {
        Map<String, Long> counts = new LinkedHashMap<>();
        files.groupBy("status").count().collectAsList().forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }
}
