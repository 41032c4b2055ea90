package verger.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.TestSpark;

class AngleSplitTest {

    @Test
    void aSectorIsHeldOutWithAGapOnBothSides() {
        AngleSplit.Parts parts = new AngleSplit().of(turned("Apple", "", 0, 360));

        assertThat(frames(parts.test())).isEqualTo(range(120, 210));
        List<Integer> learnt = range(0, 105);
        learnt.addAll(range(225, 360));
        assertThat(frames(parts.training())).isEqualTo(learnt);
        assertThat(parts).hasToString(
                "Held out: frames 120 to 209 of each turn of 360, 90 images; 30 images within 15 frames of them in "
                        + "neither; 240 images to learn from.");
        assertThat(parts.angles()).isEqualTo(AngleSplit.Angles.ALL).hasToString("by angle");
        assertThat(parts.training().columns()).containsExactly("origin", "label");
    }

    @Test
    void everyClassAndFilmLosesTheSameSector() {
        Dataset<Row> images =
                turned("Apple", "", 0, 360).union(turned("Apple", "r_", 0, 360)).union(turned("Pêche plate", "r2_", 0, 360));

        AngleSplit.Parts parts = new AngleSplit().setStart(10).setWidth(40).setGap(0).of(images);

        assertThat(parts.test().groupBy("label").count().collectAsList()).containsExactlyInAnyOrder(
                RowFactory.create("Apple", 80L), RowFactory.create("Pêche plate", 40L));
        assertThat(parts.training().count()).isEqualTo(3 * 320);
    }

    @Test
    void aSectorMayReachOverTheStartOfTheTurn() {
        AngleSplit.Parts parts = new AngleSplit().setStart(350).setWidth(20).setGap(5).of(turned("Apple", "", 0, 360));

        List<Integer> heldOut = range(0, 10);
        heldOut.addAll(range(350, 360));
        assertThat(frames(parts.test())).isEqualTo(heldOut);
        assertThat(frames(parts.training())).isEqualTo(range(15, 345));
    }

    @Test
    void ofAFilmOfTwoTurnsBothAreHeldOut() {
        assertThat(frames(new AngleSplit().of(turned("Apple", "", 0, 720)).test())).hasSize(180).contains(120, 480, 569)
                .doesNotContain(570);
    }

    @ParameterizedTest
    @CsvSource({"57_100.jpg", "r_57_100.jpg", "r2_57_100.jpg", "r0_57.jpg", "57_100.PNG"})
    void namesOfBothEditionsTellTheFrame(String name) {
        AngleSplit split = new AngleSplit().setStart(57).setWidth(1).setGap(0).setNamesWithoutFrame("error");

        List<Row> heldOut = split.of(images(List.of(name, "0_100.jpg"), "Apple")).test().collectAsList();

        assertThat(heldOut).hasSize(1);
        assertThat(heldOut.get(0).getString(0)).endsWith("/" + name);
    }

    @Test
    void namesThatTellNoFrameAreDealtOutByAHashAndCounted() {
        List<String> names =
                range(0, 1000).stream().map(i -> i % 2 == 0 ? "IMG_" + i + ".jpg" : i + ".jpg").collect(Collectors.toList());
        Dataset<Row> photographs = images(names, "Apple").union(images(List.of("r_100.jpg", "scan.tif"), "Pear"))
                .union(turned("Cherry", "", 0, 360));

        AngleSplit.Parts parts = new AngleSplit().of(photographs);

        long heldOut = parts.test().filter("label = 'Apple'").count();
        assertThat(heldOut).as("a quarter of 1,000, five standard deviations of chance").isBetween(180L, 320L);
        assertThat(heldOut + parts.training().filter("label = 'Apple'").count()).as("none is lost").isEqualTo(1000);
        assertThat(parts.toString()).contains("1,002 names tell no frame: dealt out by a hash, ",
                "of them held out, whatever they look like");
        assertThat(parts.angles()).isEqualTo(AngleSplit.Angles.SOME).isEqualTo(AngleSplit.angles(photographs));
        assertThat(parts.test().orderBy("origin").collectAsList()).as("the same wherever the folder lies")
                .hasSameSizeAs(
                        new AngleSplit().of(photographs.selectExpr("replace(origin, '/data', 's3a://b') as origin", "label"))
                                .test().collectAsList());
    }

    @Test
    void whereNoNameTellsAFrameItIsASplitByChanceAndSaysSo() {
        List<String> names = range(1001, 1101).stream().map(i -> "IMG_" + i + ".jpg").collect(Collectors.toList());
        Dataset<Row> photographs = images(names, "Apple").union(images(names, "Pear"));

        AngleSplit.Parts parts = new AngleSplit().of(photographs);

        assertThat(parts.angles()).isEqualTo(AngleSplit.Angles.NONE).isEqualTo(AngleSplit.angles(photographs))
                .hasToString("by chance");
        assertThat(parts).hasToString(
                "These names tell no angle, so this is a split by chance: near-identical photographs on both sides "
                        + "flatter it. Held out: " + parts.test().count() + " images; " + parts.training().count()
                        + " images to learn from.");
        assertThat(AngleSplit.angles(turned("Apple", "", 0, 9))).isEqualTo(AngleSplit.Angles.ALL);
    }

    @Test
    void namesThatTellNoFrameCanBeRefused() {
        Dataset<Row> photographs = turned("Apple", "", 0, 360).union(images(List.of("r_100.jpg", "IMG_0815.jpg"), "Apple"));

        assertThatThrownBy(() -> new AngleSplit().setNamesWithoutFrame("error").of(photographs)).hasMessage(
                "2 names tell no frame of a turning fruit, such as /data/Apple/IMG_0815.jpg: names are like 57_100.jpg or r_57_100.jpg, "
                        + "or set namesWithoutFrame=hash");
        assertThatThrownBy(() -> new AngleSplit().setNamesWithoutFrame("error").withFolds(photographs, 2, "fold"))
                .hasMessageContaining("2 names tell no frame");
    }

    @Test
    void aClassOfWhichNothingIsLeftToLearnIsNotTested() {
        AngleSplit.Parts parts = new AngleSplit().of(turned("Apple", "", 0, 360).union(turned("Fig", "", 130, 140)));

        assertThat(parts.test().filter("label = 'Fig'").count()).isZero();
        assertThat(parts.toString()).contains("90 images; 30 images within").endsWith(
                "Left out of the test, as nothing is left to learn them from: Fig.");
    }

    @Test
    void foldsAreSectors() {
        Dataset<Row> folded = new AngleSplit().withFolds(turned("Apple", "r_", 0, 360), 3, "fold");

        for (int fold = 0; fold < 3; fold++) {
            assertThat(frames(folded.filter("fold = " + fold))).isEqualTo(range(120 * fold, 120 * fold + 120));
        }
        assertThat(folded.schema().apply("fold").dataType()).isEqualTo(DataTypes.IntegerType);
        Dataset<Row> unlabelled = turned("Apple", "r_", 0, 360).selectExpr("origin", "string(null) as label");
        assertThat(new AngleSplit().withFolds(turned("Apple", "r_", 0, 360).union(unlabelled), 3, "fold").count())
                .isEqualTo(360);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new AngleSplit().setWidth(340).of(turned("Apple", "", 0, 360))).hasMessage(
                "A sector of 340 and a gap of 15 on both sides leave nothing of a turn of 360 to learn from: make width or gap smaller");
        assertThatThrownBy(() -> new AngleSplit().of(turned("Apple", "", 0, 50))).hasMessageStartingWith(
                "Nothing is left for one side of the split by angle: choose another start or width. Held out: frames 120 to 209");
        assertThatThrownBy(() -> new AngleSplit().withFolds(turned("Apple", "", 0, 50), 4, "fold")).hasMessageStartingWith(
                "Only 1 of 4 folds by angle have images");
        assertThatThrownBy(() -> new AngleSplit().of(TestSpark.session().sql("select 'a' as path"))).hasMessage(
                "A split by angle needs the columns origin and label: the columns are path");
        assertThatThrownBy(() -> new AngleSplit().setNamesWithoutFrame("skip"))
                .hasMessage("namesWithoutFrame is hash or error: got skip");
        assertThatThrownBy(() -> new AngleSplit().setGap(-1)).hasMessage("gap must be 0 or more: got -1");
    }

    private static Dataset<Row> turned(String label, String series, int from, int to) {
        return images(range(from, to).stream().map(frame -> series + frame + "_100.jpg").collect(Collectors.toList()), label);
    }

    private static Dataset<Row> images(List<String> names, String label) {
        StructType schema = new StructType().add("origin", DataTypes.StringType).add("label", DataTypes.StringType);
        return TestSpark.session().createDataFrame(
                names.stream().map(name -> RowFactory.create("/data/" + label + "/" + name, label))
                        .collect(Collectors.toList()),
                schema);
    }

    private static List<Integer> frames(Dataset<Row> images) {
        return images.selectExpr("int(regexp_extract(origin, '(\\\\d+)_100.jpg', 1))").as(Encoders.INT()).collectAsList()
                .stream().sorted().collect(Collectors.toList());
    }

    private static List<Integer> range(int from, int to) {
        List<Integer> range = new ArrayList<>();
        for (int i = from; i < to; i++) {
            range.add(i);
        }
        return range;
    }
}
