package verger.charts;

import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws images on two principal components: as marks in the colours of their classes, or as the photographs themselves. */
final class ProjectionChart {

    /** More marks hide each other, and a sample of so many shows the same. */
    static final Sample.Limits MOST_POINTS = new Sample.Limits(10_000);
    /** More pictures hide each other. */
    static final Sample.Limits MOST_PHOTOGRAPHS = new Sample.Limits(300);

    /** Side of a picture in the plot. */
    private static final int PHOTOGRAPH = 34;
    private static final int FEW = 4;
    private static final int MARK = 7;

    private final Sample sample;
    private final List<Item> items;
    private final List<String> classes;
    private final double[] shares;
    private final Axes axes;

    ProjectionChart(Sample sample, double[] shares, Axes axes) {
        this.sample = sample;
        this.items = sample.items();
        this.classes = sample.classes();
        this.shares = shares;
        this.axes = axes;
    }

    HeadedChart marks(String subtitle) {
        List<Legend.Entry> entries = new ArrayList<>();
        Map<String, ClassMarker> markers = new HashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            ClassMarker marker = ClassMarker.of(i);
            markers.put(classes.get(i), marker);
            int size = isCrowded() ? 8 : 10;
            entries.add(new Legend.Entry(classes.get(i), (g, x, y) -> marker.paint(g, x, y, size)));
        }
        HeadedChart chart = empty(subtitle, note("images", items.size(), 0, "a projection"), entries);
        int size = items.size() <= 1500 ? 9 : items.size() <= 5000 ? 7 : 5;
        chart.getStyler().setMarkerSize(size);
        for (String name : classes) {
            double[][] xy = coordinates(items, name);
            XYSeries series = chart.addSeries(name, xy[0], xy[1]);
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            series.setMarker(items.size() > 1500 ? markers.get(name).translucent() : markers.get(name));
            series.setMarkerColor(markers.get(name).color());
        }
        chart.over((g, on, plot) -> LabelPlacer.paint(g,
                LabelPlacer.place(names(on, plot, items, name -> dark(markers.get(name).color()), 0), nameFont(), plot,
                        isCrowded() ? 30 : 120, 0, pixels(on)),
                nameFont()));
        return chart;
    }

    HeadedChart photographs(String subtitle) {
        Map<Item, BufferedImage> pictures = new HashMap<>();
        List<Item> drawn = new ArrayList<>();
        for (Item item : items) {
            BufferedImage picture = Thumbnail.of(item.content(), 4 * PHOTOGRAPH);
            if (picture != null) {
                pictures.put(item, Thumbnail.shrink(Thumbnail.cutOut(picture), 2 * PHOTOGRAPH));
                drawn.add(item);
            }
        }
        if (drawn.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to draw: none of " + items.size()
                    + " images can be decoded; the contents must be those of JPEG or PNG files.");
        }
        HeadedChart chart =
                empty(subtitle, note("photographs", drawn.size(), items.size() - drawn.size(), "a projection or content")
                        + (isCrowded() ? " Names are written where there is room." : ""), List.of());
        // XChart draws nothing here but needs to know the range.
        XYSeries range = chart.addSeries("photographs", drawn.stream().mapToDouble(Item::x).toArray(),
                drawn.stream().mapToDouble(Item::y).toArray());
        range.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        range.setMarker(SeriesMarkers.NONE);
        chart.getStyler().setPlotContentSize(0.92);
        chart.over((g, on, plot) -> {
            for (Item item : drawn) {
                BufferedImage picture = pictures.get(item);
                double scale = (double) PHOTOGRAPH / Math.max(picture.getWidth(), picture.getHeight());
                g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
                g.drawImage(picture, new AffineTransform(scale, 0, 0, scale,
                        on.getScreenXFromChart(item.x()) - picture.getWidth() * scale / 2,
                        on.getScreenYFromChart(item.y()) - picture.getHeight() * scale / 2), null);
            }
            // With many classes few of each are drawn: the names go below them, and must leave them room.
            LabelPlacer.paint(g, LabelPlacer.place(names(on, plot, drawn, name -> Text.INK, isCrowded() ? PHOTOGRAPH * 0.4 : 0),
                    nameFont(), plot, isCrowded() ? 6 : 120, isCrowded() ? 12 : 0, List.of()), nameFont());
        });
        return chart;
    }

    private HeadedChart empty(String subtitle, String note, List<Legend.Entry> entries) {
        HeadedChart chart = new HeadedChart(1100, 680, axes.title(), subtitle, note, entries, true);
        chart.setXAxisTitle(axes.eastTitle(shares));
        chart.setYAxisTitle(axes.northTitle(shares));
        return chart;
    }

    private String note(String things, int drawn, int broken, String needs) {
        long total = sample.total();
        String of = classes.size() == 1 ? "" : " of " + Text.count(sample.classCount()) + " classes";
        String note = drawn + broken == total && broken == 0
                ? Text.count(total) + " " + things + of + "."
                : Text.count(drawn) + " of " + Text.count(total) + " " + things + of + " shown"
                        + (drawn + broken < total ? ", spread evenly over the classes." : ".");
        note += sample.classesNote();
        if (broken > 0) {
            note += " " + Text.count(broken) + " cannot be decoded.";
        }
        return sample.leftOut() == 0 ? note
                : note + " " + Text.count(sample.leftOut()) + " without " + needs + " left out.";
    }

    private boolean isCrowded() {
        return classes.size() > 24;
    }

    private Font nameFont() {
        return isCrowded() ? Fonts.LABEL.deriveFont(9.5f) : Fonts.LABEL;
    }

    private static double[][] coordinates(List<Item> items, String name) {
        List<Item> own = items.stream().filter(item -> item.label().equals(name)).toList();
        return new double[][] {
            own.stream().mapToDouble(Item::x).toArray(), own.stream().mapToDouble(Item::y).toArray()};
    }

    private List<LabelPlacer.Marks> pixels(HeadedChart chart) {
        return classes.stream().map(name -> coordinates(items, name)).map(xy -> new LabelPlacer.Marks(
                Arrays.stream(xy[0]).map(chart::getScreenXFromChart).toArray(),
                Arrays.stream(xy[1]).map(chart::getScreenYFromChart).toArray())).toList();
    }

    private List<LabelPlacer.Label> names(HeadedChart chart, Rectangle2D plot, List<Item> items,
            Function<String, Color> color, double clear) {
        List<LabelPlacer.Label> labels = new ArrayList<>();
        for (String name : classes) {
            double[][] xy = coordinates(items, name);
            if (xy[0].length > 0) {
                // The name must not hide the few marks of a small class.
                double keep = xy[0].length < FEW ? Math.max(clear, MARK) : clear;
                labels.add(new LabelPlacer.Label(name, color.apply(name), chart.getScreenXFromChart(median(xy[0])),
                        chart.getScreenYFromChart(median(xy[1])), keep));
            }
        }
        // From the rim of the cloud inwards: there each has room to one side at least.
        labels.sort(Comparator.comparingDouble(
                (LabelPlacer.Label label) -> -Math.hypot(label.x() - plot.getCenterX(), label.y() - plot.getCenterY())));
        return labels;
    }

    /** Where most of a class is, which its mean need not be. */
    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static Color dark(Color color) {
        return new Color(color.getRed() * 2 / 3, color.getGreen() * 2 / 3, color.getBlue() * 2 / 3);
    }
}
