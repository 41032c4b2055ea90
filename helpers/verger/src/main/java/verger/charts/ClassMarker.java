package verger.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.knowm.xchart.style.markers.Marker;

/**
 * Draws the mark of a class, which has one of twelve colours and one of eleven shapes: 132 classes look different, and
 * neighbours in the alphabet differ in both.
 */
final class ClassMarker extends Marker {

    /**
     * Twelve colours that people with the usual colour deficiencies tell apart better than most: seven of the "muted"
     * scheme of Paul Tol (Colour Schemes, SRON/EPS/TN/09-002, 2021), and five of Okabe and Ito (Color Universal
     * Design, 2008), the light ones a shade darker to show on white.
     */
    private static final Color[] COLORS = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x117733), new Color(0xAA4499),
        new Color(0xE69F00), new Color(0x56B4E9), new Color(0x882255), new Color(0x999933),
        new Color(0x332288), new Color(0xE57F8D), new Color(0x3FB59B), new Color(0x6B6F76),
    };

    /** The shapes lie in a square of −1 … 1 and have similar areas. */
    private static final Shape[] SHAPES = {
        new Ellipse2D.Double(-0.9, -0.9, 1.8, 1.8),
        polygon(-1.05, 0.85, 1.05, 0.85, 0, -1.1),
        new Rectangle2D.Double(-0.8, -0.8, 1.6, 1.6),
        polygon(0, -1.2, 1.2, 0, 0, 1.2, -1.2, 0),
        polygon(-1.05, -0.85, 1.05, -0.85, 0, 1.1),
        plus(0),
        star(5, 1.25, 0.55),
        plus(Math.PI / 4),
        polygon(-0.85, -1.05, -0.85, 1.05, 1.1, 0),
        polygon(0.85, -1.05, 0.85, 1.05, -1.1, 0),
        polygon(-0.95, -0.95, 0.95, -0.95, -0.95, 0.95, 0.95, 0.95),
    };

    private final Color color;
    private final Shape shape;
    private final int alpha;

    private ClassMarker(Color color, Shape shape, int alpha) {
        this.color = color;
        this.shape = shape;
        this.alpha = alpha;
    }

    /** The mark of the i-th class; beyond 132 they repeat. */
    static ClassMarker of(int i) {
        int colour = i % COLORS.length;
        return new ClassMarker(COLORS[colour], SHAPES[(i / COLORS.length + colour) % SHAPES.length], 255);
    }

    /** This mark, but so transparent that a crowd of them shows its density. */
    ClassMarker translucent() {
        return new ClassMarker(color, shape, 170);
    }

    Color color() {
        return color;
    }

    Shape shape() {
        return shape;
    }

    @Override
    public void paint(Graphics2D g, double x, double y, int size) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.scale(size / 2.0, size / 2.0);
        Shape placed = place.createTransformedShape(shape);
        g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha));
        g.fill(placed);
        if (size > 5) {
            // A white rim parts the marks of a crowd.
            g.setStroke(new BasicStroke(0.7f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.setColor(Color.WHITE);
            g.draw(placed);
        }
    }

    private static Shape polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }

    private static Shape plus(double angle) {
        double a = 0.38;
        double b = 1.15;
        return AffineTransform.getRotateInstance(angle).createTransformedShape(
                polygon(-a, -b, a, -b, a, -a, b, -a, b, a, a, a, a, b, -a, b, -a, a, -b, a, -b, -a, -a, -a));
    }

    private static Shape star(int points, double outer, double inner) {
        double[] xy = new double[4 * points];
        for (int i = 0; i < 2 * points; i++) {
            double radius = i % 2 == 0 ? outer : inner;
            xy[2 * i] = radius * Math.sin(Math.PI * i / points);
            xy[2 * i + 1] = -radius * Math.cos(Math.PI * i / points);
        }
        return polygon(xy);
    }
}
