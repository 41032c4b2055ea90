package verger.sample;

import java.util.List;

/** A pear: yellow-green with russet specks and a faint blush, a long neck and a stem. */
final class Pear implements Part {
    private static final Colour GREEN = Colour.of(0xB9BE48);
    private static final Colour YELLOW = Colour.of(0xDDC75A);
    private static final Colour BLUSH = Colour.of(0xC98442);
    private static final Colour RUSSET = Colour.of(0x8A6A30);

    static Fruit pear() {
        Stem stem = new Stem(new Vec(0.05, 0.95, 0), new Vec(0.04, 1.25, 0), new Vec(0.24, 1.50, 0.06), 0.048, 0.085,
                Colour.of(0x5E4426), Colour.of(0x3E2A18));
        Leaves calyx = new Leaves(Tuft.ring(5, 0.03, -1.02, 0.14, -1.12, 0.05, 0.4),
                Colour.of(0x4A3A22), Colour.of(0x2E2216), Colour.of(0x3A2C1B));
        return new Fruit("Pear", 1.65, 4, 48, List.of(new Pear(), stem, calyx));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1.3;
        if (rough > 0.2) {
            return rough;
        }
        double bx = x - 0.07 * Maths.step(0, 1.1, y);
        double low = Shapes.ellipsoid(bx, y + 0.36, z, 0.80, 0.74, 0.80);
        double high = Shapes.ellipsoid(bx, y - 0.62, z, 0.35, 0.46, 0.35);
        double rho = Maths.length(bx, z);
        double d = Shapes.blend(low, high, 0.62) + 0.018 * Noise.at(x * 2, y * 2, z * 2);
        return d + 0.1 * Maths.bell(rho, 0.13) * Maths.step(-0.5, -0.9, y)
                + 0.08 * Maths.bell(rho, 0.08) * Maths.step(0.7, 1, y);
    }

    @Override
    public double relief(double x, double y, double z) {
        return 0.006 * Noise.cloud(x * 6, y * 6, z * 6);
    }

    @Override
    public Material material(Vec p) {
        double cloud = Noise.cloud(p.x() * 1.5 + 6, p.y() * 1.5, p.z() * 1.5);
        Colour skin = GREEN.mix(YELLOW, 0.45 + 0.8 * cloud);
        skin = skin.mix(BLUSH, 0.7 * Maths.step(0.15, 0.85, p.x() + 0.4 * cloud - 0.2 * p.y()));
        double rho = Maths.length(p.x(), p.z());
        double ends = 0.8 * Maths.bell(rho, 0.2) * Maths.step(0.75, 1.05, Math.abs(p.y()));
        double patch = Maths.step(0.35, 0.8, Noise.cloud(p.x() * 3, p.y() * 3 + 7, p.z() * 3));
        skin = skin.mix(RUSSET, Math.max(ends, 0.45 * patch));
        double speck = Noise.dots(p.x() * 12, p.y() * 12, p.z() * 12, 0.55);
        skin = skin.mix(RUSSET, 0.75 * Maths.step(0.24, 0.1, speck));
        return new Material(skin, 0.4, 0.35, 0.4);
    }
}
