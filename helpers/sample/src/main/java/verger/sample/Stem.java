package verger.sample;

/** A round stalk along a curve, from one radius and colour to another. */
final class Stem implements Part {
    private final Curve curve;
    private final double radius;
    private final double endRadius;
    private final Colour colour;
    private final Colour endColour;

    Stem(Vec from, Vec by, Vec to, double radius, double endRadius, Colour colour, Colour endColour) {
        this.curve = new Curve(from, by, to, 10);
        this.radius = radius;
        this.endRadius = endRadius;
        this.colour = colour;
        this.endColour = endColour;
    }

    @Override
    public double distance(double x, double y, double z) {
        double far = curve.atLeast(x, y, z) - Math.max(radius, endRadius);
        if (far > 0.2) {
            return far;
        }
        double place = curve.nearest(x, y, z);
        Vec p = curve.point(place);
        double t = curve.share(place);
        // Widens to a knob at the very end, where it was picked.
        double r = Maths.mix(radius, endRadius, t * t * t);
        return Maths.length(x - p.x(), y - p.y(), z - p.z()) - r;
    }

    @Override
    public double relief(double x, double y, double z) {
        return 0.012 * Noise.at(x * 40, y * 12, z * 40);
    }

    @Override
    public Material material(Vec p) {
        double t = curve.share(curve.nearest(p.x(), p.y(), p.z()));
        double grain = 0.85 + 0.3 * Noise.at(p.x() * 25, p.y() * 8, p.z() * 25);
        return new Material(colour.mix(endColour, Maths.step(0.55, 1, t)).times(grain), 0.25, 0.5, 0.1);
    }
}
