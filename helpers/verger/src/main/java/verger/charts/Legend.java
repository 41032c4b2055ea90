package verger.charts;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;

/** Draws a legend in as many columns as fit, read down the columns. XChart's own grows in one direction only. */
final class Legend {

    /** Draws the sign before a name, centred on a point, within 22 × 12 pixels. */
    interface Sign {
        void paint(Graphics2D g, double x, double y);
    }

    /** A line of the legend. */
    record Entry(String name, Sign sign) {
    }

    private static final int SIGN = 22;
    private static final int GAP = 14;

    private final List<Entry> entries;
    private final Font font;
    private final double textWidth;
    private final int rowHeight;

    /**
     * Measures the names.
     *
     * @param entries   in the order of reading
     * @param fontSize  in points
     * @param mostWidth names wider than so many pixels are shortened
     */
    Legend(List<Entry> entries, int fontSize, double mostWidth) {
        this.entries = entries;
        font = Fonts.TICK.deriveFont((float) fontSize);
        rowHeight = fontSize + 7;
        double widest = 0;
        for (Entry entry : entries) {
            widest = Math.max(widest, Text.width(entry.name(), font));
        }
        textWidth = Math.ceil(Math.min(widest, mostWidth));
    }

    /** The width of one column, in pixels. */
    double columnWidth() {
        return SIGN + textWidth + GAP;
    }

    double heightIn(double width) {
        return (double) rowsIn(width) * rowHeight;
    }

    void paint(Graphics2D g, double x, double y, double width) {
        int rows = rowsIn(width);
        if (rows == 1) {
            paintLine(g, x, y + 0.5 * rowHeight);
            return;
        }
        // Whole columns only: 13 names in six columns of three leave the sixth empty.
        int columns = (entries.size() + rows - 1) / rows;
        double step = Math.min(width / columns, columnWidth() * 1.35);
        for (int i = 0; i < entries.size(); i++) {
            int column = i / rows;
            paintEntry(g, entries.get(i), x + column * step, y + (i % rows + 0.5) * rowHeight);
        }
    }

    private void paintLine(Graphics2D g, double x, double middle) {
        double left = x;
        for (Entry entry : entries) {
            left += SIGN + paintEntry(g, entry, left, middle) + 2 * GAP;
        }
    }

    private double paintEntry(Graphics2D g, Entry entry, double left, double middle) {
        String name = Text.elide(entry.name(), font, textWidth);
        entry.sign().paint(g, left + 8, middle);
        Text.draw(g, name, font, Text.INK, left + SIGN, middle + font.getSize() * 0.36);
        return Text.width(name, font);
    }

    private int rowsIn(double width) {
        int columns = (int) Math.max(1, Math.floor((width + GAP) / columnWidth()));
        return (entries.size() + columns - 1) / columns;
    }
}
