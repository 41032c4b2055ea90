package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.knowm.xchart.XYChart;

class ProjectionChartTest {

    private static final double[] SHARES = {0.2341, 0.1166, 0.05};

    private static final double[][] LINE = new double[12][];

    static {
        for (int i = 0; i < 12; i++) {
            LINE[i] = new double[] {i, i % 3};
        }
    }

    @Test
    void theAxesSayTheirShareOfTheVariance() {
        XYChart chart = Charts.projection(new double[][] {{1, 2}, {3, 4}}, List.of("a", "b"), SHARES, null);
        assertThat(chart.getXAxisTitle()).isEqualTo("PC 1 (23.4 %)");
        assertThat(chart.getYAxisTitle()).isEqualTo("PC 2 (11.7 %)");
    }

    @ParameterizedTest(name = "{0} classes")
    @ValueSource(ints = {1, 12, 131})
    void everyClassHasItsColourInThePlotAndInTheLegend(int classes) {
        // Each class far from the others, on a grid.
        List<String> labels = new ArrayList<>();
        double[][] points = new double[10 * classes][];
        Random random = new Random(4);
        for (int i = 0; i < points.length; i++) {
            int c = i % classes;
            int row = c / 12;
            labels.add(String.format("class %03d", c));
            points[i] = new double[] {c % 12 + 0.2 * random.nextGaussian(), row + 0.2 * random.nextGaussian()};
        }
        HeadedChart chart = (HeadedChart) Charts.projection(points, labels, SHARES, "A subtitle");
        BufferedImage image = Pictures.decoded(Png.of(chart));
        assertThat(image.getWidth()).isEqualTo(2200);
        assertThat(image.getHeight()).isEqualTo(2 * chart.getHeight());
        Map<Color, Integer> pixels = Pictures.colors(image);
        for (int c = 0; c < Math.min(12, classes); c++) {
            assertThat(pixels.get(ClassMarker.of(c).color())).as("class %d", c).isGreaterThan(600);
        }
        assertThat(chart.getSeriesMap()).hasSize(classes);
        // The legend of many classes is below the plot, not in its place.
        int header = chart.header(1100).height();
        assertThat(chart.getHeight() - header).isGreaterThanOrEqualTo(680);
        assertThat(chart.headerLines()).containsExactly("Projection on the first two principal components", "A subtitle",
                classes == 1 ? "10 images."
                        : String.format(Locale.ROOT, "%,d images of %d classes.", 10 * classes, classes));
    }

    @Test
    void a132ndClassStillLooksLikeNoOther() {
        List<String> looks = new ArrayList<>();
        for (int c = 0; c < 132; c++) {
            ClassMarker marker = ClassMarker.of(c);
            looks.add(marker.color() + " " + System.identityHashCode(marker.shape()));
        }
        assertThat(looks).doesNotHaveDuplicates();
        for (int c = 0; c < 131; c++) {
            assertThat(ClassMarker.of(c).color()).isNotEqualTo(ClassMarker.of(c + 1).color());
            assertThat(ClassMarker.of(c).shape()).isNotSameAs(ClassMarker.of(c + 1).shape());
        }
    }

    @Test
    void aMarkStandsWhereItsImageIs() {
        HeadedChart chart = (HeadedChart) Charts.projection(
                new double[][] {{-5, -5}, {5, 5}, {5, -5}}, Arrays.asList("low", "top", null), SHARES, null);
        BufferedImage image = Png.image(chart);
        List<String> classes = List.of("low", "top", "(no label)");
        double[][] at = {{-5, -5}, {5, 5}, {5, -5}};
        for (int c = 0; c < 3; c++) {
            int x = (int) (2 * (26 + chart.getScreenXFromChart(at[c][0])));
            int y = (int) (2 * (26 + chart.header(1100).height() + chart.getScreenYFromChart(at[c][1])));
            assertThat(chart.getSeriesMap().get(classes.get(c)).getXData()).containsExactly(at[c][0]);
            assertThat(Pictures.count(image, ClassMarker.of(c).color(), x - 10, y - 10, x + 10, y + 10))
                    .as(classes.get(c)).isGreaterThan(100);
        }
    }

    @Test
    void namesDoNotHideAClassThatLiesCloseTogether() {
        double[][] points = new double[10][];
        List<String> labels = new ArrayList<>(Collections.nCopies(8, "Cherry Rainier"));
        for (int i = 0; i < 8; i++) {
            points[i] = new double[] {4.7 + 0.1 * i, 5};
        }
        points[8] = new double[] {0, 0};
        points[9] = new double[] {10, 10};
        labels.addAll(List.of("around it", "around it"));
        HeadedChart chart = (HeadedChart) Charts.projection(points, labels, SHARES, null);
        BufferedImage image = Png.image(chart);
        for (int i = 0; i < 8; i++) {
            int x = (int) (2 * (26 + chart.getScreenXFromChart(points[i][0])));
            int y = (int) (2 * (26 + chart.header(1100).height() + chart.getScreenYFromChart(points[i][1])));
            assertThat(Pictures.count(image, ClassMarker.of(1).color(), x - 4, y - 4, x + 4, y + 4)).as("mark %d", i)
                    .isGreaterThan(40);
        }
    }

    @Test
    void imagesWithoutAProjectionAreLeftOutAndCounted() {
        HeadedChart chart = (HeadedChart) Charts.projection(
                new double[][] {{1, 2}, null, {Double.NaN, 1}, {3, 4}}, Arrays.asList("é", "é", null, null), SHARES, null);
        assertThat(chart.headerLines()).last()
                .isEqualTo("2 images of 2 classes. 2 without a projection left out.");
        assertThat(chart.getSeriesMap()).containsOnlyKeys("é", "(no label)");
    }

    @Test
    void of90483ImagesASampleIsDrawnAndTheChartSaysSo() {
        Random random = new Random(6);
        double[][] points = new double[90483][];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            points[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
            labels.add("class " + i % 10);
        }
        HeadedChart chart = (HeadedChart) Charts.projection(points, labels, SHARES, null);
        assertThat(chart.headerLines()).last()
                .isEqualTo("10,000 of 90,483 images of 10 classes shown, spread evenly over the classes.");
        assertThat(chart.getSeriesMap().values()).allSatisfy(s -> assertThat(s.getXData()).hasSize(1000));
    }

    @Test
    void veryLongNamesDoNotSwallowThePlot() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            labels.add(i + " une très longue étiquette".repeat(12));
        }
        HeadedChart chart = (HeadedChart) Charts.projection(LINE, labels, SHARES, null);
        Png.of(chart);
        assertThat(chart.getScreenXFromChart(11) - chart.getScreenXFromChart(0)).isGreaterThan(600);
    }

    @Test
    void aSinglePointAndEqualPointsAreDrawn() {
        for (double[][] points : new double[][][] {{{3, 4}}, {{0, 0}, {0, 0}}}) {
            XYChart chart = Charts.projection(points, Collections.nCopies(points.length, "a"), SHARES, null);
            assertThat(Pictures.count(Png.image(chart), ClassMarker.of(0).color())).isGreaterThan(200);
            byte[] file = Pictures.file(Color.BLUE, Color.WHITE);
            XYChart photos = Charts.photoProjection(points, Collections.nCopies(points.length, "a"),
                    Collections.nCopies(points.length, file), SHARES, null);
            assertThat(Pictures.count(Png.image(photos), Color.BLUE)).isGreaterThan(300);
        }
    }

    @Test
    void listsOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> Charts.projection(LINE, List.of("a"), SHARES, null))
                .hasMessage("Each image needs a label (null is one): got 12 points and 1 labels.");
        assertThatThrownBy(() -> Charts.projection(new double[][] {{1}}, List.of("a"), SHARES, null))
                .hasMessageStartingWith("A projection on components 1 and 2 needs k of 2 or more: got 1;");
        assertThatThrownBy(() -> Charts.projection(LINE, Collections.nCopies(12, "a"), new double[] {1}, null))
                .hasMessageContaining("components 1 and 2 needs k of 2 or more: got 1");
    }

    @Test
    void photographsStandAtTheirPlacesWithoutTheirBackground() {
        Color ground = new Color(236, 235, 237);
        Color[] colors = {new Color(180, 20, 20), new Color(20, 120, 30), new Color(20, 20, 200)};
        double[][] points = {{0, 0}, {4, 4}, {8, 0}};
        List<byte[]> files = Arrays.stream(colors).map(color -> Pictures.file(color, ground)).toList();
        HeadedChart chart = (HeadedChart) Charts.photoProjection(points, List.of("a", "a", "a"), files, SHARES, null);
        BufferedImage image = Pictures.decoded(Png.of(chart));
        for (int i = 0; i < 3; i++) {
            int x = (int) (2 * (26 + chart.getScreenXFromChart(points[i][0])));
            int y = (int) (2 * (26 + chart.header(1100).height() + chart.getScreenYFromChart(points[i][1])));
            // The object is half as wide as its photograph of 34 pixels, twice that in the file.
            assertThat(Pictures.count(image, colors[i], x - 34, y - 34, x + 34, y + 34)).isGreaterThan(500);
            assertThat(Pictures.count(image, colors[i])).isLessThan(40 * 40);
        }
        assertThat(Pictures.count(image, ground)).isZero();
        assertThat(chart.headerLines()).last().isEqualTo("3 photographs.");
    }

    @Test
    void brokenAndMissingPhotographsAreCounted() {
        byte[] good = Pictures.file(Color.RED, Color.WHITE);
        HeadedChart chart = (HeadedChart) Charts.photoProjection(new double[][] {{0, 0}, {1, 1}, {2, 2}, {3, 0}},
                Arrays.asList("a", "b", null, "a"), Arrays.asList(good, new byte[] {1, 2}, null, good), SHARES, "x");
        assertThat(chart.headerLines()).last().isEqualTo(
                "2 of 3 photographs of 2 classes shown. 1 cannot be decoded. 1 without a projection or content "
                        + "left out.");
        assertThatThrownBy(() -> Charts.photoProjection(new double[][] {{0, 0}}, List.of("a"), List.of(new byte[3]),
                SHARES, null)).hasMessageContaining("none of 1 images can be decoded");
    }

    @Test
    void atMost300PhotographsAreDrawnEvenlyOverTheClasses() {
        byte[][] files = {Pictures.file(Color.RED, Color.WHITE), Pictures.file(Color.BLUE, Color.WHITE)};
        List<String> labels = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        double[][] points = new double[1000][];
        for (int i = 0; i < 1000; i++) {
            int c = i < 900 ? 0 : 1;
            labels.add("class " + c);
            contents.add(files[c]);
            points[i] = new double[] {i % 37, i % 11};
        }
        HeadedChart chart = (HeadedChart) Charts.photoProjection(points, labels, contents, SHARES, null);
        assertThat(chart.headerLines()).last().isEqualTo(
                "300 of 1,000 photographs of 2 classes shown, spread evenly over the classes.");
    }
}
