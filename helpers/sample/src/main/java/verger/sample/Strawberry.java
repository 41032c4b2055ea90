package verger.sample;

import java.util.ArrayList;
import java.util.List;

/** A strawberry: a glossy red cone with yellow seeds in pits, under a collar of leaves. */
final class Strawberry implements Part {
    private static final Colour RED = Colour.of(0xC8141C);
    private static final Colour DEEP = Colour.of(0x9A0A14);
    private static final Colour PALE = Colour.of(0xE8896A);
    private static final Colour SEED = Colour.of(0xE3B64A);

    private final Scatter seeds;

    private Strawberry() {
        seeds = new Scatter(Tuft.spiral(new Flesh(), 150, -1.05, 0.80), 0.14);
    }

    static Fruit strawberry() {
        List<Leaf> collar = new ArrayList<>(Tuft.ring(9, 0.02, 0.86, 0.72, 0.68, 0.15, 0.30));
        collar.addAll(Tuft.ring(6, 0.02, 0.87, 0.50, 1.10, 0.12, 0.15));
        Leaves leaves = new Leaves(collar, Colour.of(0x6F9A3A), Colour.of(0x3F7A2A), Colour.of(0x4F8A32));
        Stem stalk = new Stem(new Vec(0, 0.8, 0), new Vec(0, 1.1, 0), new Vec(0.14, 1.32, 0.04), 0.05, 0.06,
                Colour.of(0x7FA548), Colour.of(0x8A9A50));
        return new Fruit("Strawberry", 1.5, 6, 58, List.of(new Strawberry(), leaves, stalk));
    }

    @Override
    public double distance(double x, double y, double z) {
        double flesh = Flesh.flesh(x, y, z);
        if (flesh > 0.2) {
            return flesh - 0.02;
        }
        Scatter.Near near = seeds.near(x, y, z);
        return flesh + 0.045 * Maths.bell(near.first(), 0.055) - 0.03 * Maths.step(0.036, 0.012, near.first());
    }

    @Override
    public Material material(Vec p) {
        Scatter.Near near = seeds.near(p.x(), p.y(), p.z());
        double cloud = Noise.cloud(p.x() * 2.5, p.y() * 2.5, p.z() * 2.5);
        Colour skin = RED.mix(DEEP, 0.4 + 0.7 * cloud);
        skin = skin.mix(PALE, 0.7 * Maths.step(0.62, 0.86, p.y() + 0.08 * cloud));
        skin = skin.mix(DEEP, 0.6 * Maths.bell(near.first(), 0.05));
        double seed = Maths.step(0.042, 0.026, near.first());
        return new Material(skin.mix(SEED, seed), Maths.mix(0.85, 0.4, seed), 0.18, 0.5);
    }

    /** The fruit without its pits. */
    private static final class Flesh implements Part {

        static double flesh(double x, double y, double z) {
            double rho = Maths.length(x, z * 1.08);
            double d = Shapes.cone(rho, -y, -0.22, 0.88, 0.86, 0.24);
            double shoulder = Shapes.common(d, y - 0.86, 0.35);
            return shoulder + 0.025 * Noise.at(x * 2, y * 2, z * 2 + 11);
        }

        @Override
        public double distance(double x, double y, double z) {
            return flesh(x, y, z);
        }

        @Override
        public Material material(Vec p) {
            throw new UnsupportedOperationException("the flesh lies under the skin");
        }
    }
}
