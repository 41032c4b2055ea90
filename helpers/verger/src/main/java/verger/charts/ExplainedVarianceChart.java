package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import verger.pca.Shares;

/** Draws the share of the variance of each component as bars, the sum of them as a line, and where the line passes a share. */
final class ExplainedVarianceChart {

    /** Bars of three pixels are still bars. */
    private static final int MOST_BARS = 250;
    /** About; the labels of the axis take their part. */
    private static final int PLOT_WIDTH = 850;
    private static final int WIDEST_BAR = 80;

    private static final Color BAR = new Color(0x9CC4E0);
    private static final Color LINE = new Color(0x0072B2);
    private static final Color MARK = new Color(0xC44E00);
    private static final BasicStroke DASHES =
            new BasicStroke(1.3f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);

    private final double[] shares;
    private final double target;
    private final int needed;
    private final int shown;

    ExplainedVarianceChart(double[] shares, double target) {
        this.shares = shares;
        this.target = target;
        needed = Shares.componentsFor(shares, target);
        // A third more than needed, to see the curve flatten.
        shown = Math.min(Math.min(shares.length, MOST_BARS), Math.max(12, needed + needed / 3 + 1));
    }

    /** Number of components that reach the target. */
    int needed() {
        return needed;
    }

    /** Number of bars. */
    int shown() {
        return shown;
    }

    /** What is written at the mark. */
    String markText() {
        String count = Text.count(needed) + (needed == 1 ? " component" : " components");
        return needed <= shown
                ? count + (needed == 1 ? " explains " : " explain ") + Text.percent(cumulative(needed))
                : Text.shortPercent(target) + " needs " + count + ", beyond the right edge";
    }

    String xTitle() {
        return shown == shares.length ? "Principal component"
                : "Principal component (the first " + shown + " of " + Text.count(shares.length) + ")";
    }

    HeadedChart chart(String subtitle) {
        HeadedChart chart = new HeadedChart(960, 480, "Variance explained by the principal components", subtitle, null,
                List.of(new Legend.Entry("share of one component", ExplainedVarianceChart::barSign),
                        new Legend.Entry("cumulative share", ExplainedVarianceChart::lineSign),
                        new Legend.Entry(Text.shortPercent(target) + " of the variance",
                                ExplainedVarianceChart::dashSign)),
                false);
        chart.setXAxisTitle(xTitle());
        chart.setYAxisTitle("Share of the variance");
        var styler = chart.getStyler();
        styler.setPlotContentSize(1).setMarkerSize(shown <= 40 ? 5 : 0);
        // A hair below zero: XChart leaves out a label that is exactly on the edge.
        styler.setYAxisMin(-0.0005).setYAxisMax(1.03).setXAxisMin(0.4).setXAxisMax(shown + 0.6)
                .setPlotGridVerticalLinesVisible(false)
                // So wide that no tick falls between two components.
                .setXAxisTickMarkSpacingHint(Math.max(74, PLOT_WIDTH / shown))
                .setyAxisTickLabelsFormattingFunction(share -> Math.round(100 * share) + " %")
                .setxAxisTickLabelsFormattingFunction(component -> Text.count(Math.round(component)));
        addBars(chart);
        addCumulative(chart);
        chart.over(this::paintMark);
        return chart;
    }

    private void addBars(HeadedChart chart) {
        double half = halfBar();
        double[] x = new double[4 * shown];
        double[] y = new double[4 * shown];
        for (int c = 0; c < shown; c++) {
            // An outline of bars, as XChart can mix bars and lines on an axis of names only.
            x[4 * c] = c + 1 - half;
            x[4 * c + 1] = c + 1 - half;
            x[4 * c + 2] = c + 1 + half;
            x[4 * c + 3] = c + 1 + half;
            y[4 * c + 1] = shares[c];
            y[4 * c + 2] = shares[c];
        }
        XYSeries bars = chart.addSeries("share of one component", x, y);
        bars.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
        bars.setFillColor(BAR);
        bars.setLineStyle(SeriesLines.NONE);
        bars.setMarker(SeriesMarkers.NONE);
    }

    private void addCumulative(HeadedChart chart) {
        double[] x = new double[shown];
        double[] y = new double[shown];
        double sum = 0;
        for (int c = 0; c < shown; c++) {
            sum += shares[c];
            x[c] = c + 1;
            y[c] = sum;
        }
        XYSeries line = chart.addSeries("cumulative share", x, y);
        line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        line.setLineColor(LINE);
        line.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        line.setMarkerColor(LINE);
        line.setMarker(shown <= 40 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }

    private void paintMark(Graphics2D g, HeadedChart chart, Rectangle2D plot) {
        double level = chart.getScreenYFromChart(target);
        g.setStroke(DASHES);
        g.setColor(MARK);
        g.draw(new Line2D.Double(plot.getX(), level, plot.getMaxX(), level));

        String text = markText();
        Font font = Fonts.LABEL.deriveFont(13f);
        double width = Text.width(text, font);
        double baseline = plot.getY() + plot.getHeight() * 0.5;
        if (needed > shown) {
            // Where the curve ends is room below it or, if it ends low, above.
            double end = cumulative(shown);
            double at = end > 0.6 * target ? 0.4 * end : (end + target) / 2;
            Text.drawWithRim(g, text, font, MARK, plot.getMaxX() - width - 8, chart.getScreenYFromChart(at));
            return;
        }
        double x = chart.getScreenXFromChart(needed);
        double y = chart.getScreenYFromChart(cumulative(needed));
        g.draw(new Line2D.Double(x, y, x, plot.getMaxY()));
        Ellipse2D dot = new Ellipse2D.Double(x - 5, y - 5, 10, 10);
        g.fill(dot);
        g.setStroke(new BasicStroke(1.5f));
        g.setColor(Color.WHITE);
        g.draw(dot);
        // Clear of a bar so wide and high that the text would lie on it.
        double bar = halfBar() * plot.getWidth() / (shown + 0.2);
        double beside = shares[needed - 1] > 0.4 ? bar + 9 : 9;
        boolean onTheRight = x + beside + width < plot.getMaxX();
        Text.drawWithRim(g, text, font, MARK, onTheRight ? x + beside : x - beside - width, baseline);
    }

    /** Half the width of a bar, on the axis of components; no gaps between more bars than a hundred. */
    private double halfBar() {
        return shown > 100 ? 0.5 : Math.min(0.38, WIDEST_BAR / 2.0 * shown / PLOT_WIDTH);
    }

    private double cumulative(int count) {
        double sum = 0;
        for (int c = 0; c < count; c++) {
            sum += shares[c];
        }
        return sum;
    }

    private static void barSign(Graphics2D g, double x, double y) {
        g.setColor(BAR);
        g.fill(new Rectangle2D.Double(x - 5, y - 5, 10, 10));
    }

    private static void lineSign(Graphics2D g, double x, double y) {
        g.setColor(LINE);
        g.setStroke(new BasicStroke(2f));
        g.draw(new Line2D.Double(x - 8, y, x + 8, y));
    }

    private static void dashSign(Graphics2D g, double x, double y) {
        g.setColor(MARK);
        g.setStroke(DASHES);
        g.draw(new Line2D.Double(x - 8, y, x + 8, y));
    }
}
