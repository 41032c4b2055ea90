package verger.sample;

import java.util.List;

/** A watermelon: a long ball with jagged dark stripes from pole to pole. */
final class Watermelon implements Part {
    private static final Colour LIGHT = Colour.of(0x8FAE52);
    private static final Colour PALE = Colour.of(0xB5C46E);
    private static final Colour DARK = Colour.of(0x1F4A20);
    private static final Colour GROUND = Colour.of(0xDCC878);
    private static final int STRIPES = 11;

    static Fruit watermelon() {
        Stem tendril = new Stem(new Vec(0, 1.0, 0), new Vec(0.02, 1.2, 0), new Vec(0.2, 1.26, 0.06), 0.045, 0.05,
                Colour.of(0x6F7F3A), Colour.of(0x7A6A3A));
        return new Fruit("Watermelon", 1.35, 55, 30, List.of(new Watermelon(), tendril));
    }

    @Override
    public double distance(double x, double y, double z) {
        double rho = Maths.length(x, z);
        return Shapes.ellipsoid(x, y, z, 0.86, 1.08, 0.86) + 0.05 * Maths.bell(rho, 0.1) * Maths.step(0.5, 1, Math.abs(y))
                + 0.012 * Noise.at(x * 1.6, y * 1.6, z * 1.6);
    }

    @Override
    public Material material(Vec p) {
        double rho = Maths.length(p.x(), p.z());
        double ragged = 0.20 * Noise.at(p.x() * 5, p.y() * 6, p.z() * 5) + 0.16 * Noise.at(p.x() * 11, p.y() * 13, p.z() * 11)
                + 0.10 * Noise.at(p.x() * 23, p.y() * 26, p.z() * 23);
        double turn = Maths.angle(p.x(), p.z()) / Maths.TAU * STRIPES + 0.25 * Noise.at(p.x() * 2, p.y() * 1.5, p.z() * 2);
        double wave = Math.abs(turn - Math.floor(turn) - 0.5) * 2 + ragged;
        double stripe = Maths.step(0.62, 0.42, wave);
        double veins = Maths.step(0.30, 0.02, Math.abs(Noise.cloud(p.x() * 6, p.y() * 3.5, p.z() * 6)));
        Colour skin = LIGHT.mix(PALE, 0.5 + 0.7 * Noise.cloud(p.x() * 4, p.y() * 4, p.z() * 4))
                .mix(DARK, 0.28 * veins).mix(DARK, stripe);
        skin = skin.mix(DARK, 0.5 * Maths.bell(rho, 0.12));
        double ground = Maths.step(0.55, 0.85, -p.z() - 0.25 * Math.abs(p.y()) + 0.1 * ragged);
        return new Material(skin.mix(GROUND, 0.75 * ground), 0.6, 0.2, 0.15);
    }
}
