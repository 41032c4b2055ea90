package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.images.Images;
import verger.images.TestImages;

class PictureGridTest {

    private static final Color FRAME = new Color(0xC44E00);

    @Test
    void picturesStandInRowsFromTheLeft() {
        List<CaptionedPicture> first = List.of(picture(Color.RED, true), picture(Color.GREEN, false));
        List<CaptionedPicture> second = List.of(picture(Color.BLUE, false));

        BufferedImage grid = Charts.pictureGrid("Two rows", List.of(first, second), null);

        int red = firstColumn(grid, Color.RED);
        assertThat(firstColumn(grid, Color.GREEN)).isGreaterThan(red + 100);
        assertThat(firstColumn(grid, Color.BLUE)).isEqualTo(red);
        assertThat(firstLine(grid, Color.GREEN)).isEqualTo(firstLine(grid, Color.RED));
        assertThat(firstLine(grid, Color.BLUE)).isGreaterThan(firstLine(grid, Color.RED) + 200);
        assertThat(Pictures.count(grid, FRAME)).as("one frame of five pixels around 200").isBetween(3500, 4500);
    }

    @Test
    void aLongRowGoesOnInLinesOfTheSameLength() {
        int[] heights = IntStream.of(10, 12, 20, 21)
                .map(count -> Charts.pictureGrid("Some", List.of(Collections.nCopies(count, picture(Color.RED, false))), null)
                        .getHeight())
                .toArray();

        assertThat(heights[1]).as("two lines of six, larger than ten in a line").isGreaterThan(heights[0] + 200);
        assertThat(heights[2]).as("two lines of ten").isLessThanOrEqualTo(heights[1]);
        assertThat(heights[3]).as("three lines of seven").isGreaterThan(heights[2] + 200);
    }

    @Test
    void longerCaptionsHaveRoom() {
        CaptionedPicture shortOne = new CaptionedPicture(null, "Apple", null, false);
        CaptionedPicture longOne = new CaptionedPicture(null, "Apple\n→ Tomato", "0.97", false);

        int one = Charts.pictureGrid("t", List.of(Collections.nCopies(8, shortOne)), null).getHeight();
        int two = Charts.pictureGrid("t", List.of(Collections.nCopies(8, longOne)), null).getHeight();

        assertThat(two - one).as("a line more of the caption, and one of a detail").isEqualTo(2 * (15 + 15));
    }

    @Test
    void whatCannotBeReadLeavesAGreySquare() {
        BufferedImage grid =
                Charts.pictureGrid("t", List.of(List.of(new CaptionedPicture(new byte[] {9}, null, null, false))), null);

        assertThat(Pictures.count(grid, new Color(0xF1F2F4))).isGreaterThan(30_000);
    }

    @Test
    void ofManyPicturesTheFirstAreShown() {
        List<List<CaptionedPicture>> rows =
                new ArrayList<>(Collections.nCopies(60, Collections.nCopies(5, picture(Color.RED, false))));
        rows.add(List.of(picture(Color.BLUE, false)));

        BufferedImage grid = Charts.pictureGrid("t", rows, null);

        assertThat(grid.getWidth()).isEqualTo(1100);
        assertThat(Pictures.count(grid, Color.RED)).isGreaterThan(300 * 2000);
        assertThat(Pictures.count(grid, Color.BLUE)).isZero();
    }

    @Test
    void nothingIsNoPicture() {
        assertThatThrownBy(() -> Charts.pictureGrid("t", List.of(List.of()), null))
                .hasMessage("There is nothing to draw: 0 pictures.");
    }

    @Test
    void ofDatasetsOnlyTheFilesThatAreShownAreRead(@TempDir Path folder) {
        Color[] colors = {new Color(200, 30, 30), new Color(30, 130, 30), new Color(30, 30, 200)};
        for (int i = 0; i < 30; i++) {
            TestImages.write(folder.resolve("é " + i + ".png"), Pictures.file(colors[i % 3], Color.WHITE));
        }
        SparkSession spark = TestSpark.session();
        LongAccumulator read = spark.sparkContext().longAccumulator();
        UserDefinedFunction counted = functions.udf((UDF1<byte[], byte[]>) content -> {
            read.add(1);
            return content;
        }, DataTypes.BinaryType);
        Dataset<Row> files = Images.read(spark, folder.toString());
        Dataset<Row> lazy = files.withColumn("content", counted.apply(files.col("content")));
        Dataset<Row> pictures = spark.sql("select concat('" + folder + "/é ', n, '.png') as origin, 'n' as caption, "
                + "n = 3 as marked, n div 3 as row from values (3), (4), (7), (99) as t(n)");

        BufferedImage grid = Charts.pictureGrid("From Datasets", pictures, lazy, null);

        assertThat(read.value()).isEqualTo(3);
        assertThat(Pictures.count(grid, colors[0])).isGreaterThan(8000);
        assertThat(Pictures.count(grid, FRAME)).isGreaterThan(3000);
        assertThat(firstLine(grid, colors[1])).as("3 and 4 in a row: of green there is 4, and 7 below it")
                .isEqualTo(firstLine(grid, colors[0]));
        assertThat(Pictures.count(grid, new Color(0xF1F2F4))).as("a file that is not there").isGreaterThan(30_000);
    }

    @Test
    void mistakesSayWhatTheyWereTakenFor(@TempDir Path folder) {
        TestImages.write(folder.resolve("1.png"), Pictures.file(Color.BLUE, Color.WHITE));
        SparkSession spark = TestSpark.session();
        Dataset<Row> files = Images.read(spark, folder.toString());
        Dataset<Row> mistakes = spark
                .sql("select '" + folder + "/1.png' as origin, 'Plum' as label, 'Apple' as predicted, 0.91D as probability");

        BufferedImage some = Charts.mistakes(mistakes, files, null);
        BufferedImage none = Charts.mistakes(mistakes.filter("label = predicted"), files, null);

        assertThat(Pictures.count(some, Color.BLUE)).isGreaterThan(8000);
        assertThat(none.getHeight()).as("title and a line").isLessThan(some.getHeight() - 200);
    }

    @Test
    void aMissingColumnIsNamed() {
        Dataset<Row> images = TestSpark.session().sql("select 'a' as origin, 'b' as name");

        assertThatThrownBy(() -> Charts.pictureGrid("t", images, images, null)).hasMessage(
                "Column \"caption\" not found: the chart reads it, and the columns are origin, name.");
    }

    private static CaptionedPicture picture(Color color, boolean marked) {
        return new CaptionedPicture(Pictures.file(color, Color.WHITE), "Apple", null, marked);
    }

    private static int firstColumn(BufferedImage image, Color color) {
        return IntStream.range(0, image.getWidth())
                .filter(x -> Pictures.count(image, color, x, 0, x + 1, image.getHeight()) > 0).findFirst().orElse(-1);
    }

    private static int firstLine(BufferedImage image, Color color) {
        return IntStream.range(0, image.getHeight())
                .filter(y -> Pictures.count(image, color, 0, y, image.getWidth(), y + 1) > 0).findFirst().orElse(-1);
    }
}
