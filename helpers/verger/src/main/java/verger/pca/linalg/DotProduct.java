package verger.pca.linalg;

/** The sum of the products of numbers. */
public final class DotProduct {

    private DotProduct() {
    }

    /** Of so many numbers of two arrays, from a place in each on. */
    public static double of(double[] a, int fromA, double[] b, int fromB, int length) {
        // Four sums at a time: a single one would wait for each addition to end.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            s0 += a[fromA + i] * b[fromB + i];
            s1 += a[fromA + i + 1] * b[fromB + i + 1];
            s2 += a[fromA + i + 2] * b[fromB + i + 2];
            s3 += a[fromA + i + 3] * b[fromB + i + 3];
        }
        for (; i < length; i++) {
            s0 += a[fromA + i] * b[fromB + i];
        }
        return s0 + s1 + s2 + s3;
    }
}
