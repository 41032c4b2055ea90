package verger.pca.linalg;

import java.io.Serializable;

/**
 * The eigenvalues of a symmetric n × n matrix, and its eigenvectors as they are asked for.
 *
 * <p>In the three steps of LAPACK's {@code dsyevd} and {@code dsyevr}: reflections make the matrix tridiagonal
 * ({@code dsytrd}); that is decomposed, for a few vectors of a large matrix by relatively robust representations
 * ({@code dstemr}), else by divide and conquer ({@code dstedc}); the reflections take its vectors back ({@code dormtr}, or
 * {@link Reflections} for many).
 * The last two steps are more than half of the work if all vectors take them, and next to nothing for a few.
 */
public final class Eigen implements Serializable {

    /** Up to so many vectors are a few, where there are eight times as many. */
    public static final int FEW = 64;

    /**
     * Values closer than this share of the largest are as good as tied: their vectors may be any of their plane, and two
     * algorithms find two pairs.
     */
    private static final double TIED = 1e-9;

    private final int n;
    private final double[] values;
    private final double[] diagonal;
    private final double[] beside;
    private final double[] reflectors;
    private final double[] factors;
    private final boolean single;
    private boolean begun;
    private double[] tridiagonal;

    /**
     * What the first step left, and the eigenvalues.
     *
     * @param values     ascending
     * @param diagonal   of the tridiagonal matrix, n numbers, and those {@code beside} it, n − 1
     * @param reflectors column-major n × n, and {@code factors}, n − 1: as {@code sytrd} leaves them below the diagonal
     * @param single     whether these are of single precision
     */
    Eigen(double[] values, double[] diagonal, double[] beside, double[] reflectors, double[] factors, boolean single) {
        this.n = values.length;
        this.values = values;
        this.diagonal = diagonal;
        this.beside = beside;
        this.reflectors = reflectors;
        this.factors = factors;
        this.single = single;
    }

    /** Doubles of work that {@code dstedc} asks for; n is at most {@link Packed#MOST}. */
    static int workLength(int n) {
        return 1 + 4 * n + n * n;
    }

    /** Integers of work that {@code dstedc} asks for. */
    static int integerWorkLength(int n) {
        return 3 + 5 * n;
    }

    /** Throws if a routine of LAPACK says that it failed. */
    static void check(String routine, int info, int n) {
        if (info != 0) {
            throw new ArithmeticException("LAPACK " + routine + " did not decompose a " + n + " × " + n
                    + " matrix (info = " + info + ").");
        }
    }

    int size() {
        return n;
    }

    double[] diagonal() {
        return diagonal;
    }

    double[] beside() {
        return beside;
    }

    double[] reflectors() {
        return reflectors;
    }

    double[] factors() {
        return factors;
    }

    boolean single() {
        return single;
    }

    /** The c-th eigenvalue, the largest first. */
    public double value(int c) {
        return values[n - 1 - c];
    }

    /**
     * Unit eigenvectors, that of the largest value first.
     *
     * @param blas  what computes them
     * @param count how many
     * @return column-major n × count
     */
    public double[] vectors(Blas blas, int count) {
        double[] ascending = count <= FEW && 8 * FEW <= n && apart(count) ? largest(blas, count) : null;
        // Of single precision only if none were handed out before: to those they would not be at right angles.
        boolean rough = single && count > FEW && !begun;
        begun = true;
        if (ascending == null) {
            if (tridiagonal == null) {
                tridiagonal = all(blas, rough);
            }
            ascending = tridiagonal;
        }
        double[] vectors = new double[Math.multiplyExact(n, count)];
        int last = ascending.length / n - 1;
        for (int c = 0; c < count; c++) {
            System.arraycopy(ascending, (last - c) * n, vectors, c * n, n);
        }
        blas.reflect(this, vectors, count);
        return vectors;
    }

    /** Whether each of the largest values lies apart from the next, the last of them from the first beyond them too. */
    private boolean apart(int count) {
        for (int c = 0; c < Math.min(count, n - 1); c++) {
            if (value(c) - value(c + 1) <= TIED * Math.abs(value(0))) {
                return false;
            }
        }
        return true;
    }

    /** In double where single precision does not find them. */
    private double[] all(Blas blas, boolean rough) {
        if (rough) {
            try {
                return blas.all(this, true);
            } catch (ArithmeticException e) {
                // As below.
            }
        }
        return blas.all(this, false);
    }

    /** Null where the robust representations are not found, as may happen: {@code dsyevr} then goes the long way too. */
    private double[] largest(Blas blas, int count) {
        try {
            return blas.largest(this, count);
        } catch (ArithmeticException e) {
            return null;
        }
    }
}
