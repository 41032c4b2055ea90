package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places names in a plot so that none covers another, nor most of a class. A name that must move gets a thin line to its
 * place.
 */
final class LabelPlacer {

    /**
     * A name and its pixel.
     *
     * @param clear pixels around it that must stay visible: 0 centres the name on it, more puts it below
     */
    record Label(String text, Color color, double x, double y, double clear) {
    }

    /** A name and where it was written. */
    record Placed(Label label, String text, Rectangle2D box) {
    }

    /**
     * The marks of a class, of which a name must not hide too many.
     *
     * @param x pixels from the left
     * @param y pixels from the top, as many
     */
    record Marks(double[] x, double[] y) {

        private double coveredBy(Rectangle2D box) {
            return (double) IntStream.range(0, x.length).filter(i -> box.contains(x[i], y[i])).count() / x.length;
        }
    }

    private static final double WIDEST = 150;
    /** The share of a class's marks that a name may hide. */
    private static final double COVERED = 0.1;

    private LabelPlacer() {
    }

    /**
     * Finds a place for as many labels as possible, in the given order.
     *
     * @param reach how far in pixels a label may move; those that need more are left out
     * @param gap   pixels to keep free between two labels, one above the other
     * @param marks of all classes, to stay visible as far as the reach allows
     */
    static List<Placed> place(List<Label> labels, Font font, Rectangle2D bounds, double reach, double gap, List<Marks> marks) {
        List<Placed> placed = new ArrayList<>();
        for (Label label : labels) {
            String text = Text.elide(label.text(), font, WIDEST);
            double width = Text.width(text, font) + 4;
            double height = font.getSize() + 3 + gap;
            Rectangle2D box = find(label, width, height, bounds, placed, reach, marks);
            if (box != null) {
                placed.add(new Placed(label, text, box));
            }
        }
        return placed;
    }

    private static Rectangle2D find(Label label, double width, double height, Rectangle2D bounds, List<Placed> placed,
            double reach, List<Marks> marks) {
        double clear = label.clear();
        Rectangle2D taken = new Rectangle2D.Double(label.x() - clear, label.y() - clear, 2 * clear, 2 * clear);
        double nearest = clear == 0 ? 0 : clear + height / 2;
        Rectangle2D best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double radius = nearest; radius <= nearest + reach; radius += 6) {
            int directions = radius == 0 ? 1 : 16;
            for (int i = 0; i < directions; i++) {
                double angle = 2 * Math.PI * i / directions + Math.PI / 2;
                Rectangle2D box = new Rectangle2D.Double(
                        label.x() + radius * Math.cos(angle) * 1.6 - width / 2,
                        label.y() + radius * Math.sin(angle) - height / 2, width, height);
                if (bounds.contains(box) && !box.intersects(taken)
                        && placed.stream().noneMatch(other -> other.box().intersects(box))) {
                    double covered = marks.stream().mapToDouble(of -> of.coveredBy(box)).max().orElse(0);
                    if (covered <= COVERED) {
                        return box;
                    }
                    if (covered < least) {
                        least = covered;
                        best = box;
                    }
                }
            }
        }
        return best;
    }

    private static boolean isFar(Label label, Rectangle2D box) {
        double right = Math.max(0, Math.max(box.getX() - label.x(), label.x() - box.getMaxX()));
        double down = Math.max(0, Math.max(box.getY() - label.y(), label.y() - box.getMaxY()));
        return Math.hypot(right, down) > label.clear() + 5;
    }

    static void paint(Graphics2D g, List<Placed> labels, Font font) {
        for (Placed placed : labels) {
            Rectangle2D box = placed.box();
            if (isFar(placed.label(), box)) {
                g.setStroke(new BasicStroke(0.8f));
                g.setColor(placed.label().color());
                g.draw(new Line2D.Double(placed.label().x(), placed.label().y(), box.getCenterX(), box.getCenterY()));
            }
        }
        for (Placed placed : labels) {
            Rectangle2D box = placed.box();
            Text.drawWithRim(g, placed.text(), font, placed.label().color(), box.getX() + 2,
                    box.getCenterY() + font.getSize() * 0.36);
        }
    }
}
