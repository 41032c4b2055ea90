package verger.pca.linalg;

import java.util.Random;

/**
 * Tests a library on a small matrix, in milliseconds.
 *
 * <p>One that is loaded in the place of ours may be another: OpenBLAS 0.3.19 gives wrong eigenvectors on processors with
 * AVX-512, and says nothing.
 */
final class BlasSelfTest {

    /** Enough for LAPACK to go block by block. */
    private static final int SIDE = 150;

    /** More than are multiplied at once, so that sums are added to as well. */
    private static final int VECTORS = Gramian.BLOCK + 44;

    /** Errors as a share of the largest number: some thousand times what rounding leaves. */
    private static final double DOUBLE = 1e-10;
    private static final double SINGLE = 1e-3;

    private final Blas blas;

    private BlasSelfTest(Blas blas) {
        this.blas = blas;
    }

    /** @throws ArithmeticException if the library computes wrongly */
    static void of(Blas blas) {
        new BlasSelfTest(blas).run();
    }

    private void run() {
        Random random = new Random(1);
        double[][] vectors = new double[VECTORS][SIDE];
        double[] expected = new double[Packed.length(SIDE)];
        for (double[] vector : vectors) {
            for (int j = 0; j < SIDE; j++) {
                vector[j] = random.nextGaussian() / (1 + j / 4.0);
            }
            Packed.add(expected, new double[expected.length], vector);
        }
        double[] sums = gramian(vectors, false);
        check("sums of outer products", off(sums, expected), DOUBLE * expected[0]);
        check("sums of outer products in single precision", off(gramian(vectors, true), expected), SINGLE * expected[0]);

        Eigen rough = blas.eigen(expected, SIDE, true);
        checkVectors(expected, rough, rough.vectors(blas, SIDE), SIDE, SINGLE);
        Eigen eigen = blas.eigen(expected, SIDE, false);
        double[] components = eigen.vectors(blas, SIDE);
        checkVectors(expected, eigen, components, SIDE, DOUBLE);
        int few = SIDE / 10;
        double[] largest = blas.largest(eigen, few);
        blas.reflect(eigen, largest, few);
        double[] descending = new double[largest.length];
        for (int c = 0; c < few; c++) {
            System.arraycopy(largest, (few - 1 - c) * SIDE, descending, c * SIDE, SIDE);
        }
        checkVectors(expected, eigen, descending, few, DOUBLE);
        try (Product product = blas.product(components, SIDE, SIDE)) {
            check("products", offIdentity(product.times(components, SIDE), SIDE), DOUBLE);
        }
    }

    private double[] gramian(double[][] vectors, boolean single) {
        double[] packed = new double[Packed.length(SIDE)];
        try (Gramian gramian = blas.gramian(packed, SIDE, single)) {
            for (double[] vector : vectors) {
                gramian.add(vector);
            }
        }
        return packed;
    }

    private static void checkVectors(double[] packed, Eigen eigen, double[] vectors, int count, double most) {
        double[] products = new double[count * count];
        double residual = 0;
        for (int c = 0; c < count; c++) {
            double[] times = new double[SIDE];
            for (int j = 0, at = 0; j < SIDE; j++) {
                times[j] += packed[at++] * vectors[c * SIDE + j];
                for (int i = j + 1; i < SIDE; i++, at++) {
                    times[i] += packed[at] * vectors[c * SIDE + j];
                    times[j] += packed[at] * vectors[c * SIDE + i];
                }
            }
            for (int j = 0; j < SIDE; j++) {
                residual = larger(residual, times[j] - eigen.value(c) * vectors[c * SIDE + j]);
            }
            for (int b = 0; b < count; b++) {
                products[c * count + b] = DotProduct.of(vectors, c * SIDE, vectors, b * SIDE, SIDE);
            }
        }
        check("eigenvectors", residual, most * eigen.value(0));
        check("angles between eigenvectors", offIdentity(products, count), most);
    }

    private static double offIdentity(double[] square, int side) {
        double[] identity = new double[square.length];
        for (int j = 0; j < side; j++) {
            identity[j * side + j] = 1;
        }
        return off(square, identity);
    }

    private static double off(double[] actual, double[] expected) {
        double off = 0;
        for (int at = 0; at < expected.length; at++) {
            off = larger(off, actual[at] - expected[at]);
        }
        return off;
    }

    /** NaN if one of them is. */
    private static double larger(double error, double difference) {
        return Math.max(error, Math.abs(difference));
    }

    private static void check(String what, double error, double most) {
        if (!(error <= most)) {
            throw new ArithmeticException("the library that is loaded computes wrongly: " + what + " are off by " + error);
        }
    }
}
