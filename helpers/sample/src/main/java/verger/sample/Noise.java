package verger.sample;

/** Smooth noise, clouds and scattered dots in space, made from integer hashes: no state, the same everywhere. */
final class Noise {

    private Noise() {
    }

    /** A number from 0 up to 1 for a cell of the unit grid. */
    static double hash(int x, int y, int z, int salt) {
        int h = x * 0x8da6b343 ^ y * 0xd8163841 ^ z * 0xcb1ab31f ^ salt * 0x165667b1;
        h = (h ^ h >>> 15) * 0x2c1b3c6d;
        h = (h ^ h >>> 12) * 0x297a2d39;
        h ^= h >>> 15;
        return (h >>> 8) * 0x1p-24;
    }

    /** Value noise from -1 to 1 with features about one unit wide. */
    static double at(double x, double y, double z) {
        int i = (int) Math.floor(x);
        int j = (int) Math.floor(y);
        int k = (int) Math.floor(z);
        double u = ease(x - i);
        double v = ease(y - j);
        double w = ease(z - k);
        double low = Maths.mix(
                Maths.mix(hash(i, j, k, 0), hash(i + 1, j, k, 0), u),
                Maths.mix(hash(i, j + 1, k, 0), hash(i + 1, j + 1, k, 0), u), v);
        double high = Maths.mix(
                Maths.mix(hash(i, j, k + 1, 0), hash(i + 1, j, k + 1, 0), u),
                Maths.mix(hash(i, j + 1, k + 1, 0), hash(i + 1, j + 1, k + 1, 0), u), v);
        return 2 * Maths.mix(low, high, w) - 1;
    }

    /** Four octaves of noise, about -1 to 1. */
    static double cloud(double x, double y, double z) {
        double sum = 0;
        double weight = 0.53;
        double f = 1;
        for (int octave = 0; octave < 4; octave++) {
            sum += weight * at(x * f + octave * 17.3, y * f + octave * 5.1, z * f + octave * 9.7);
            weight *= 0.5;
            f *= 2.03;
        }
        return sum;
    }

    /**
     * How far the nearest scattered dot is, one dot in each cell of the unit grid with the given share of cells
     * filled; 1 where none is near.
     */
    static double dots(double x, double y, double z, double share) {
        int i = (int) Math.floor(x);
        int j = (int) Math.floor(y);
        int k = (int) Math.floor(z);
        double best = 1;
        for (int a = i - 1; a <= i + 1; a++) {
            for (int b = j - 1; b <= j + 1; b++) {
                for (int c = k - 1; c <= k + 1; c++) {
                    if (hash(a, b, c, 4) < share) {
                        double dx = a + hash(a, b, c, 1) - x;
                        double dy = b + hash(a, b, c, 2) - y;
                        double dz = c + hash(a, b, c, 3) - z;
                        best = Math.min(best, dx * dx + dy * dy + dz * dz);
                    }
                }
            }
        }
        return Math.sqrt(best);
    }

    private static double ease(double t) {
        return t * t * t * (t * (t * 6 - 15) + 10);
    }
}
