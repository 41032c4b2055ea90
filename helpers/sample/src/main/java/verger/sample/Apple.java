package verger.sample;

import java.util.List;

/** A Braeburn: red flames over yellow-green, pale specks, a dimple with a stem. */
final class Apple implements Part {
    private static final Colour GREEN = Colour.of(0xBDB148);
    private static final Colour YELLOW = Colour.of(0xD9A648);
    private static final Colour RED = Colour.of(0xA81A1E);
    private static final Colour DEEP = Colour.of(0x7A0E14);
    private static final Colour SPECK = Colour.of(0xE9C58F);
    private static final Colour RUSSET = Colour.of(0x8F7A35);

    static Fruit braeburn() {
        Colour wood = Colour.of(0x6B4A2A);
        Stem stem = new Stem(new Vec(0, 0.35, 0), new Vec(0.02, 0.8, 0.02), new Vec(0.14, 1.10, 0.05), 0.042, 0.07,
                wood, Colour.of(0x4A3320));
        Leaves calyx = new Leaves(
                Tuft.ring(5, 0.05, -0.62, 0.14, -0.80, 0.05, 0.6), Colour.of(0x6B5A33), Colour.of(0x3A2C1B),
                Colour.of(0x4A3A22));
        return new Fruit("Apple Braeburn", 1.3, 0, 68, List.of(new Apple(), stem, calyx));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rough = Maths.length(x, y, z) - 1.2;
        if (rough > 0.2) {
            return rough;
        }
        double rho = Maths.length(x, z);
        double taper = 1 - 0.15 * Maths.clamp(-y, -0.5, 1);
        double fold = Tuft.fold5(x, z, rho);
        double lobes = 0.03 * fold * Maths.step(0.2, -0.7, y) + 0.035 * Noise.at(x * 1.3 + 3, y * 1.2, z * 1.3);
        // Five low humps about the dimple, not an even rim.
        double humps = (0.025 * fold + 0.05 * Noise.at(x * 1.6 + 9, 0, z * 1.6))
                * Maths.bell(rho - 0.4, 0.3) * Maths.step(0.2, 0.6, y);
        double d = Shapes.apple(rho / taper - lobes, y * 0.83, 0.35, 0.70) - humps;
        return d + 0.30 * Maths.bell(rho, 0.27) * Maths.step(0, 0.4, y) + 0.20 * Maths.bell(rho, 0.22) * Maths.step(0, -0.4, y);
    }

    @Override
    public Material material(Vec p) {
        double rho = Math.max(Maths.length(p.x(), p.z()), 1e-6);
        double cx = p.x() / rho;
        double cz = p.z() / rho;
        double sunny = 0.75 * cx + 0.25 * cz + 0.25 * p.y() + 0.45 * Noise.cloud(p.x() * 1.3 + 8, p.y() * 1.3, p.z() * 1.3);
        double flames = Noise.cloud(cx * 9, p.y() * 1.1 + 4, cz * 9) + 0.5 * Noise.at(cx * 24, p.y() * 1.6, cz * 24);
        double red = Maths.step(-0.95, -0.05, sunny + 0.22 * flames);
        Colour skin = GREEN.mix(YELLOW, 0.8 + sunny).mix(RED, red).mix(RED, 0.35 * Maths.step(0.0, 0.6, flames));
        skin = skin.mix(DEEP, 0.8 * Maths.step(0.0, 1.2, sunny + 0.4 * flames));
        double bowl = Maths.bell(rho, 0.22);
        skin = skin.mix(p.y() > 0 ? RUSSET : GREEN, 0.85 * bowl);
        double speck = Noise.dots(p.x() * 12, p.y() * 12, p.z() * 12, 0.4);
        skin = skin.mix(SPECK, 0.4 * Maths.step(0.26, 0.12, speck));
        return new Material(skin, 0.55, 0.27, 0.35);
    }
}
