package verger.sample;

/** A colour in linear light, 0 for black and 1 for white in each channel; light sources may exceed 1. */
record Colour(double r, double g, double b) {

    static final Colour BLACK = new Colour(0, 0, 0);

    /** The colour written as sRGB {@code 0xRRGGBB}. */
    static Colour of(int rgb) {
        return new Colour(linear(rgb >> 16 & 255), linear(rgb >> 8 & 255), linear(rgb & 255));
    }

    Colour plus(Colour o) {
        return new Colour(r + o.r, g + o.g, b + o.b);
    }

    Colour times(double s) {
        return new Colour(r * s, g * s, b * s);
    }

    Colour times(Colour o) {
        return new Colour(r * o.r, g * o.g, b * o.b);
    }

    /** This colour at {@code t} = 0, {@code o} at {@code t} = 1; {@code t} is clamped. */
    Colour mix(Colour o, double t) {
        double u = Maths.clamp(t, 0, 1);
        return new Colour(r + (o.r - r) * u, g + (o.g - g) * u, b + (o.b - b) * u);
    }

    // IEC 61966-2-1
    private static double linear(int level) {
        double c = level / 255.0;
        return c <= 0.04045 ? c / 12.92 : StrictMath.pow((c + 0.055) / 1.055, 2.4);
    }
}
