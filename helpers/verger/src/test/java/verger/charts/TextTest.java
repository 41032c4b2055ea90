package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Words on a chart: wrapped, shortened, and not on top of each other. */
class TextTest {

    private static final String LONG = "ResNet50 was chosen because its ImageNet weights know fruit, and because its "
            + "two thousand and forty-eight features of the average pool are what the literature compares against. ";

    @Test
    void aLongSubtitleIsWrappedToTheWidthAndCutAfterThreeLines() {
        List<String> lines = new Header("Title", LONG.repeat(4), null, 600).lines();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(3)).endsWith("…");
        assertThat(lines.subList(1, 4)).allSatisfy(
                line -> assertThat(Text.width(line, Fonts.SUBTITLE)).isLessThanOrEqualTo(600));
        assertThat(String.join(" ", lines.subList(1, 3))).isEqualTo(LONG.repeat(2).substring(0,
                lines.get(1).length() + 1 + lines.get(2).length()));
    }

    @Test
    void theNoteIsNeverCut() {
        Header header = new Header("Title", LONG.repeat(4), "240 of 90,483 photographs shown.", 600);
        assertThat(header.lines()).hasSize(5).last().isEqualTo("240 of 90,483 photographs shown.");
        assertThat(header.height()).isGreaterThan(new Header("Title", null, null, 600).height() + 3 * 18);
    }

    @Test
    void aWordWiderThanALineIsBroken() {
        List<String> lines = Text.wrap("see " + "x".repeat(300), Fonts.SUBTITLE, 400, 50);
        assertThat(String.join("", lines)).isEqualTo("see" + "x".repeat(300));
        assertThat(lines).allSatisfy(line -> assertThat(Text.width(line, Fonts.SUBTITLE)).isLessThanOrEqualTo(400));
    }

    @Test
    void aLongNameIsShortenedInItsMiddle() {
        String name = "Pêche de vigne très ancienne à chair sanguine 12";
        String shortened = Text.elide(name, Fonts.TICK, 120);
        assertThat(shortened).startsWith("Pêche").endsWith("12").contains("…");
        assertThat(Text.width(shortened, Fonts.TICK)).isLessThanOrEqualTo(120);
        assertThat(Text.elide("Mango", Fonts.TICK, 120)).isEqualTo("Mango");
    }

    @Test
    void sharesAndCountsReadTheSameInEveryLocale() {
        assertThat(Text.percent(0.2341)).isEqualTo("23.4 %");
        assertThat(Text.shortPercent(0.95)).isEqualTo("95 %");
        assertThat(Text.shortPercent(0.999)).isEqualTo("99.9 %");
        assertThat(Text.count(90483)).isEqualTo("90,483");
    }

    @Test
    void namesInAPlotNeverOverlapNorLeaveIt() {
        Random random = new Random(1);
        List<LabelPlacer.Label> labels = new ArrayList<>();
        for (int i = 0; i < 131; i++) {
            labels.add(new LabelPlacer.Label("Some class " + i, Color.BLACK, 400 + 150 * random.nextGaussian(),
                    300 + 120 * random.nextGaussian(), i % 3));
        }
        Rectangle2D plot = new Rectangle2D.Double(0, 0, 800, 600);
        List<LabelPlacer.Placed> placed = LabelPlacer.place(labels, Fonts.LABEL, plot, 60, 0, List.of());
        assertThat(placed).hasSizeGreaterThan(60);
        for (int a = 0; a < placed.size(); a++) {
            assertThat(plot.contains(placed.get(a).box())).isTrue();
            for (int b = 0; b < a; b++) {
                assertThat(placed.get(a).box().intersects(placed.get(b).box())).isFalse();
            }
        }
    }

    @Test
    void aNameMovesOffTheMarksOfItsClassAndOfOthers() {
        double[] x = {390, 395, 400, 405, 410};
        LabelPlacer.Marks own = new LabelPlacer.Marks(x, new double[] {296, 304, 300, 297, 303});
        LabelPlacer.Marks below = new LabelPlacer.Marks(x, new double[] {316, 316, 316, 316, 316});
        Rectangle2D box = cherry(List.of(own, below));
        assertThat(box.getMaxY()).isBetween(290.0, 300.0);
        for (int i = 0; i < x.length; i++) {
            assertThat(box.contains(x[i], below.y()[i])).isFalse();
        }
    }

    @Test
    void aNameStaysInTheMiddleOfAWideClass() {
        double[] x = {395, 440, 300, 350, 450, 500, 420, 380, 390, 410};
        double[] y = {300, 300, 200, 250, 350, 400, 250, 350, 280, 320};
        assertThat(cherry(List.of(new LabelPlacer.Marks(x, y))).getCenterY()).isEqualTo(300);
    }

    @Test
    void whereEveryPlaceHidesMarksTheNameIsWrittenNevertheless() {
        List<LabelPlacer.Marks> everywhere = new ArrayList<>();
        for (int x = 200; x < 600; x += 10) {
            for (int y = 200; y < 400; y += 10) {
                everywhere.add(new LabelPlacer.Marks(new double[] {x}, new double[] {y}));
            }
        }
        assertThat(cherry(everywhere).getCenterY()).isEqualTo(300);
    }

    private static Rectangle2D cherry(List<LabelPlacer.Marks> marks) {
        LabelPlacer.Label label = new LabelPlacer.Label("Cherry", Color.BLACK, 400, 300, 0);
        return LabelPlacer.place(List.of(label), Fonts.LABEL, new Rectangle2D.Double(0, 0, 800, 600), 60, 0, marks).get(0)
                .box();
    }

    @Test
    void classesAreInAlphabeticalOrderWithThoseWithoutALabelLast() {
        assertThat(Classes.sorted(Set.of("Zucchini", "Éclair", "(no label)", "Dates", "Fig", "apple")))
                .containsExactly("apple", "Dates", "Éclair", "Fig", "Zucchini", "(no label)");
        assertThat(Classes.nameOf(null)).isEqualTo("(no label)");
        assertThat(Classes.nameOf("  ")).isEqualTo("(no label)");
    }
}
