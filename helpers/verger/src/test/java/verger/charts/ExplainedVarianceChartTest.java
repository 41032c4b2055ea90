package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExplainedVarianceChartTest {

    private static final Color BAR = new Color(0x9CC4E0);
    private static final Color LINE = new Color(0x0072B2);
    private static final Color MARK = new Color(0xC44E00);

    @Test
    void twelveAt949AndThirteenAt951AreMarkedAsThirteen() {
        double[] shares = new double[40];
        Arrays.fill(shares, 0, 12, 0.949 / 12);
        shares[12] = 0.002;
        Arrays.fill(shares, 13, 40, 0.049 / 27);
        ExplainedVarianceChart chart = new ExplainedVarianceChart(shares, 0.95);
        assertThat(chart.needed()).isEqualTo(13);
        assertThat(chart.markText()).isEqualTo("13 components explain 95.1 %");
        assertThat(chart.shown()).isEqualTo(18);
        assertThat(chart.xTitle()).isEqualTo("Principal component (the first 18 of 40)");
    }

    @Test
    void theMarkStandsAtItsComponentOnTheCurve() {
        HeadedChart chart = new ExplainedVarianceChart(new double[] {0.5, 0.3, 0.1, 0.06, 0.04}, 0.9).chart("subtitle");
        BufferedImage image = Pictures.decoded(Png.of(chart));
        assertThat(image.getWidth()).isEqualTo(2 * 960);
        assertThat(image.getHeight()).isEqualTo(2 * chart.getHeight());
        // The dot of the third component, at 90 %, in pixels of the file: the plot lies 26 to the right, below the header.
        int x = (int) (2 * (26 + chart.getScreenXFromChart(3)));
        int y = (int) (2 * (26 + chart.header(960).height() + chart.getScreenYFromChart(0.9)));
        assertThat(Pictures.count(image, MARK, x - 6, y - 6, x + 6, y + 6)).isGreaterThan(100);
        assertThat(Pictures.count(image, MARK, 0, y - 4, x - 20, y + 4)).as("the dashed line").isGreaterThan(500);
        int second = (int) (2 * (26 + chart.getScreenXFromChart(2)));
        int low = (int) (2 * (26 + chart.header(960).height() + chart.getScreenYFromChart(0.15)));
        assertThat(Pictures.count(image, BAR, second - 5, low - 5, second + 5, low + 5)).as("in the bar").isEqualTo(100);
        int high = (int) (2 * (26 + chart.header(960).height() + chart.getScreenYFromChart(0.45)));
        assertThat(Pictures.count(image, BAR, second - 5, high - 5, second + 5, high + 5)).as("above it").isZero();
        assertThat(Pictures.count(image, LINE)).isGreaterThan(2000);
    }

    @Test
    void thePictureHasRoomForALongerSubtitle() {
        double[] shares = {0.9, 0.1};
        int none = Charts.explainedVariance(shares, 0.95, null).getHeight();
        int some = Charts.explainedVariance(shares, 0.95, "ResNet50, because … ".repeat(20)).getHeight();
        assertThat(some - none).isEqualTo(3 * 18);
    }

    @Test
    void twoComponentsHaveBarsOfASensibleWidth() {
        HeadedChart chart = new ExplainedVarianceChart(new double[] {0.97, 0.03}, 0.95).chart(null);
        BufferedImage image = Pictures.decoded(Png.of(chart));
        int y = (int) (2 * (26 + chart.header(960).height() + chart.getScreenYFromChart(0.25)));
        assertThat(Pictures.count(image, BAR, 0, y, image.getWidth(), y + 1)).isBetween(100, 200);
        assertThat(chart.getXAxisTitle()).isEqualTo("Principal component");
    }

    @Test
    void ofManyComponentsTheFirstAreShownAndTheAxisSaysSo() {
        double[] shares = new double[2048];
        Arrays.fill(shares, 1.0 / 2048);
        ExplainedVarianceChart chart = new ExplainedVarianceChart(shares, 0.95);
        assertThat(chart.shown()).isEqualTo(250);
        assertThat(chart.needed()).isEqualTo(1946);
        assertThat(chart.xTitle()).isEqualTo("Principal component (the first 250 of 2,048)");
        assertThat(chart.markText()).isEqualTo("95 % needs 1,946 components, beyond the right edge");
        assertThat(Pictures.count(Pictures.decoded(Png.of(chart.chart(null))), LINE)).isGreaterThan(1000);
    }

    @Test
    void oneComponentIsDrawnToo() {
        assertThat(new ExplainedVarianceChart(new double[] {1}, 1).markText()).isEqualTo("1 component explains 100.0 %");
        assertThat(Pictures.count(Png.image(Charts.explainedVariance(new double[] {1}, 1, null)), BAR)).isGreaterThan(1000);
    }

    @Test
    void aShareWrittenAsAPercentageIsRefused() {
        assertThatThrownBy(() -> Charts.explainedVariance(new double[] {0.9, 0.1}, 95, null))
                .hasMessageContaining("write 0.95 for 95.0 %");
    }
}
