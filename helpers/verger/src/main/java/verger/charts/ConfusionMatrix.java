package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Draws how many of each true class (rows) are predicted as which (columns), with recall and precision at the rims. */
final class ConfusionMatrix {

    /** More names cannot be read; of more classes those are shown that are confused. */
    static final int MOST_CLASSES = 30;

    private static final int SCALE = 2;
    private static final int WIDTH = 1100;
    private static final int MARGIN = 26;
    private static final int HIGHEST_CELL = 46;
    /** In a column of so many pixels a name can be read, if it is shortened; in a narrower one it stands upright. */
    private static final int WIDE_CELL = 120;
    private static final int RIM = 66;
    private static final String RECALL = "recall, %";
    private static final String PRECISION = "precision, %";
    /** Pixels of a name, also of few classes, which leave it room. */
    private static final double WIDEST_NAME = 170;
    private static final double WIDEST_NAME_OF_FEW = 300;
    private static final int FEW = 8;
    private static final Color RIGHT = new Color(0x0072B2);
    private static final Color WRONG = new Color(0xC44E00);
    private static final Color GRID = new Color(0xE1E3E7);

    private final long[][] counts;
    private final List<String> classes;
    private final int[] shown;
    private final double nameWidth;
    private final double nameHeight;
    private final boolean upright;
    private final double cellWidth;
    private final double cellHeight;
    private final Font nameFont;

    /**
     * Chooses the classes that are shown, and the sizes of names and cells.
     *
     * @param counts  images of a true class (first index) with a predicted one (second), as many as classes in both
     * @param classes their names
     */
    ConfusionMatrix(long[][] counts, List<String> classes) {
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to draw: 0 classes.");
        }
        if (counts.length != classes.size() || Arrays.stream(counts).anyMatch(row -> row.length != classes.size())) {
            List<Integer> lengths = Arrays.stream(counts).map(row -> row.length).distinct().toList();
            throw new IllegalArgumentException("A confusion matrix of " + classes.size()
                    + " classes has as many rows and columns: got " + counts.length + " rows of " + lengths + ".");
        }
        this.counts = counts;
        this.classes = classes;
        shown = choose();
        nameFont = shown.length > 20 ? Fonts.TICK.deriveFont(11f) : Fonts.TICK;
        double widest = Arrays.stream(shown).mapToDouble(c -> Text.width(classes.get(c), nameFont)).max().orElse(0);
        double most = shown.length <= FEW ? WIDEST_NAME_OF_FEW : WIDEST_NAME;
        nameWidth = Math.max(Math.ceil(Math.min(most, widest)), Text.width(PRECISION, Fonts.LABEL)) + 8;
        // Few classes have wide cells: the matrix is as wide as the page.
        cellWidth = (WIDTH - 2.0 * MARGIN - nameWidth - RIM) / shown.length;
        cellHeight = Math.min(HIGHEST_CELL, cellWidth);
        upright = cellWidth < WIDE_CELL && widest > cellWidth - 8;
        nameHeight = upright ? nameWidth : 30;
    }

    private int[] choose() {
        int[] all = IntStream.range(0, classes.size()).toArray();
        if (all.length <= MOST_CLASSES) {
            return all;
        }
        int[] confused = Arrays.stream(all).filter(c -> mistakes(c) > 0).toArray();
        Comparator<Integer> first = confused.length == 0
                ? Comparator.comparing(c -> -images(c)) : Comparator.comparing(c -> -mistakes(c));
        return Arrays.stream(confused.length == 0 ? all : confused).boxed().sorted(first).limit(MOST_CLASSES)
                .mapToInt(Integer::intValue).sorted().toArray();
    }

    /** Images of the class that are taken for others, and of others that are taken for it. */
    private long mistakes(int c) {
        return images(c) + predicted(c) - 2 * counts[c][c];
    }

    private long images(int c) {
        return Arrays.stream(counts[c]).sum();
    }

    private long predicted(int c) {
        return Arrays.stream(counts).mapToLong(row -> row[c]).sum();
    }

    /** Names of the classes that are drawn. */
    List<String> shownClasses() {
        return Arrays.stream(shown).mapToObj(classes::get).toList();
    }

    /** What the chart says of itself. */
    String note() {
        long total = IntStream.range(0, counts.length).mapToLong(this::images).sum();
        long right = IntStream.range(0, counts.length).mapToLong(c -> counts[c][c]).sum();
        String note = Text.count(right) + " of " + Text.count(total) + " right"
                + (total == 0 ? "" : " (" + Text.percent((double) right / total) + ")") + ", " + Text.count(classes.size())
                + (classes.size() == 1 ? " class." : " classes.") + " A row is a true class, a column a predicted one.";
        if (shown.length == classes.size()) {
            return note;
        }
        long confused = IntStream.range(0, counts.length).filter(c -> mistakes(c) > 0).count();
        if (confused == 0) {
            return note + " No class is confused with another; the " + shown.length + " with the most images are shown.";
        }
        if (confused <= shown.length) {
            return note + " Only the " + Text.count(confused) + " that are confused are shown.";
        }
        long inside = Arrays.stream(shown)
                .mapToLong(t -> Arrays.stream(shown).filter(p -> p != t).mapToLong(p -> counts[t][p]).sum()).sum();
        return note + " Only the " + shown.length + " with the most mistakes are shown, with " + Text.count(inside) + " of the "
                + Text.count(total - right) + " mistakes.";
    }

    BufferedImage image(String subtitle) {
        Header header = new Header("Confusion matrix", subtitle, note(), WIDTH - 2.0 * MARGIN);
        double across = cellWidth * shown.length;
        double down = cellHeight * shown.length;
        int height = (int) Math.ceil(2 * MARGIN + header.height() + nameHeight + down + 30);
        Canvas canvas = Canvas.of(WIDTH, height, SCALE);
        Graphics2D g = canvas.graphics();
        header.paint(g, MARGIN, MARGIN);
        double left = MARGIN + nameWidth;
        double top = MARGIN + header.height() + nameHeight;
        for (int i = 0; i < shown.length; i++) {
            paintNames(g, classes.get(shown[i]), left, top, i);
            paintRims(g, shown[i], left + across, top + down, left, top, i);
            for (int j = 0; j < shown.length; j++) {
                paintCell(g, shown[i], shown[j],
                        new Rectangle2D.Double(left + j * cellWidth, top + i * cellHeight, cellWidth, cellHeight));
            }
        }
        paintGrid(g, left, top, across, down);
        Text.draw(g, RECALL, Fonts.LABEL, Text.MUTED, left + across + 8, top - 6);
        Text.draw(g, PRECISION, Fonts.LABEL, Text.MUTED, left - 8 - Text.width(PRECISION, Fonts.LABEL), top + down + 18);
        g.dispose();
        return canvas.image();
    }

    private void paintNames(Graphics2D g, String name, double left, double top, int i) {
        String text = Text.elide(name, nameFont, nameWidth - 8);
        double below = nameFont.getSize() * 0.36;
        Text.draw(g, text, nameFont, Text.INK, left - 8 - Text.width(text, nameFont), top + (i + 0.5) * cellHeight + below);
        double middle = left + (i + 0.5) * cellWidth;
        if (upright) {
            AffineTransform level = g.getTransform();
            g.rotate(-Math.PI / 2, middle + below, top - 8);
            Text.draw(g, text, nameFont, Text.INK, middle + below, top - 8);
            g.setTransform(level);
        } else {
            String above = Text.elide(name, nameFont, cellWidth - 8);
            Text.draw(g, above, nameFont, Text.INK, middle - Text.width(above, nameFont) / 2, top - 8);
        }
    }

    private void paintRims(Graphics2D g, int c, double right, double bottom, double left, double top, int i) {
        String recall = share(counts[c][c], images(c));
        Text.draw(g, recall, nameFont, Text.MUTED, right + 8, top + (i + 0.5) * cellHeight + nameFont.getSize() * 0.36);
        String precision = share(counts[c][c], predicted(c));
        Font font = fitting(precision);
        Text.draw(g, precision, font, Text.MUTED, left + (i + 0.5) * cellWidth - Text.width(precision, font) / 2, bottom + 18);
    }

    /** In whole per cent, but 99.6 is not 100. */
    private static String share(long part, long whole) {
        if (whole == 0) {
            return "–";
        }
        double percent = 100.0 * part / whole;
        boolean nearly = part < whole && Math.round(percent) == 100;
        return String.format(Locale.ROOT, nearly ? "%.1f" : "%.0f", nearly ? Math.floor(10 * percent) / 10 : percent);
    }

    private void paintCell(Graphics2D g, int actual, int predicted, Rectangle2D box) {
        long count = counts[actual][predicted];
        if (count == 0) {
            return;
        }
        double share = (double) count / images(actual);
        // One in fifty is a mistake to be seen.
        double strength = 0.18 + 0.82 * (actual == predicted ? share : Math.sqrt(share));
        g.setColor(onWhite(actual == predicted ? RIGHT : WRONG, strength));
        g.fill(box);
        String text = count < 10_000 ? "" + count : Math.round(count / 1000.0) + "k";
        Font font = fitting(text);
        Text.draw(g, text, font, strength > 0.55 ? Color.WHITE : Text.INK,
                box.getCenterX() - Text.width(text, font) / 2, box.getCenterY() + font.getSize() * 0.36);
    }

    private Font fitting(String text) {
        Font font = Fonts.TICK;
        while (font.getSize() > 6 && Text.width(text, font) > cellWidth - 4) {
            font = font.deriveFont(font.getSize() - 1f);
        }
        return font;
    }

    private static Color onWhite(Color color, double strength) {
        return new Color(mixed(color.getRed(), strength), mixed(color.getGreen(), strength), mixed(color.getBlue(), strength));
    }

    private static int mixed(int channel, double strength) {
        return (int) Math.round(255 - strength * (255 - channel));
    }

    private void paintGrid(Graphics2D g, double left, double top, double across, double down) {
        g.setColor(GRID);
        g.setStroke(new BasicStroke(1f));
        for (int i = 0; i <= shown.length; i++) {
            g.draw(new Line2D.Double(left, top + i * cellHeight, left + across, top + i * cellHeight));
            g.draw(new Line2D.Double(left + i * cellWidth, top, left + i * cellWidth, top + down));
        }
    }
}
