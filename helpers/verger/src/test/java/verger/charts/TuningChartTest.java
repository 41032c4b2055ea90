package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import verger.tuning.Candidate;
import verger.tuning.Tuned;

class TuningChartTest {

    private static final Color BEST = new Color(0xC44E00);

    @Test
    void everyLineHasItsColour() {
        BufferedImage chart = Charts.tuning(tuned(List.of("one")), "regParam", "subtitle");

        for (int i = 0; i < 3; i++) {
            assertThat(Pictures.count(chart, ClassMarker.of(i).color())).as("line %d", i).isGreaterThan(1000);
        }
        assertThat(Pictures.count(chart, ClassMarker.of(3).color())).isZero();
        assertThat(chart.getWidth()).isEqualTo(2200);
    }

    @Test
    void aNetworkHasAPanelOfItsOwn() {
        BufferedImage chart = Charts.tuning(tuned(List.of("one", "two")), "regParam", null);

        int middle = chart.getWidth() / 2;
        Color line = ClassMarker.of(1).color();
        assertThat(Pictures.count(chart, line, 0, 0, middle, chart.getHeight())).isGreaterThan(500);
        assertThat(Pictures.count(chart, line, middle, 0, chart.getWidth(), chart.getHeight() - 120)).isGreaterThan(500);
        assertThat(Pictures.count(chart, BEST, 0, 200, middle, chart.getHeight() - 120)).as("no ring: the best is of the other")
                .isZero();
        assertThat(Pictures.count(chart, BEST, middle, 200, chart.getWidth(), chart.getHeight() - 120)).as("the ring")
                .isGreaterThan(200);
    }

    @Test
    void linesAreAsWideAsEachOtherAndWhereTheyCoincideAllMarksAreSeen() {
        List<Candidate> perfect = new ArrayList<>();
        for (int k : new int[] {8, 16, 64}) {
            for (double regParam : new double[] {0.01, 0.1}) {
                perfect.add(new Candidate("one", new TreeMap<>(Map.of("k", k, "regParam", regParam)), 1, new double[] {1}));
            }
        }
        BufferedImage chart = Charts.tuning(new Tuned(perfect, "accuracy", null), "regParam", null);

        int legend = chart.getHeight() - 120;
        for (int i = 0; i < 3; i++) {
            Color color = ClassMarker.of(i).color();
            // Two marks of 9 × 9 pixels at twice the size, of which a rim is white and a neighbour hides a part.
            assertThat(Pictures.count(chart, color, 0, 0, chart.getWidth(), legend)).as("line %d", i).isGreaterThan(250);
            int across = 0;
            for (int y = 0; y < legend; y++) {
                across += Pictures.count(chart, color, 1100, y, 1101, y + 1);
            }
            assertThat(across).as("pixels of line %d, one above the other", i).isBetween(i == 2 ? 3 : 0, i == 2 ? 4 : 0);
        }
    }

    @Test
    void fourNetworksAreTwoRowsOfPanels() {
        int three = Charts.tuning(tuned(List.of("a", "b", "c")), "regParam", null).getHeight();

        assertThat(Charts.tuning(tuned(List.of("a", "b", "c", "d")), "regParam", null).getHeight()).isGreaterThan(three + 500);
    }

    @Test
    void anySettingCanBeAcross() {
        assertThat(Pictures.count(Charts.tuning(tuned(List.of("one")), "k", null), ClassMarker.of(3).color()))
                .as("a fourth line")
                .isGreaterThan(500);
        assertThatThrownBy(() -> Charts.tuning(tuned(List.of("one")), "maxIter", null)).hasMessage(
                "There is no setting maxIter among those that were tried: k, regParam.");
    }

    @Test
    void settingsMayBeWordsAndAlone() {
        Tuned words = new Tuned(List.of(new Candidate("one", Map.of("family", "ovr"), 0.9, new double[] {0.9}),
                new Candidate("one", Map.of("family", "multinomial"), 0.8, new double[] {0.8})), "f1", null);

        BufferedImage chart = Charts.tuning(words, "family", null);

        assertThat(Pictures.count(chart, ClassMarker.of(0).color())).isGreaterThan(1000);
        assertThat(Pictures.count(chart, BEST)).isGreaterThan(200);
    }

    @Test
    void candidatesWithoutTheSettingAreLeftOutAndCounted() {
        Tuned mixed = new Tuned(List.of(new Candidate("one", Map.of("maxDepth", 3), 0.95, new double[] {0.95}),
                new Candidate("one", Map.of("regParam", 0.1), 0.9, new double[] {0.9}),
                new Candidate("one", Map.of("regParam", 1.0, "maxIter", 5), 0.8, new double[] {0.8})), "f1", null);

        BufferedImage chart = Charts.tuning(mixed, "regParam", null);

        assertThat(Pictures.count(chart, ClassMarker.of(1).color())).as("a line of its own for another setting")
                .isGreaterThan(100);
        assertThat(Pictures.count(chart, BEST)).as("no ring: the best has no regParam").isZero();
        assertThat(new TuningChart(mixed, "regParam").note()).endsWith(
                " Not drawn, as they have no regParam: 1 of the candidates.");
        assertThatThrownBy(() -> Charts.tuning(mixed, "k", null)).hasMessageContaining("maxDepth, regParam, maxIter");
    }

    @Test
    void aShareEndsAtOneAndCandidatesThatAreAsGoodAreCounted() {
        List<Candidate> perfect = new ArrayList<>();
        for (double regParam : new double[] {0.01, 0.1, 1}) {
            perfect.add(new Candidate("one", Map.of("regParam", regParam), 1, new double[] {1, 1}));
        }

        TuningChart chart = new TuningChart(new Tuned(perfect, "accuracy", null), "regParam");

        assertThat(chart.high()).isEqualTo(1);
        assertThat(chart.note())
                .isEqualTo("Best of 3 candidates: one, regParam = 0.01, with accuracy 1.0000; 2 others are as good, and this "
                        + "was the first to be tried.");
        assertThat(Pictures.count(chart.image(null), BEST)).as("the ring, though at the edge").isGreaterThan(200);
        assertThat(new TuningChart(new Tuned(perfect, "logLoss", null), "regParam").high()).as("no share").isGreaterThan(1);
        assertThat(new TuningChart(tuned(List.of("one")), "regParam").note()).as("no tie").doesNotContain("as good");
    }

    /** The best is of the last network. */
    private static Tuned tuned(List<String> networks) {
        List<Candidate> candidates = new ArrayList<>();
        for (String network : networks) {
            for (int k : new int[] {16, 64, 8}) {
                for (double regParam : new double[] {1, 0, 0.1, 0.01}) {
                    double mean = 0.9 - 0.3 / k - 0.1 * regParam + 0.01 * networks.indexOf(network);
                    candidates.add(new Candidate(network, new TreeMap<>(Map.of("k", k, "regParam", regParam)), mean,
                            new double[] {mean}));
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::mean).reversed());
        return new Tuned(candidates, "accuracy", null);
    }
}
