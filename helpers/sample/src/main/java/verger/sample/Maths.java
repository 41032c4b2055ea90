package verger.sample;

/** The few functions that shapes and textures share; only operations that give the same bits on every machine. */
final class Maths {
    static final double TAU = 2 * Math.PI;
    /** The angle between neighbours in a sunflower, a pine cone, a pineapple: 137.5 degrees. */
    static final double GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

    private Maths() {
    }

    static double clamp(double v, double low, double high) {
        return v < low ? low : Math.min(v, high);
    }

    static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }

    /** 0 up to {@code from}, 1 beyond {@code to}, smooth between; {@code from} may be the larger. */
    static double step(double from, double to, double v) {
        double t = clamp((v - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    /** A bell around 0 with the given width: 1 in the middle, no exponential needed. */
    static double bell(double v, double width) {
        double q = v / width;
        double s = 1 / (1 + q * q);
        return s * s;
    }

    static double length(double a, double b) {
        return Math.sqrt(a * a + b * b);
    }

    static double length(double a, double b, double c) {
        return Math.sqrt(a * a + b * b + c * c);
    }

    static double sin(double a) {
        return StrictMath.sin(a);
    }

    static double cos(double a) {
        return StrictMath.cos(a);
    }

    /** The angle of (x, z) around the vertical axis, -pi to pi. */
    static double angle(double x, double z) {
        return StrictMath.atan2(z, x);
    }
}
