package verger.sample;

import java.util.List;

/** A tomato: flat, ribbed at the shoulder, glossy, with a green star and a short stalk. */
final class Tomato implements Part {
    private static final Colour RED = Colour.of(0xD8230F);
    private static final Colour ORANGE = Colour.of(0xE5481A);
    private static final Colour DEEP = Colour.of(0xAE1409);

    static Fruit tomato() {
        Leaves star = new Leaves(Tuft.ring(6, 0.02, 0.62, 0.72, 0.82, 0.095, 0.10),
                Colour.of(0x6A8E36), Colour.of(0x3C6A24), Colour.of(0x4C7A2C));
        Stem stalk = new Stem(new Vec(0, 0.55, 0), new Vec(0, 0.85, 0), new Vec(0.16, 1.06, 0.03), 0.06, 0.085,
                Colour.of(0x5E8434), Colour.of(0x7A8A4A));
        return new Fruit("Tomato 1", 1.25, 6, 62, List.of(new Tomato(), star, stalk));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1.15;
        if (rough > 0.2) {
            return rough;
        }
        double rho = Maths.length(x, z);
        double ribs = 0.5 * Tuft.fold5(x, z, rho)
                + 0.5 * Tuft.fold4(z + 0.1 * x, x, Math.max(Maths.length(z + 0.1 * x, x), 1e-9));
        double rib = 0.035 * ribs * Maths.step(-0.5, 0.5, y) * Maths.step(0.05, 0.4, rho);
        double hollow = Maths.mix(0.38, 0.16, Maths.step(0, -0.7, y));
        double d = Shapes.apple(rho - rib, y * Maths.mix(0.93, 1.12, Maths.step(0, -0.7, y)), hollow, 1.06 - hollow);
        return d + 0.17 * Maths.bell(rho, 0.30) * Maths.step(0, 0.4, y)
                + 0.03 * Maths.bell(rho, 0.1) * Maths.step(0, -0.4, y) + 0.012 * Noise.at(x * 1.5, y * 1.5, z * 1.5);
    }

    @Override
    public Material material(Vec p) {
        double cloud = Noise.cloud(p.x() * 1.7 + 5, p.y() * 1.7, p.z() * 1.7);
        double rho = Maths.length(p.x(), p.z());
        Colour skin = RED.mix(DEEP, 0.3 + 0.8 * cloud).mix(ORANGE, 0.8 * Maths.step(0.2, 0.65, p.y() + 0.3 * cloud));
        skin = skin.mix(Colour.of(0xC98A3A), 0.6 * Maths.bell(rho, 0.18) * Maths.step(0, 0.3, p.y()));
        if (p.y() < 0) {
            skin = skin.mix(Colour.of(0x7A5A2A), Maths.step(0.05, 0.02, rho));
        }
        return new Material(skin, 1.0, 0.07, 0.5);
    }
}
