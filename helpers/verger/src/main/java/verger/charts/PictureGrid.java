package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Draws rows of pictures with captions. A row that is longer than a line goes on in lines of the same length below it. */
final class PictureGrid {

    /** More are no picture that anybody looks at. */
    static final int MOST = 300;
    /** At twice the size so many make a file that no notebook wants to carry. */
    private static final int MANY = 200;
    private static final int MOST_COLUMNS = 10;
    private static final int MOST_CAPTION_LINES = 4;
    private static final int WIDTH = 1100;
    private static final int MARGIN = 26;
    private static final int GUTTER = 14;
    private static final int BETWEEN_ROWS = 18;
    private static final int BETWEEN_LINES = 10;
    private static final int CAPTION_LINE = 15;
    private static final int DETAIL_LINE = 15;
    private static final double LARGEST_SIDE = ContactSheet.LARGEST_PICTURE / 2.0;
    private static final Color FRAME = new Color(0xC44E00);
    private static final Font CAPTION = Fonts.LABEL;
    private static final Font DETAIL = Fonts.TICK.deriveFont(11f);

    /** Pictures side by side, and how many lines their captions need. */
    private record Line(List<CaptionedPicture> pictures, int captionLines, boolean details, boolean endsRow) {

        double height(double side) {
            return side + 4 + captionLines * CAPTION_LINE + (details ? DETAIL_LINE : 0)
                    + (endsRow ? BETWEEN_ROWS : BETWEEN_LINES);
        }
    }

    private final String title;
    private final long total;
    private final int shown;
    private final double cell;
    private final double side;
    private final List<Line> lines = new ArrayList<>();

    /**
     * Parts the rows into lines, and chooses the size of the pictures.
     *
     * @param rows the first {@value #MOST} pictures of them are drawn, in their order
     * @throws IllegalArgumentException if there is no picture
     */
    PictureGrid(String title, List<List<CaptionedPicture>> rows) {
        this.title = title;
        total = rows.stream().mapToLong(List::size).sum();
        if (total == 0) {
            throw new IllegalArgumentException("There is nothing to draw: 0 pictures.");
        }
        List<List<CaptionedPicture>> drawn = firstOf(rows);
        shown = drawn.stream().mapToInt(List::size).sum();
        int columns = drawn.stream().mapToInt(row -> perLine(row.size())).max().orElseThrow();
        cell = Math.min((WIDTH - 2.0 * MARGIN + GUTTER) / columns - GUTTER, 1.5 * LARGEST_SIDE);
        side = Math.min(cell, LARGEST_SIDE);
        for (List<CaptionedPicture> row : drawn) {
            int perLine = perLine(row.size());
            for (int from = 0; from < row.size(); from += perLine) {
                int to = Math.min(row.size(), from + perLine);
                lines.add(line(row.subList(from, to), to == row.size()));
            }
        }
    }

    private static List<List<CaptionedPicture>> firstOf(List<List<CaptionedPicture>> rows) {
        List<List<CaptionedPicture>> first = new ArrayList<>();
        int room = MOST;
        for (List<CaptionedPicture> row : rows) {
            List<CaptionedPicture> part = row.subList(0, Math.min(row.size(), room));
            room -= part.size();
            if (!part.isEmpty()) {
                first.add(part);
            }
        }
        return first;
    }

    /** Twelve pictures are two lines of six, and not one of ten and one of two. */
    private static int perLine(int pictures) {
        int lines = (pictures + MOST_COLUMNS - 1) / MOST_COLUMNS;
        return (pictures + lines - 1) / lines;
    }

    private Line line(List<CaptionedPicture> pictures, boolean endsRow) {
        int captionLines = pictures.stream().mapToInt(picture -> caption(picture).size()).max().orElse(0);
        boolean details = pictures.stream().anyMatch(picture -> has(picture.detail()));
        return new Line(pictures, captionLines, details, endsRow);
    }

    private List<String> caption(CaptionedPicture picture) {
        return has(picture.caption()) ? Text.wrap(picture.caption(), CAPTION, cell, MOST_CAPTION_LINES) : List.of();
    }

    private static boolean has(String text) {
        return text != null && !text.isBlank();
    }

    BufferedImage image(String subtitle) {
        String note = shown == total ? null : Text.count(shown) + " of " + Text.count(total) + " pictures shown.";
        Header header = new Header(title, subtitle, note, WIDTH - 2.0 * MARGIN);
        double below = lines.stream().mapToDouble(line -> line.height(side)).sum() - BETWEEN_ROWS;
        int scale = shown > MANY ? 1 : 2;
        Canvas canvas = headed(header, below, scale);
        Graphics2D g = canvas.graphics();
        double y = MARGIN + header.height();
        for (Line line : lines) {
            double x = MARGIN;
            for (CaptionedPicture picture : line.pictures()) {
                paint(g, picture, x, y, scale);
                x += cell + GUTTER;
            }
            y += line.height(side);
        }
        g.dispose();
        return canvas.image();
    }

    /** A picture that says that there is none. */
    static BufferedImage none(String title, String subtitle, String note) {
        return headed(new Header(title, subtitle, note, WIDTH - 2.0 * MARGIN), 0, 2).image();
    }

    private static Canvas headed(Header header, double below, int scale) {
        Canvas canvas = Canvas.of(WIDTH, (int) Math.ceil(2 * MARGIN + header.height() + below), scale);
        header.paint(canvas.graphics(), MARGIN, MARGIN);
        return canvas;
    }

    private void paint(Graphics2D g, CaptionedPicture captioned, double x, double y, int scale) {
        Thumbnail.draw(g, captioned.content(), new Rectangle2D.Double(x, y, side, side), scale);
        if (captioned.marked()) {
            g.setColor(FRAME);
            g.setStroke(new BasicStroke(2.5f));
            g.draw(new Rectangle2D.Double(x + 1, y + 1, side - 2, side - 2));
        }
        double baseline = y + side + CAPTION_LINE;
        for (String words : caption(captioned)) {
            Text.draw(g, words, CAPTION, Text.INK, x, baseline);
            baseline += CAPTION_LINE;
        }
        if (has(captioned.detail())) {
            Text.draw(g, Text.elide(captioned.detail(), DETAIL, cell), DETAIL, Text.MUTED, x, baseline);
        }
    }
}
