package verger.sample;

import java.util.List;

/** An orange: a pored ball with the green star of its stalk. */
final class Orange implements Part {
    private static final Colour ORANGE = Colour.of(0xEE7606);
    private static final Colour LIGHT = Colour.of(0xF59016);

    static Fruit orange() {
        Stem button = new Stem(new Vec(0, 0.84, 0), new Vec(0, 0.92, 0), new Vec(0.01, 0.955, 0), 0.06, 0.075,
                Colour.of(0x7C8A44), Colour.of(0x9A9668));
        Leaves star = new Leaves(Tuft.ring(5, 0.0, 0.92, 0.17, 0.925, 0.075, 0.05),
                Colour.of(0x66783A), Colour.of(0x4E6230), Colour.of(0x4E6230));
        return new Fruit("Orange", 1.12, 22, 60, List.of(new Orange(), star, button));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1.05;
        if (rough > 0.2) {
            return rough;
        }
        double rho = Maths.length(x, z);
        double d = Shapes.ellipsoid(x, y, z, 1, 0.955, 1) + 0.012 * Noise.at(x * 1.7, y * 1.7, z * 1.7);
        double crease = Tuft.fold5(x, z, rho) * Maths.bell(rho - 0.2, 0.14) * 0.02;
        double top = (0.05 * Maths.bell(rho, 0.16) + crease) * Maths.step(0.3, 0.8, y);
        double navel = 0.09 * Maths.bell(rho, 0.06) * Maths.step(-0.3, -0.8, y)
                - 0.02 * Maths.bell(rho - 0.13, 0.05) * Maths.step(-0.3, -0.8, y);
        return d + top + navel;
    }

    @Override
    public double relief(double x, double y, double z) {
        double pore = Noise.dots(x * 15, y * 15, z * 15, 0.85);
        return -0.012 * Maths.bell(pore, 0.3) + 0.008 * Noise.at(x * 6, y * 6, z * 6);
    }

    @Override
    public Material material(Vec p) {
        double mottle = Noise.cloud(p.x() * 2, p.y() * 2, p.z() * 2 + 3);
        double pore = Noise.dots(p.x() * 15, p.y() * 15, p.z() * 15, 0.85);
        Colour skin = ORANGE.mix(LIGHT, 0.4 + 0.8 * mottle).times(1 - 0.12 * Maths.bell(pore, 0.25));
        double rho = Maths.length(p.x(), p.z());
        if (p.y() < 0) {
            skin = skin.mix(Colour.of(0x8A5A20), 0.8 * Maths.step(0.08, 0.03, rho));
        }
        return new Material(skin, 0.5, 0.26, 0.5);
    }
}
