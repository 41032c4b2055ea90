package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.AxesChartStyler;

/** Adds to an XChart what it lacks: a subtitle, a legend in columns, and drawings over the plot. */
final class HeadedChart extends XYChart {

    /** Draws over the plot, in pixels of it. */
    interface Overlay {
        void paint(Graphics2D g, HeadedChart chart, Rectangle2D plot);
    }

    private static final int MARGIN = 26;
    private static final int GAP = 14;
    /** A legend of more names goes below the plot, in columns. */
    private static final int SIDE_LEGEND = 24;

    private final String title;
    private final String subtitle;
    private final String note;
    @SuppressWarnings("HidingField") // XChart's own legend is not drawn
    private final Legend legend;
    private final boolean legendBeside;
    private final List<Overlay> overlays = new ArrayList<>();

    /**
     * Makes a chart without series.
     *
     * @param width      in pixels, of everything
     * @param plotHeight in pixels, of the plot with its axes; header and a legend below it come on top
     * @param title      in a few words
     * @param subtitle   the caller's; may be null
     * @param note       what the chart says of itself; may be null
     * @param entries    of the legend
     * @param beside     puts a legend of few entries to the right of the plot, not below it
     */
    HeadedChart(int width, int plotHeight, String title, String subtitle, String note, List<Legend.Entry> entries,
            boolean beside) {
        super(width, plotHeight);
        this.title = title;
        this.subtitle = subtitle;
        this.note = note;
        legendBeside = beside && entries.size() <= SIDE_LEGEND;
        boolean crowded = entries.size() > SIDE_LEGEND;
        legend = entries.isEmpty() ? null : new Legend(entries, crowded ? 10 : 12, crowded ? 160 : 190);
        int height = plotHeight + header(width).height() + 2 * MARGIN;
        if (legend != null && !legendBeside) {
            height += GAP + (int) legend.heightIn(width - 2.0 * MARGIN);
        }
        setHeight(height);
        style();
    }

    private void style() {
        var styler = getStyler();
        styler.setChartTitleVisible(false).setLegendVisible(false).setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE).setPlotBorderVisible(false).setChartPadding(0)
                .setPlotContentSize(0.96).setChartFontColor(Text.INK).setAntiAlias(true);
        styler.setPlotMargin(0).setAxisTitleFont(Fonts.AXIS).setAxisTickLabelsFont(Fonts.TICK)
                .setAxisTickLabelsColor(Text.MUTED).setAxisTickMarksColor(new Color(0xB9BCC2))
                .setPlotGridLinesColor(new Color(0xE9EAED)).setPlotGridLinesStroke(new BasicStroke(1f))
                .setPlotTicksMarksVisible(false).setYAxisTickMarkSpacingHint(56)
                .setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right).setAxisTitlePadding(8);
    }

    void over(Overlay overlay) {
        overlays.add(overlay);
    }

    Header header(double width) {
        return new Header(title, subtitle, note, width - 2.0 * MARGIN);
    }

    /** The title that is drawn, then the lines of the subtitle, then those of the note. */
    List<String> headerLines() {
        return header(getWidth()).lines();
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        Fonts.require();
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        Canvas.blank(g, width, height);
        Header header = header(width);
        header.paint(g, MARGIN, MARGIN);

        double inner = width - 2.0 * MARGIN;
        int top = MARGIN + header.height();
        int plotWidth = (int) inner;
        int plotHeight = height - top - MARGIN;
        if (legend != null && legendBeside) {
            plotWidth -= (int) legend.columnWidth() + GAP;
            legend.paint(g, MARGIN + plotWidth + 2.0 * GAP, top, legend.columnWidth());
        } else if (legend != null) {
            plotHeight -= (int) legend.heightIn(inner) + GAP;
            legend.paint(g, MARGIN, (double) top + plotHeight + GAP, inner);
        }

        Graphics2D plot = (Graphics2D) g.create(MARGIN, top, plotWidth, plotHeight);
        super.paint(plot, plotWidth, plotHeight);
        for (Overlay overlay : overlays) {
            overlay.paint(plot, this, this.plot.getBounds());
        }
        plot.dispose();
        // XChart took the part for the whole.
        setWidth(width);
        setHeight(height);
    }
}
