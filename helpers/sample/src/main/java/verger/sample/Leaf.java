package verger.sample;

/** One narrow leaf along a curve, widest near its base and pointed at its tip. */
final class Leaf {
    private static final double THICK = 0.012;

    private final Curve curve;
    private final Vec across;
    private final double width;
    private final double baseWidth;
    private final double cup;
    /** No point of the leaf is farther from its curve. */
    private final double spread;

    /**
     * @param across    unit vector along the leaf's width
     * @param width     half its greatest width
     * @param baseWidth its width at the base, as a share of the greatest
     * @param cup       how much its edges rise, as a share of the width
     */
    Leaf(Vec from, Vec by, Vec to, Vec across, double width, double baseWidth, double cup) {
        this.curve = new Curve(from, by, to, 7);
        this.across = across;
        this.width = width;
        this.baseWidth = baseWidth;
        this.cup = cup;
        this.spread = width * Math.sqrt(1 + cup * cup) + THICK;
    }

    Vec centre() {
        return curve.centre();
    }

    /** Radius of a ball about the centre that holds the leaf. */
    double reach() {
        return curve.reach() + spread;
    }

    /** At most the distance to the leaf; quick, and good enough far away. */
    double atLeast(double x, double y, double z) {
        return curve.atLeast(x, y, z) - spread;
    }

    double distance(double x, double y, double z) {
        double place = curve.nearest(x, y, z);
        Vec p = curve.point(place);
        Vec along = curve.direction(place);
        Vec up = along.cross(across);
        double dx = x - p.x();
        double dy = y - p.y();
        double dz = z - p.z();
        double u = dx * across.x() + dy * across.y() + dz * across.z();
        double v = dx * up.x() + dy * up.y() + dz * up.z();
        double w = dx * along.x() + dy * along.y() + dz * along.z();
        double half = halfWidth(curve.share(place));
        double out = Math.max(Math.abs(u) - half, 0);
        double bent = v - cup * u * u / width;
        return Maths.length(out, bent, w) - THICK;
    }

    /** 0 at the base, 1 at the tip. */
    double along(Vec p) {
        return curve.share(curve.nearest(p.x(), p.y(), p.z()));
    }

    /** 0 on the midrib, 1 at the edge. */
    double across(Vec p) {
        double place = curve.nearest(p.x(), p.y(), p.z());
        double half = halfWidth(curve.share(place));
        return half < 1e-6 ? 1 : Math.abs(p.minus(curve.point(place)).dot(across)) / half;
    }

    private double halfWidth(double t) {
        return width * (1 - t * t) * (baseWidth + (1 - baseWidth) * Math.min(1, t * 4));
    }
}
