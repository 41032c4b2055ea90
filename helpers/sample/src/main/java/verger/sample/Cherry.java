package verger.sample;

import java.util.List;

/** A dark red cherry on its long stalk. */
final class Cherry implements Part {
    private static final Colour RED = Colour.of(0x9A0C1A);
    private static final Colour DARK = Colour.of(0x520610);
    private static final Colour BRIGHT = Colour.of(0xB4141F);

    static Fruit cherry() {
        Stem stalk = new Stem(new Vec(0, 0.45, 0), new Vec(0.02, 1.3, 0.05), new Vec(0.62, 1.95, 0.18), 0.038, 0.085,
                Colour.of(0x7E9A3C), Colour.of(0x6A4A2C));
        return new Fruit("Cherry 1", 2.1, 6, 40, List.of(new Cherry(), stalk));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1;
        if (rough > 0.2) {
            return rough;
        }
        double rho = Maths.length(x, z * 1.04);
        double taper = 1 - 0.09 * Maths.clamp(-y, -0.4, 0.9);
        double d = Shapes.apple(rho / taper, y * 0.94, 0.17, 0.75);
        // The seam down one side.
        double seam = 0.010 * Maths.bell(z, 0.07) * Maths.step(0, 0.4, x);
        return d + seam + 0.22 * Maths.bell(rho, 0.22) * Maths.step(0.1, 0.5, y)
                + 0.03 * Maths.bell(rho, 0.08) * Maths.step(0, -0.5, y);
    }

    @Override
    public Material material(Vec p) {
        double mottle = Noise.cloud(p.x() * 2.2, p.y() * 2.2, p.z() * 2.2);
        Colour skin = RED.mix(DARK, 0.45 + 0.7 * mottle).mix(BRIGHT, 0.6 * Maths.step(0.1, 0.9, p.z() + 0.4 * mottle));
        double speck = Noise.dots(p.x() * 13, p.y() * 13, p.z() * 13, 0.3);
        skin = skin.mix(BRIGHT.mix(Colour.of(0xE08060), 0.5), 0.4 * Maths.step(0.22, 0.1, speck));
        if (Maths.length(p.x(), p.z()) < 0.07 && p.y() < 0) {
            skin = Colour.of(0x6A4A2C);
        }
        return new Material(skin, 1.0, 0.06, 0.55);
    }
}
