package verger.charts;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/** Draws title, subtitle and note above a chart. XChart has a title only. */
final class Header {

    private static final int TITLE_LINE = 25;
    private static final int LINE = 18;
    private static final int BELOW = 12;

    private final List<String> title;
    private final List<String> subtitle;

    /**
     * Breaks the texts into lines.
     *
     * @param title    at most two lines
     * @param subtitle what the caller has to say, at most three lines; may be null
     * @param note     what the chart has to say of itself, such as how much it leaves out; never cut; may be null
     * @param width    in pixels
     */
    Header(String title, String subtitle, String note, double width) {
        this.title = Text.wrap(title, Fonts.TITLE, width, 2);
        this.subtitle = new ArrayList<>();
        if (subtitle != null && !subtitle.isBlank()) {
            this.subtitle.addAll(Text.wrap(subtitle, Fonts.SUBTITLE, width, 3));
        }
        if (note != null) {
            this.subtitle.addAll(Text.wrap(note, Fonts.SUBTITLE, width, Integer.MAX_VALUE));
        }
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(title);
        lines.addAll(subtitle);
        return lines;
    }

    int height() {
        return title.size() * TITLE_LINE + subtitle.size() * LINE + BELOW;
    }

    void paint(Graphics2D g, double x, double y) {
        double baseline = y + 18;
        for (String line : title) {
            Text.draw(g, line, Fonts.TITLE, Text.INK, x, baseline);
            baseline += TITLE_LINE;
        }
        baseline -= 3;
        for (String line : subtitle) {
            Text.draw(g, line, Fonts.SUBTITLE, Text.MUTED, x, baseline);
            baseline += LINE;
        }
    }
}
