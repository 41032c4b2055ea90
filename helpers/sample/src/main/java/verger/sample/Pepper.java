package verger.sample;

import java.util.List;

/** A green bell pepper: four waxed lobes about a sunken, thick stalk. */
final class Pepper implements Part {
    private static final Colour GREEN = Colour.of(0x2F7A1C);
    private static final Colour LIGHT = Colour.of(0x5C9A2A);
    private static final Colour DARK = Colour.of(0x1C5216);

    static Fruit green() {
        Stem stalk = new Stem(new Vec(0, 0.45, 0), new Vec(0.0, 0.95, 0.02), new Vec(0.26, 1.28, 0.1), 0.11, 0.15,
                Colour.of(0x6F9A3C), Colour.of(0xA9B06A));
        Leaves star = new Leaves(Tuft.ring(6, 0.02, 0.66, 0.34, 0.70, 0.13, 0.12),
                Colour.of(0x6A963A), Colour.of(0x4E8430), Colour.of(0x4E8430));
        return new Fruit("Pepper Green", 1.45, 5, 62, List.of(new Pepper(), star, stalk));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1.4;
        if (rough > 0.2) {
            return rough;
        }
        double rho = Maths.length(x, z);
        double lobes = Tuft.fold4(x + 0.05 * y, z, Math.max(Maths.length(x + 0.05 * y, z), 1e-9));
        // Valleys between the lobes are narrower than the lobes.
        double valley = Maths.step(-0.1, -1, lobes);
        double taper = 1 - 0.20 * Maths.step(0.5, -1.1, y);
        double bulge = rho / taper + (0.12 * valley - 0.04 * lobes) * Maths.step(0.05, 0.45, rho)
                * (1 + 0.4 * Maths.step(0.2, -0.9, y));
        double d = Shapes.apple(Math.max(bulge, 0), y * 0.66, 0.36, 0.52);
        d = d + 0.30 * Maths.bell(rho, 0.30) * Maths.step(0.1, 0.5, y)
                + 0.22 * Maths.bell(rho, 0.22) * Maths.step(-0.3, -0.7, y);
        return d + 0.03 * Noise.at(x * 1.8, y * 1.3, z * 1.8 + 4);
    }

    @Override
    public Material material(Vec p) {
        double cloud = Noise.cloud(p.x() * 1.6, p.y() * 1.2, p.z() * 1.6 + 2);
        Colour skin = GREEN.mix(LIGHT, 0.3 + 0.9 * cloud).mix(DARK, 0.5 * Maths.step(0.1, 0.9, -cloud));
        return new Material(skin, 0.9, 0.12, 0.35);
    }
}
