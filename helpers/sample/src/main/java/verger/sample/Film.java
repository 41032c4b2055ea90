package verger.sample;

/** Turns light into sRGB, rolling off softly before white as film does. */
final class Film {
    private static final double SHOULDER = 0.7;
    static final Colour WHITE = new Colour(1, 1, 1);

    private static final double[] CURVE = new double[4097];

    static {
        for (int i = 0; i < CURVE.length; i++) {
            double c = i / 4096.0;
            // IEC 61966-2-1
            CURVE[i] = c <= 0.0031308 ? 12.92 * c : 1.055 * StrictMath.pow(c, 1 / 2.4) - 0.055;
        }
    }

    private Film() {
    }

    /** The colour of the picture, each channel 0 to 1. */
    static Colour level(Colour light) {
        return new Colour(level(light.r()), level(light.g()), level(light.b()));
    }

    /** From 0 and above to the picture's 0 to 1. */
    private static double level(double light) {
        double c = light;
        if (c > SHOULDER) {
            double over = (c - SHOULDER) / (1 - SHOULDER);
            c = SHOULDER + (1 - SHOULDER) * over / (1 + over);
        }
        double at = Math.max(c, 0) * 4096;
        int i = Math.min((int) at, 4095);
        return Maths.mix(CURVE[i], CURVE[i + 1], at - i);
    }
}
