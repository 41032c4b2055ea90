package verger.sample;

import java.util.List;

/** A lemon: pointed at both ends, pored, bright yellow. */
final class Lemon implements Part {
    private static final Colour YELLOW = Colour.of(0xF6D21F);
    private static final Colour PALE = Colour.of(0xF3DE5A);
    private static final Colour GREEN = Colour.of(0xB9BC3C);

    static Fruit lemon() {
        Stem button = new Stem(new Vec(0, -0.98, 0), new Vec(0, -1.06, 0), new Vec(0.01, -1.1, 0), 0.07, 0.09,
                Colour.of(0x7A8A3A), Colour.of(0x6A5A32));
        return new Fruit("Lemon", 1.3, 58, 25, List.of(new Lemon(), button));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1.25;
        if (rough > 0.2) {
            return rough;
        }
        double rho = Maths.length(x, z);
        double body = Shapes.ellipsoid(x, y, z, 0.76, 0.96, 0.76);
        double nipple = Shapes.cone(rho, y, 0.6, 0.30, 1.08, 0.10);
        double neck = Shapes.cone(rho, -y, 0.6, 0.30, 0.94, 0.15);
        double d = Shapes.blend(Shapes.blend(body, nipple, 0.28), neck, 0.24);
        return d + 0.02 * Noise.at(x * 2.2, y * 2.2, z * 2.2 + 5);
    }

    @Override
    public double relief(double x, double y, double z) {
        double pore = Noise.dots(x * 13, y * 13, z * 13, 0.8);
        return -0.011 * Maths.bell(pore, 0.3) + 0.012 * Noise.at(x * 5, y * 5, z * 5);
    }

    @Override
    public Material material(Vec p) {
        double mottle = Noise.cloud(p.x() * 2.5, p.y() * 2.5, p.z() * 2.5);
        Colour skin = YELLOW.mix(PALE, 0.4 + 0.8 * mottle);
        skin = skin.mix(GREEN, 0.65 * Maths.step(0.85, 1.15, Math.abs(p.y())));
        return new Material(skin, 0.5, 0.3, 0.5);
    }
}
