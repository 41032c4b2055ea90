package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures, shortens, wraps and draws text. */
final class Text {

    static final Color INK = new Color(0x26, 0x26, 0x2B);
    static final Color MUTED = new Color(0x5F, 0x63, 0x6B);

    private static final String ELLIPSIS = "…";

    private Text() {
    }

    static double width(String text, Font font) {
        return font.getStringBounds(text, Fonts.CONTEXT).getWidth();
    }

    /** Shortened to a width in the middle, where the names of a series of classes differ least. */
    static String elide(String text, Font font, double width) {
        if (width(text, font) <= width) {
            return text;
        }
        int keep = text.length() - 1;
        String shortened;
        do {
            int tail = keep / 2;
            shortened = text.substring(0, keep - tail).stripTrailing() + ELLIPSIS
                    + text.substring(text.length() - tail).stripLeading();
            keep--;
        } while (keep > 0 && width(shortened, font) > width);
        return shortened;
    }

    /** In lines of a width; what is beyond the last line is cut, and an ellipsis says so. */
    static List<String> wrap(String text, Font font, double width, int lines) {
        List<String> wrapped = new ArrayList<>();
        for (String paragraph : text.strip().split("\\R")) {
            wrapParagraph(paragraph.strip(), font, width, wrapped);
        }
        if (wrapped.size() <= lines) {
            return wrapped;
        }
        String last = wrapped.get(lines - 1);
        while (!last.isEmpty() && width(last + " " + ELLIPSIS, font) > width) {
            last = last.substring(0, last.length() - 1).stripTrailing();
        }
        List<String> kept = new ArrayList<>(wrapped.subList(0, lines - 1));
        kept.add(last + " " + ELLIPSIS);
        return kept;
    }

    private static void wrapParagraph(String paragraph, Font font, double width, List<String> lines) {
        String line = "";
        for (String word : paragraph.split("\\s+")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (width(longer, font) <= width) {
                line = longer;
                continue;
            }
            if (!line.isEmpty()) {
                lines.add(line);
            }
            // A word wider than the line, such as an address, is broken.
            while (width(word, font) > width && word.length() > 1) {
                int fit = word.length() - 1;
                while (fit > 1 && width(word.substring(0, fit), font) > width) {
                    fit--;
                }
                lines.add(word.substring(0, fit));
                word = word.substring(fit);
            }
            line = word;
        }
        if (!line.isEmpty()) {
            lines.add(line);
        }
    }

    static void draw(Graphics2D g, String text, Font font, Color color, double x, double baseline) {
        g.setFont(font);
        g.setColor(color);
        g.drawString(text, (float) x, (float) baseline);
    }

    /** With a white rim, to be read on top of marks. */
    static void drawWithRim(Graphics2D g, String text, Font font, Color color, double x, double baseline) {
        Shape outline = font.createGlyphVector(Fonts.CONTEXT, text).getOutline((float) x, (float) baseline);
        g.setStroke(new BasicStroke(3.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(new Color(255, 255, 255, 225));
        g.draw(outline);
        g.setColor(color);
        g.fill(outline);
    }

    /** A share as a percentage: 0.2341 is {@code 23.4 %}. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A share that somebody chose, without needless decimals: 0.95 is {@code 95 %}. */
    static String shortPercent(double share) {
        return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(100 * share) + " %";
    }

    /** 90483 is {@code 90,483}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
