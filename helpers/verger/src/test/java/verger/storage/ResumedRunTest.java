package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.features.ImagesSeen;
import verger.images.Images;
import verger.images.TestImages;

/** A run goes on where one that died was, with a real network. */
@Tag("slow")
class ResumedRunTest {

    private final SparkSession spark = TestSpark.session();
    private final ImageFeaturizer featurizer = featurizer();

    @TempDir
    Path folder;

    @Test
    void whatADeadRunHasMadeIsNotMadeAgainAndIsTheSameToTheBit() throws IOException {
        photographs(0, 7);
        Run.of(spark, folder + "/in", folder + "/out").features(featurizer, listed(), false).unpersist();
        photographs(7, 18);
        Files.writeString(folder.resolve("in/Pear/notes.txt"), "not a picture");
        long before = ImagesSeen.count(spark);

        Run run = Run.of(spark, folder + "/in", folder + "/out");
        Dataset<Row> features = run.features(featurizer, listed(), false);

        assertThat(ImagesSeen.count(spark) - before).isEqualTo(11);
        assertThat(run.counts(features)).startsWith("19 files read, 18 used, 1 failed; 7 of 19 from the run of ");
        assertThat(features.columns()).isEqualTo(featurizer.transform(listed()).drop("content").columns());
        assertThat(bits(features)).isEqualTo(bits(featurizer.transform(listed()))).hasSize(19);
        run.saveFeatures(features);
        SavedRun saved = run.publish();
        features.unpersist();
        assertThat(saved.read("features.parquet").schema().simpleString())
                .isEqualTo("struct<origin:string,label:string,features:array<float>>");
        assertThat(saved.read("features.parquet").count()).isEqualTo(18);
        assertThat(folder.resolve("out/_features")).doesNotExist();
        assertThat(new ObjectMapper().readTree(folder.resolve("out/manifest.json").toFile()).at("/reused/features").asInt())
                .isEqualTo(7);
    }

    @Test
    void anotherNetworkOrSizeAndAFreshRunMakeAll() {
        photographs(0, 4);
        Run.of(spark, folder + "/in", folder + "/out").features(featurizer, listed(), false).unpersist();
        long before = ImagesSeen.count(spark);

        Run.of(spark, folder + "/in", folder + "/out").features(featurizer, listed(), true).unpersist();
        assertThat(ImagesSeen.count(spark) - before).isEqualTo(4);
        ImageFeaturizer other = new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64);
        Run.of(spark, folder + "/in", folder + "/out").features(other, listed(), false).unpersist();
        assertThat(ImagesSeen.count(spark) - before).isEqualTo(8);
        Run.of(spark, folder + "/in", folder + "/out").features(featurizer, listed(), false).unpersist();
        assertThat(ImagesSeen.count(spark) - before).isEqualTo(8);
    }

    /** The driver dies, and its tasks with it, when one of two tasks has written its part and the other is within. */
    @Test
    void aDriverThatIsKilledLeavesWhatItsTasksHaveWritten() throws Exception {
        photographs(0, 20);
        Path reached = folder.resolve("reached");
        Process child = JvmChild.start(FeaturesChild.class, folder.resolve("log"), folder.resolve("in"), folder.resolve("out"),
                "Pear/8.jpg", reached);
        while (!Files.exists(reached) || parts() == 0) {
            assertThat(child.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
            Thread.sleep(100);
        }
        child.destroyForcibly();
        assertThat(child.waitFor()).isEqualTo(137);
        long before = ImagesSeen.count(spark);

        Run run = Run.of(spark, folder + "/in", folder + "/out");
        Dataset<Row> features = run.features(featurizer, listed(), false);

        assertThat(ImagesSeen.count(spark) - before).isBetween(1L, 19L);
        assertThat(bits(features)).isEqualTo(bits(featurizer.transform(listed()))).hasSize(20);
        run.counts(features);
        run.saveFeatures(features);
        assertThat(run.publish().read("features.parquet").count()).isEqualTo(20);
        features.unpersist();
        try (Stream<Path> left = Files.list(folder.resolve("out"))) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("_features"))).isEmpty();
        }
    }

    /** It dies before its manifest is in place, and then after that. */
    @Test
    void featuresThatARunMovedToPublishAndDiedAreNotMadeAgain() throws IOException {
        photographs(0, 6);
        Path parts = folder.resolve("out/_features");
        Run.of(spark, folder + "/in", folder + "/out").features(featurizer, listed(), false).unpersist();
        List<Path> features = files(parts, "features-");
        Path moved = Files.createDirectories(folder.resolve("out/_writing-" + UUID.randomUUID() + "/files/features.parquet"));
        for (Path file : features.subList(0, features.size() / 2)) {
            Files.move(file, moved.resolve(file.getFileName()));
        }
        long before = ImagesSeen.count(spark);

        Run run = Run.of(spark, folder + "/in", folder + "/out");
        Dataset<Row> again = run.features(featurizer, listed(), false);

        assertThat(features).hasSizeGreaterThan(1);
        assertThat(ImagesSeen.count(spark) - before).isZero();
        assertThat(files(parts, "features-")).isEqualTo(features);
        assertThat(moved).doesNotExist();

        Path lists = Files.createDirectories(folder.resolve("lists"));
        for (Path list : files(parts, "files-")) {
            Files.copy(list, lists.resolve(list.getFileName()));
        }
        run.counts(again);
        run.saveFiles(Images.reader(spark).list(folder + "/in"), again);
        run.saveFeatures(again);
        run.publish();
        again.unpersist();
        Files.createDirectories(parts);
        Files.move(lists, parts.resolve(features.get(0).getParent().getFileName()));

        Dataset<Row> published = Run.of(spark, folder + "/in", folder + "/out").features(featurizer, listed(), false);

        assertThat(ImagesSeen.count(spark) - before).isZero();
        assertThat(bits(published)).isEqualTo(bits(featurizer.transform(listed()))).hasSize(6);
        published.unpersist();
    }

    private static List<Path> files(Path folder, String prefix) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
        }
    }

    private long parts() throws IOException {
        return files(folder.resolve("out"), "files-").size();
    }

    static ImageFeaturizer featurizer() {
        return new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(96);
    }

    private void photographs(int from, int to) {
        for (int i = from; i < to; i++) {
            TestImages.write(folder.resolve("in/" + (i % 2 == 0 ? "Pear" : "Fig") + "/" + i + ".jpg"),
                    TestImages.jpeg(100, new Color(10 * i, 255 - 10 * i, 60)));
        }
    }

    private Dataset<Row> listed() {
        return Images.read(spark, folder + "/in");
    }

    private static Map<String, String> bits(Dataset<Row> rows) {
        Map<String, String> bits = new TreeMap<>();
        for (Row row : rows.select("origin", "label", "reason", "features").collectAsList()) {
            Vector features = row.getAs(3);
            bits.put(row.getString(0), row.get(1) + " " + row.get(2) + " "
                    + (features == null ? null : Arrays.hashCode(features.toArray())));
        }
        return bits;
    }
}
