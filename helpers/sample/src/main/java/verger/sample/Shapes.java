package verger.sample;

/** Signed distances to simple solids: negative inside, and never more than the true distance by much. */
final class Shapes {

    private Shapes() {
    }

    static double sphere(double x, double y, double z, double radius) {
        return Maths.length(x, y, z) - radius;
    }

    /** An ellipsoid with half axes a, b, c (Quilez' bound, exact on the surface). */
    static double ellipsoid(double x, double y, double z, double a, double b, double c) {
        double k0 = Maths.length(x / a, y / b, z / c);
        double k1 = Maths.length(x / (a * a), y / (b * b), z / (c * c));
        return k1 < 1e-9 ? -Math.min(a, Math.min(b, c)) : k0 * (k0 - 1) / k1;
    }

    /** A circle of {@code radius} turned about the y axis, its centre {@code off} away from it: dimples at both poles. */
    static double apple(double rho, double y, double off, double radius) {
        return Maths.length(rho - off, y) - radius;
    }

    /** Two balls on the y axis and the cone that wraps them; the distance is exact. */
    static double cone(double rho, double y, double lowY, double lowRadius, double highY, double highRadius) {
        double h = highY - lowY;
        double b = (lowRadius - highRadius) / h;
        double a = Math.sqrt(1 - b * b);
        double up = y - lowY;
        double k = -b * rho + a * up;
        if (k < 0) {
            return Maths.length(rho, up) - lowRadius;
        }
        if (k > a * h) {
            return Maths.length(rho, y - highY) - highRadius;
        }
        return rho * a + up * b - lowRadius;
    }

    /** The union of two solids, its seam filled to about the width {@code k}. */
    static double blend(double d1, double d2, double k) {
        double h = Math.max(k - Math.abs(d1 - d2), 0) / k;
        return Math.min(d1, d2) - h * h * k * 0.25;
    }

    /** What is in both solids, the edge rounded to about the width {@code k}. */
    static double common(double d1, double d2, double k) {
        return -blend(-d1, -d2, k);
    }
}
