package verger.sample;

import java.util.List;

/** An eggplant: waxed dark purple, drop-shaped and a little bent, under a green cap with a thick stalk. */
final class Eggplant implements Part {
    private static final Colour PURPLE = Colour.of(0x451048);
    private static final Colour DARK = Colour.of(0x1F0726);

    static Fruit eggplant() {
        Eggplant body = new Eggplant();
        Stem stalk = new Stem(new Vec(0.13, 1.0, 0), new Vec(0.2, 1.35, 0), new Vec(0.38, 1.52, 0.05), 0.115, 0.15,
                Colour.of(0x6F8A3A), Colour.of(0x8A8A4A));
        return new Fruit("Eggplant", 1.75, 14, 28, List.of(body, body.new Cap(), stalk));
    }

    @Override
    public double distance(double x, double y, double z) {
        double bx = x - 0.12 * y * y + 0.04;
        double rho = Maths.length(bx, z);
        if (Maths.length(bx, y, z) - 1.45 > 0.3) {
            return Maths.length(bx, y, z) - 1.45;
        }
        double low = Shapes.ellipsoid(bx, y + 0.52, z, 0.74, 0.76, 0.74);
        double high = Shapes.cone(rho, y, -0.4, 0.56, 0.85, 0.33);
        return Shapes.blend(low, high, 0.35);
    }

    @Override
    public Material material(Vec p) {
        double streak = Noise.cloud(p.x() * 5, p.y() * 0.8, p.z() * 5);
        Colour skin = PURPLE.mix(DARK, 0.4 + 0.8 * streak);
        // Paler just below the cap, where the sun has not reached.
        skin = skin.mix(Colour.of(0x7A4A78), 0.7 * Maths.step(0.62, 0.85, p.y()));
        return new Material(skin, 0.95, 0.09, 0.1);
    }

    /** The green cap: a shell over the shoulder, cut into five points. */
    private final class Cap implements Part {
        private static final Colour GREEN = Colour.of(0x5F7F35);
        private static final Colour PALE = Colour.of(0x93A552);

        @Override
        public double distance(double x, double y, double z) {
            double d = Eggplant.this.distance(x, y, z);
            if (d > 0.2) {
                return d - 0.06;
            }
            return Shapes.common(d - 0.045, (hem(x, y, z) - y) * 0.35, 0.03);
        }

        private double hem(double x, double y, double z) {
            double turn = (Maths.angle(x - 0.12 * y * y, z) / Maths.TAU + 1) * 5;
            double tooth = Math.abs(turn - Math.floor(turn) - 0.5) * 2;
            return 0.92 - 0.55 * (1 - tooth) * (1 - tooth) - 0.12 * (1 - tooth) + 0.05 * Noise.at(x * 6, y * 6, z * 6);
        }

        @Override
        public double relief(double x, double y, double z) {
            return 0.01 * Noise.cloud(x * 12, y * 3, z * 12);
        }

        @Override
        public Material material(Vec p) {
            double grain = Noise.cloud(p.x() * 9, p.y() * 2, p.z() * 9);
            return new Material(GREEN.mix(PALE, 0.35 + 0.7 * grain), 0.3, 0.45, 0.25);
        }
    }
}
