package verger.charts;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Draws a few images of each class below its name, in columns, in the order of the alphabet. */
final class ContactSheet {

    /** More make a picture that no page and no memory of a driver wants to hold. */
    private static final int MOST = 2000;
    /** At twice the size so many photographs make a file of 16 MB, which no notebook wants to carry. */
    private static final int MANY = 200;
    /** Side of the largest picture, in pixels of the file; those of a projection are smaller. */
    static final int LARGEST_PICTURE = 200;
    private static final int WIDTH = 1100;
    private static final int MARGIN = 26;
    private static final int GUTTER = 26;
    private static final int GAP = 4;
    private static final int NAME = 24;
    private static final int BELOW = 16;

    private final Sample sample;
    private final Map<String, List<Item>> items;
    private final List<String> classes;
    private final int perClass;
    private final int columns;
    private final double side;
    private final int scale;

    static Sample.Limits limits(int perClass) {
        if (perClass < 1 || perClass > 12) {
            throw new IllegalArgumentException("A contact sheet shows 1 to 12 images of each class: got " + perClass + ".");
        }
        return new Sample.Limits(Integer.MAX_VALUE, perClass, Math.min(Sample.MOST_CLASSES, MOST / perClass));
    }

    ContactSheet(Sample sample, int perClass) {
        this.sample = sample;
        this.perClass = perClass;
        items = sample.items().stream().collect(Collectors.groupingBy(Item::label));
        classes = sample.classes();
        int inner = WIDTH - 2 * MARGIN;
        // Pictures of 56 pixels or more, up to 100 where there is room.
        int fitting = Math.max(1, (inner + GUTTER) / (perClass * (56 + GAP) + GUTTER));
        columns = Math.min(fitting, Math.max(1, (int) Math.ceil(classes.size() / 3.0)));
        scale = items.values().stream().mapToInt(List::size).sum() > MANY ? 1 : 2;
        side = Math.min(LARGEST_PICTURE / 2.0, (inner - (columns - 1.0) * GUTTER) / columns / perClass - GAP);
    }

    BufferedImage image(String subtitle) {
        long drawn = items.values().stream().mapToLong(List::size).sum();
        String note = Text.count(drawn) + " of " + Text.count(sample.total()) + " images, "
                + (classes.size() == 1 ? "1 class." : Text.count(sample.classCount()) + " classes.")
                + sample.classesNote();
        if (sample.leftOut() > 0) {
            note += " " + Text.count(sample.leftOut()) + " without content left out.";
        }
        Header header = new Header("Images of each class", subtitle, note, WIDTH - 2.0 * MARGIN);
        int rows = (classes.size() + columns - 1) / columns;
        double rowHeight = NAME + side + BELOW;
        int height = (int) Math.ceil(2 * MARGIN + header.height() + rows * rowHeight - BELOW);

        Canvas canvas = Canvas.of(WIDTH, height, scale);
        Graphics2D g = canvas.graphics();
        header.paint(g, MARGIN, MARGIN);
        double cell = perClass * (side + GAP) - GAP;
        for (int i = 0; i < classes.size(); i++) {
            int column = i / rows;
            double x = MARGIN + column * (cell + GUTTER);
            double y = MARGIN + header.height() + i % rows * rowHeight;
            paintClass(g, classes.get(i), x, y, cell);
        }
        g.dispose();
        return canvas.image();
    }

    private void paintClass(Graphics2D g, String name, double x, double y, double width) {
        Font font = Fonts.LABEL;
        Text.draw(g, Text.elide(name, font, width), font, Text.INK, x, y + 16);
        List<Item> own = items.getOrDefault(name, new ArrayList<>());
        for (int i = 0; i < own.size(); i++) {
            Thumbnail.draw(g, own.get(i).content(), new Rectangle2D.Double(x + i * (side + GAP), y + NAME, side, side), scale);
        }
    }
}
