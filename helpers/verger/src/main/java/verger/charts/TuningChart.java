package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import verger.tuning.Candidate;
import verger.tuning.Tuned;

/**
 * Draws the metric of the candidates of a tuning over one setting: a panel for each network, a line for each combination of the
 * other settings.
 */
final class TuningChart {

    private static final int SCALE = 2;
    private static final int WIDTH = 1100;
    private static final int MARGIN = 26;
    private static final int PANEL = 320;
    private static final int NETWORK_LINE = 22;
    private static final int MOST_PANELS_IN_A_ROW = 3;
    private static final Color BEST = new Color(0xC44E00);

    private final Tuned tuned;
    private final String x;
    /** The candidates that have the setting {@code x}. */
    private final List<Candidate> candidates;
    /** The values of {@code x}. They stand equally far apart, as most grids are logarithmic, with a zero. */
    private final List<Object> values;
    private final List<String> networks;
    private final List<String> lines;
    private final double low;
    private final double high;

    TuningChart(Tuned tuned, String x) {
        this.tuned = tuned;
        this.x = x;
        candidates = tuned.candidates().stream().filter(candidate -> candidate.params().containsKey(x)).toList();
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("There is no setting " + x + " among those that were tried: " + String.join(", ",
                    tuned.candidates().stream().flatMap(candidate -> candidate.params().keySet().stream()).distinct().toList())
                    + ".");
        }
        values = sorted(candidates.stream().map(candidate -> candidate.params().get(x)).distinct().toList());
        networks = candidates.stream().map(Candidate::network).distinct().sorted().toList();
        lines = lines();
        double least = candidates.stream().mapToDouble(Candidate::mean).min().orElseThrow();
        double most = candidates.stream().mapToDouble(Candidate::mean).max().orElseThrow();
        boolean share = isShare(tuned.metric());
        double room = Math.max(0.08 * (most - least), share ? 5e-3 : 1e-3);
        low = least - room;
        high = share ? Math.min(1, most + 1.6 * room) : most + 1.6 * room;
    }

    /** Of those of Spark's metrics of classes that end at 1, which are all but logLoss. */
    private static boolean isShare(String metric) {
        return metric.matches("accuracy|f1|areaUnder(ROC|PR)|weighted.+|.+ByLabel|hammingLoss");
    }

    /** The upper end of the axis of the metric. */
    double high() {
        return high;
    }

    private static List<Object> sorted(List<Object> values) {
        List<Object> sorted = new ArrayList<>(values);
        sorted.sort((a, b) -> a instanceof Number one && b instanceof Number other
                ? Double.compare(one.doubleValue(), other.doubleValue()) : a.toString().compareTo(b.toString()));
        return sorted;
    }

    /** The settings but x, in words, in the order of their values; in one line if there are none. */
    private List<String> lines() {
        Map<List<Double>, String> ordered = new TreeMap<>((a, b) -> {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                int order = Double.compare(a.get(i), b.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(a.size(), b.size());
        });
        Map<String, String> texts = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            texts.put(line(candidate), "");
            boolean numbers = candidate.params().values().stream().allMatch(Number.class::isInstance);
            if (numbers) {
                ordered.put(candidate.params().entrySet().stream().filter(param -> !param.getKey().equals(x))
                        .map(param -> ((Number) param.getValue()).doubleValue()).toList(), line(candidate));
            }
        }
        return ordered.size() == texts.size() ? List.copyOf(ordered.values()) : texts.keySet().stream().sorted().toList();
    }

    private String line(Candidate candidate) {
        List<String> others = candidate.params().entrySet().stream().filter(param -> !param.getKey().equals(x))
                .map(param -> param.getKey() + " = " + param.getValue()).toList();
        return others.isEmpty() ? tuned.metric() : String.join(", ", others);
    }

    /** What the chart says of itself. */
    String note() {
        int others = tuned.candidates().size() - candidates.size();
        return tuned + "." + (others == 0 ? "" : " Not drawn, as they have no " + x + ": " + others + " of the candidates.");
    }

    BufferedImage image(String subtitle) {
        Header header = new Header("Tuning: " + tuned.metric() + " over " + x, subtitle, note(), WIDTH - 2.0 * MARGIN);
        Legend legend = new Legend(entries(), 12, 260);
        int columns = Math.min(MOST_PANELS_IN_A_ROW, networks.size());
        int panelWidth = (WIDTH - MARGIN) / columns;
        List<HeadedChart> panels = networks.stream().map(network -> panel(network, panelWidth)).toList();
        int rows = (panels.size() + columns - 1) / columns;
        // They begin with a margin of their own, in which the network's name stands.
        int panelHeight = panels.stream().mapToInt(HeadedChart::getHeight).max().orElseThrow();
        double inner = WIDTH - 2.0 * MARGIN;
        int height = (int) Math.ceil(MARGIN + header.height() + rows * panelHeight + legend.heightIn(inner) + MARGIN);

        Canvas canvas = Canvas.of(WIDTH, height, SCALE);
        Graphics2D g = canvas.graphics();
        header.paint(g, MARGIN, MARGIN);
        int top = MARGIN + header.height();
        for (int i = 0; i < panels.size(); i++) {
            int left = i % columns * panelWidth;
            int above = top + i / columns * panelHeight;
            Graphics2D part = (Graphics2D) g.create(left, above, panelWidth, panelHeight);
            panels.get(i).paint(part, panelWidth, panelHeight);
            part.dispose();
            Text.draw(g, Text.elide(networks.get(i), Fonts.LABEL, panelWidth - 2.0 * MARGIN), Fonts.LABEL, Text.INK,
                    left + MARGIN, above + NETWORK_LINE);
        }
        legend.paint(g, MARGIN, (double) top + rows * panelHeight, inner);
        g.dispose();
        return canvas.image();
    }

    private List<Legend.Entry> entries() {
        List<Legend.Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            ClassMarker marker = ClassMarker.of(i);
            entries.add(new Legend.Entry(lines.get(i), (g, left, middle) -> {
                g.setColor(marker.color());
                g.setStroke(new BasicStroke(2f));
                g.draw(new Line2D.Double(left - 8, middle, left + 8, middle));
                marker.paint(g, left, middle, 9);
            }));
        }
        if (candidates.contains(tuned.best())) {
            entries.add(new Legend.Entry("the best", (g, left, middle) -> ring(g, left, middle)));
        }
        return entries;
    }

    private HeadedChart panel(String network, int width) {
        HeadedChart chart = new HeadedChart(width, PANEL, "", null, null, List.of(), false);
        chart.setXAxisTitle(x);
        chart.setYAxisTitle(tuned.metric());
        var styler = chart.getStyler();
        styler.setPlotContentSize(0.92); // or the edge would cut what is at 1
        styler.setAxisTitlePadding(16);
        // XChart puts ticks where it likes: its labels make room, and those that can be read are painted in their place.
        styler.setYAxisMin(low).setYAxisMax(high).setXAxisMin(-0.35).setXAxisMax(values.size() - 0.65)
                .setPlotGridVerticalLinesVisible(false).setXAxisTickLabelsColor(Color.WHITE)
                .setxAxisTickLabelsFormattingFunction(at -> "0");
        chart.over((g, on, plot) -> {
            for (int i = 0; i < values.size(); i++) {
                String text = values.get(i).toString();
                Text.draw(g, text, Fonts.TICK, Text.MUTED,
                        on.getScreenXFromChart(i) - Text.width(text, Fonts.TICK) / 2, plot.getMaxY() + 17);
            }
        });
        for (int i = 0; i < lines.size(); i++) {
            addLine(chart, network, i);
        }
        if (tuned.best().network().equals(network) && candidates.contains(tuned.best())) {
            chart.over((g, on, plot) -> ring(g, on.getScreenXFromChart(across(tuned.best())),
                    on.getScreenYFromChart(tuned.best().mean())));
        }
        return chart;
    }

    private void addLine(HeadedChart chart, String network, int i) {
        List<Candidate> own = new ArrayList<>();
        for (Object value : values) {
            candidates.stream().filter(candidate -> candidate.network().equals(network)
                    && line(candidate).equals(lines.get(i)) && candidate.params().get(x).equals(value))
                    .findFirst().ifPresent(own::add);
        }
        if (own.isEmpty()) {
            return;
        }
        ClassMarker marker = ClassMarker.of(i);
        XYSeries series = chart.addSeries(lines.get(i),
                own.stream().mapToDouble(this::across).toArray(),
                own.stream().mapToDouble(Candidate::mean).toArray());
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        series.setLineColor(marker.color());
        series.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarker(SeriesMarkers.NONE);
        chart.over((g, on, plot) -> own.forEach(candidate -> marker.paint(g,
                on.getScreenXFromChart(across(candidate)), on.getScreenYFromChart(candidate.mean()), 9)));
    }

    /** Each line a little to the right of the one before: where they coincide, as on easy data they do, all marks are seen. */
    private double across(Candidate candidate) {
        double step = Math.min(0.07, 0.4 / lines.size());
        return values.indexOf(candidate.params().get(x)) + step * (lines.indexOf(line(candidate)) - (lines.size() - 1) / 2.0);
    }

    private static void ring(Graphics2D g, double left, double middle) {
        g.setColor(BEST);
        g.setStroke(new BasicStroke(2f));
        g.draw(new Ellipse2D.Double(left - 8, middle - 8, 16, 16));
    }
}
