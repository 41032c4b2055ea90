package verger.sample;

import java.util.ArrayList;
import java.util.List;

/** A pineapple: spiny eyes in two spirals under a crown of stiff leaves. */
final class Pineapple implements Part {
    private static final Colour OCHRE = Colour.of(0xCB8420);
    private static final Colour ORANGE = Colour.of(0xE09A24);
    private static final Colour GREEN = Colour.of(0x7C7A35);
    private static final Colour BROWN = Colour.of(0x4E3216);
    private static final Colour PALE = Colour.of(0xD8BE86);

    private final Scatter eyes;

    private Pineapple() {
        eyes = new Scatter(Tuft.spiral(new Core(), 112, -1.24, 0.46), 0.46);
    }

    static Fruit pineapple() {
        List<Leaf> leaves = new ArrayList<>();
        int count = 40;
        for (int i = 0; i < count; i++) {
            double t = (i + 0.5) / count;
            double wild = Noise.hash(i, 3, 0, 12) - 0.5;
            double a = i * Maths.GOLDEN_ANGLE + 0.3 * wild;
            double c = Maths.cos(a);
            double s = Maths.sin(a);
            // The first leaves are the outer ones, short and bent out; the last stand straight.
            double out = Maths.mix(0.62, 0.10, t) * (1 + 0.4 * wild);
            double high = Maths.mix(0.45, 1.18, Math.sqrt(t)) * (1 + 0.2 * wild);
            double root = 0.20 * (1 - t);
            Vec from = new Vec(c * root, 0.40 + 0.1 * t, s * root);
            Vec by = new Vec(c * (root + out * 0.45), 0.50 + high * 0.72, s * (root + out * 0.45));
            Vec to = new Vec(c * (root + out), 0.48 + high * (0.82 + 0.18 * t), s * (root + out));
            leaves.add(new Leaf(from, by, to, new Vec(-s, 0, c), 0.10, 0.9, 0.7));
        }
        Leaves crown = new Leaves(leaves, Colour.of(0x8FA35A), Colour.of(0x47703F), Colour.of(0x3C6238));
        return new Fruit("Pineapple", 1.95, 3, 35, List.of(new Pineapple(), crown));
    }

    @Override
    public double distance(double x, double y, double z) {
        double core = Core.core(x, y, z);
        if (core > 0.3) {
            return core - 0.16;
        }
        return core - height(x, y, z);
    }

    @Override
    public double relief(double x, double y, double z) {
        return 0.012 * Noise.cloud(x * 16, y * 16, z * 16);
    }

    private double height(double x, double y, double z) {
        Scatter.Near near = eyes.near(x, y, z);
        double edge = near.second() - near.first();
        return 0.085 * Maths.step(0, 0.16, edge) + 0.075 * Maths.bell(near.first(), 0.045);
    }

    @Override
    public Material material(Vec p) {
        Scatter.Near near = eyes.near(p.x(), p.y(), p.z());
        double edge = near.second() - near.first();
        double grain = Noise.cloud(p.x() * 10, p.y() * 10, p.z() * 10);
        double own = near.index() < 0 ? 0.5 : Noise.hash(near.index(), 0, 0, 13);
        Colour skin = OCHRE.mix(ORANGE, own).mix(GREEN, Maths.step(0.3, 1.1, own * 0.6 + 0.5 * p.y() + 0.4));
        skin = skin.times(0.95 + 0.35 * grain);
        skin = skin.mix(BROWN, 0.95 * Maths.step(0.085, 0.02, edge));
        // A withered bract lies on the upper half of every eye and ends in the spine.
        if (near.index() >= 0) {
            Vec m = eyes.mark(near.index());
            double below = m.y() - p.y();
            double bract = Maths.step(0.17, 0.06, near.first()) * Maths.step(0.03, -0.05, below);
            skin = skin.mix(PALE, 0.35 * bract);
            skin = skin.mix(BROWN, 0.9 * Maths.step(0.06, 0.025, near.first()));
        }
        return new Material(skin, 0.25, 0.45, 0.2);
    }

    /** The smooth barrel on which the eyes sit. */
    private static final class Core implements Part {

        static double core(double x, double y, double z) {
            double rho = Maths.length(x, z);
            return Shapes.blend(Shapes.ellipsoid(x, y + 0.40, z, 0.74, 0.96, 0.74),
                    Shapes.cone(rho, y, -0.92, 0.44, 0.10, 0.44), 0.2);
        }

        @Override
        public double distance(double x, double y, double z) {
            return core(x, y, z);
        }

        @Override
        public Material material(Vec p) {
            throw new UnsupportedOperationException("the core lies under the eyes");
        }
    }
}
