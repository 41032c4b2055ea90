package verger.sample;

import java.util.List;

/** A tuft of leaves of one kind. */
final class Leaves implements Part {
    private final List<Leaf> leaves;
    private final Vec centre;
    private final double reach;
    private final Colour base;
    private final Colour tip;
    private final Colour edge;

    Leaves(List<Leaf> leaves, Colour base, Colour tip, Colour edge) {
        this.leaves = List.copyOf(leaves);
        Vec sum = new Vec(0, 0, 0);
        for (Leaf leaf : leaves) {
            sum = sum.plus(leaf.centre());
        }
        this.centre = sum.times(1.0 / leaves.size());
        double far = 0;
        for (Leaf leaf : leaves) {
            far = Math.max(far, leaf.centre().minus(centre).length() + leaf.reach());
        }
        this.reach = far;
        this.base = base;
        this.tip = tip;
        this.edge = edge;
    }

    @Override
    public double distance(double x, double y, double z) {
        return nearer(x, y, z, Double.MAX_VALUE);
    }

    @Override
    public double nearer(double x, double y, double z, double limit) {
        double all = Maths.length(x - centre.x(), y - centre.y(), z - centre.z()) - reach;
        if (all > 0.25) {
            return Math.min(limit, all);
        }
        double nearest = limit;
        for (Leaf leaf : leaves) {
            double far = leaf.atLeast(x, y, z);
            if (far < nearest) {
                nearest = Math.min(nearest, far > 0.15 ? far : leaf.distance(x, y, z));
            }
        }
        return nearest;
    }

    @Override
    public Material material(Vec p) {
        Leaf leaf = nearest(p);
        double t = leaf.along(p);
        double u = leaf.across(p);
        double vein = Maths.bell(u, 0.15) * 0.3;
        double grain = 1 + 0.25 * Noise.cloud(p.x() * 9, p.y() * 9, p.z() * 9);
        Colour colour = base.mix(tip, t * t).mix(edge, Maths.step(0.6, 1, u) * 0.6).times(grain * (1 + vein));
        return new Material(colour, 0.35, 0.4, 0.3);
    }

    private Leaf nearest(Vec p) {
        Leaf best = leaves.get(0);
        double nearest = Double.MAX_VALUE;
        for (Leaf leaf : leaves) {
            double d = leaf.distance(p.x(), p.y(), p.z());
            if (d < nearest) {
                nearest = d;
                best = leaf;
            }
        }
        return best;
    }
}
