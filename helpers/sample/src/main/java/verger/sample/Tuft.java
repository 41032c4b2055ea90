package verger.sample;

import java.util.ArrayList;
import java.util.List;

/** Lays out leaves and seeds as plants do. */
final class Tuft {

    private Tuft() {
    }

    /**
     * Leaves in a ring about the y axis, each from (radius, y) outside to (endRadius, endY), bulging half way.
     *
     * @param bulge how far the middle of a leaf rises above the straight line, as a share of its run
     */
    static List<Leaf> ring(int count, double radius, double y, double endRadius, double endY, double width, double bulge) {
        List<Leaf> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double wild = Noise.hash(i, count, 0, 11) - 0.5;
            double a = (i + 0.25 * wild) * Maths.TAU / count;
            double c = Maths.cos(a);
            double s = Maths.sin(a);
            double end = endRadius * (1 + 0.3 * wild);
            double middle = (radius + end) / 2;
            double middleY = (y + endY) / 2 + bulge * (end - radius);
            Vec across = new Vec(-s, 0, c);
            leaves.add(new Leaf(new Vec(c * radius, y, s * radius), new Vec(c * middle, middleY, s * middle),
                    new Vec(c * end, endY + 0.2 * wild * (end - radius), s * end), across, width, 0.55, 0.25));
        }
        return leaves;
    }

    /** Cosine of five times the angle of (x, z), where rho is its length: five lobes. */
    static double fold5(double x, double z, double rho) {
        double c = x / Math.max(rho, 1e-9);
        double c2 = c * c;
        return c * (16 * c2 * c2 - 20 * c2 + 5);
    }

    /** Cosine of four times the angle of (x, z), where rho is its length. */
    static double fold4(double x, double z, double rho) {
        double c = x / Math.max(rho, 1e-9);
        double c2 = c * c;
        return 8 * c2 * (c2 - 1) + 1;
    }

    /** Points on the surface of a body around the y axis, spiralling from bottom to top by the golden angle. */
    static List<Vec> spiral(Part body, int count, double bottom, double top) {
        // Steps of equal area, so that the points lie equally dense at the narrow ends.
        int slices = 200;
        double[] area = new double[slices + 1];
        double[] radius = new double[slices + 1];
        for (int i = 0; i <= slices; i++) {
            radius[i] = radius(body, 1, 0, Maths.mix(bottom, top, (double) i / slices));
            if (i > 0) {
                double slant = Maths.length((top - bottom) / slices, radius[i] - radius[i - 1]);
                area[i] = area[i - 1] + slant * (radius[i] + radius[i - 1]) / 2;
            }
        }
        List<Vec> points = new ArrayList<>();
        int slice = 1;
        for (int i = 0; i < count; i++) {
            double share = area[slices] * (i + 0.5) / count;
            while (area[slice] < share) {
                slice++;
            }
            double y =
                    Maths.mix(bottom, top, (slice - 1 + (share - area[slice - 1]) / (area[slice] - area[slice - 1])) / slices);
            double a = i * Maths.GOLDEN_ANGLE;
            double c = Maths.cos(a);
            double s = Maths.sin(a);
            double r = radius(body, c, s, y);
            points.add(new Vec(c * r, y, s * r));
        }
        return points;
    }

    private static double radius(Part body, double c, double s, double y) {
        double in = 0;
        double out = 2;
        for (int i = 0; i < 40; i++) {
            double r = (in + out) / 2;
            if (body.distance(c * r, y, s * r) < 0) {
                in = r;
            } else {
                out = r;
            }
        }
        return in;
    }
}
