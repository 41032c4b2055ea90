package verger.sample;

import java.util.List;

/** A ripe banana: bent, five-edged, freckled, green towards its cut stem and black at its tip. */
final class Banana implements Part {
    private static final double BEND = 1.35;
    private static final double TIP = -1.02;
    private static final double STEM = 1.08;
    private static final Colour YELLOW = Colour.of(0xF2C823);
    private static final Colour RIPE = Colour.of(0xE0A91C);
    private static final Colour GREEN = Colour.of(0xA9AC35);
    private static final Colour BROWN = Colour.of(0x5E3A17);
    private static final Colour BLACK = Colour.of(0x2A1C12);

    static Fruit banana() {
        return new Fruit("Banana", 1.45, 12, 16, List.of(new Banana()));
    }

    @Override
    public double distance(double x, double y, double z) {
        double cx = x + 0.85;
        double a = Maths.clamp(Maths.angle(cx, y), TIP, STEM);
        double px = cx - BEND * Maths.cos(a);
        double py = y - BEND * Maths.sin(a);
        double d = Maths.length(px, py, z);
        double r = radius(a);
        if (d - r > 0.2) {
            return d - r - 0.05;
        }
        double across = px * Maths.cos(a) + py * Maths.sin(a);
        double edges = Tuft.fold5(across, z, Maths.length(across, z));
        return d - r * (1 + 0.045 * edges * Maths.step(0.06, 0.2, r));
    }

    @Override
    public double relief(double x, double y, double z) {
        return 0.004 * Noise.cloud(x * 7, y * 7, z * 7);
    }

    @Override
    public Material material(Vec p) {
        double cx = p.x() + 0.85;
        double a = Maths.angle(cx, p.y());
        double px = cx - BEND * Maths.cos(a);
        double py = p.y() - BEND * Maths.sin(a);
        double across = px * Maths.cos(a) + py * Maths.sin(a);
        double edges = Tuft.fold5(across, p.z(), Maths.length(across, p.z()));
        double mottle = Noise.cloud(p.x() * 3, p.y() * 3, p.z() * 3);
        Colour skin = YELLOW.mix(RIPE, 0.5 + 0.7 * mottle);
        skin = skin.mix(GREEN, 0.75 * Maths.step(0.55, 0.95, a) + 0.5 * Maths.step(-0.75, -0.95, a));
        // Bruised along its edges.
        double ridge = Maths.step(0.93, 1, edges) * Maths.step(-0.1, 0.5, Noise.at(p.x() * 4, p.y() * 4, p.z() * 4 + 9));
        skin = skin.mix(BROWN, 0.55 * ridge);
        double spot =
                Noise.dots(p.x() * 6 + 2, p.y() * 6, p.z() * 6, 0.16) - 0.08 * Noise.at(p.x() * 20, p.y() * 20, p.z() * 20);
        skin = skin.mix(BROWN, 0.8 * Maths.step(0.17, 0.09, spot));
        double freckle = Noise.dots(p.x() * 15, p.y() * 15, p.z() * 15, 0.12);
        skin = skin.mix(BROWN, 0.7 * Maths.step(0.28, 0.14, freckle));
        double ragged = 0.03 * Noise.at(p.x() * 14, p.y() * 14, p.z() * 14);
        skin = skin.mix(BLACK, Maths.step(TIP + 0.09, TIP + 0.03, a + ragged));
        skin = skin.mix(BLACK, 0.9 * Maths.step(STEM - 0.05, STEM - 0.01, a + ragged));
        return new Material(skin, 0.35, 0.42, 0.4);
    }

    private static double radius(double a) {
        double body = 0.315 * Math.sqrt(Math.max(0, 1 - Maths.step(0.1, 1.25, Math.abs(a + 0.1)) * 0.85));
        double toTip = Maths.step(TIP, TIP + 0.30, a);
        double toStem = Maths.step(STEM - 0.22, STEM - 0.50, a);
        double knob = 0.02 * Maths.step(STEM - 0.1, STEM, a);
        return Maths.mix(0.062, body, Math.sqrt(toTip) * toStem) + knob + (1 - toStem) * 0.02;
    }
}
