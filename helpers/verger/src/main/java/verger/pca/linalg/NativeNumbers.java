package verger.pca.linalg;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasLower;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Numbers in native memory, of double or single precision, and what OpenBLAS does with them; matrices are column-major. Java sees
 * them as doubles.
 */
abstract class NativeNumbers implements AutoCloseable {

    private NativeNumbers() {
    }

    /** Room for so many. */
    static NativeNumbers allocate(boolean single, long length) {
        return single ? new Floats(new FloatPointer(length)) : new Doubles(new DoublePointer(length));
    }

    abstract void put(long at, double[] values, int from, int length);

    abstract void get(long at, double[] values, int from, int length);

    /** These numbers from one of them on; not to be closed. */
    abstract NativeNumbers from(long at);

    /** The lower triangle of this, side × side, becomes that of {@code block · blockᵀ + keep · this}. */
    abstract void syrk(int side, int columns, NativeNumbers block, int keep);

    /**
     * This, rows × columns, becomes {@code factor · op(left) · right + keep · this}, where op transposes or not, and the sums are
     * of so many products.
     */
    abstract void gemm(boolean transposed, int rows, int columns, int products, int factor, NativeNumbers left, int leftHeight,
            NativeNumbers right, int rightHeight, int keep, int height);

    /**
     * Makes the symmetric n × n matrix, of which the lower triangle is here, tridiagonal: n numbers on the diagonal, n − 1 beside
     * it. Reflections are left below the diagonal, with n − 1 factors.
     *
     * @return LAPACK's info
     */
    abstract int sytrd(int n, double[] diagonal, double[] beside, double[] factors);

    /**
     * The eigenvectors of a tridiagonal matrix, n × n, of ascending values, by divide and conquer.
     *
     * @return LAPACK's info
     */
    abstract int stedc(int n, double[] diagonal, double[] beside);

    @Override
    public abstract void close();

    private static int transposition(boolean transposed) {
        return transposed ? CblasTrans : CblasNoTrans;
    }

    static IntPointer integer(int value) {
        return new IntPointer(new int[] {value});
    }

    private static final class Doubles extends NativeNumbers {
        private final DoublePointer numbers;

        Doubles(DoublePointer numbers) {
            this.numbers = numbers;
        }

        @Override
        void put(long at, double[] values, int from, int length) {
            numbers.position(at).put(values, from, length);
            numbers.position(0);
        }

        @Override
        void get(long at, double[] values, int from, int length) {
            numbers.position(at).get(values, from, length);
            numbers.position(0);
        }

        @Override
        NativeNumbers from(long at) {
            return new Doubles(numbers.getPointer(at));
        }

        @Override
        void syrk(int side, int columns, NativeNumbers block, int keep) {
            openblas.cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, side, columns, 1, ((Doubles) block).numbers, side,
                    keep, numbers, side);
        }

        @Override
        void gemm(boolean transposed, int rows, int columns, int products, int factor, NativeNumbers left, int leftHeight,
                NativeNumbers right, int rightHeight, int keep, int height) {
            openblas.cblas_dgemm(CblasColMajor, transposition(transposed), CblasNoTrans, rows, columns, products, factor,
                    ((Doubles) left).numbers, leftHeight, ((Doubles) right).numbers, rightHeight, keep, numbers, height);
        }

        @Override
        int sytrd(int n, double[] diagonal, double[] beside, double[] factors) {
            try (DoublePointer d = new DoublePointer(n); DoublePointer e = new DoublePointer(n);
                    DoublePointer tau = new DoublePointer(n); DoublePointer work = new DoublePointer(64L * n);
                    IntPointer side = integer(n); IntPointer length = integer(64 * n); IntPointer info = integer(0)) {
                openblas.LAPACK_dsytrd_base("L", side, numbers, side, d, e, tau, work, length, info, 1);
                d.get(diagonal);
                e.get(beside);
                tau.get(factors);
                return info.get();
            }
        }

        @Override
        int stedc(int n, double[] diagonal, double[] beside) {
            int doubles = Eigen.workLength(n);
            int integers = Eigen.integerWorkLength(n);
            try (DoublePointer d = new DoublePointer(diagonal); DoublePointer e = new DoublePointer(beside);
                    DoublePointer work = new DoublePointer(doubles); IntPointer integerWork = new IntPointer(integers);
                    IntPointer side = integer(n); IntPointer length = integer(doubles);
                    IntPointer integerLength = integer(integers); IntPointer info = integer(0)) {
                openblas.LAPACK_dstedc_base("I", side, d, e, numbers, side, work, length, integerWork, integerLength, info, 1);
                return info.get();
            }
        }

        @Override
        public void close() {
            numbers.close();
        }
    }

    private static final class Floats extends NativeNumbers {
        private final FloatPointer numbers;
        private float[] rounded = {};

        Floats(FloatPointer numbers) {
            this.numbers = numbers;
        }

        @Override
        void put(long at, double[] values, int from, int length) {
            float[] floats = buffer(length);
            for (int i = 0; i < length; i++) {
                floats[i] = (float) values[from + i];
            }
            numbers.position(at).put(floats, 0, length);
            numbers.position(0);
        }

        @Override
        void get(long at, double[] values, int from, int length) {
            float[] floats = buffer(length);
            numbers.position(at).get(floats, 0, length);
            numbers.position(0);
            for (int i = 0; i < length; i++) {
                values[from + i] = floats[i];
            }
        }

        private float[] buffer(int length) {
            if (rounded.length < length) {
                rounded = new float[length];
            }
            return rounded;
        }

        @Override
        NativeNumbers from(long at) {
            return new Floats(numbers.getPointer(at));
        }

        @Override
        void syrk(int side, int columns, NativeNumbers block, int keep) {
            openblas.cblas_ssyrk(CblasColMajor, CblasLower, CblasNoTrans, side, columns, 1, ((Floats) block).numbers, side,
                    keep, numbers, side);
        }

        @Override
        void gemm(boolean transposed, int rows, int columns, int products, int factor, NativeNumbers left, int leftHeight,
                NativeNumbers right, int rightHeight, int keep, int height) {
            openblas.cblas_sgemm(CblasColMajor, transposition(transposed), CblasNoTrans, rows, columns, products, factor,
                    ((Floats) left).numbers, leftHeight, ((Floats) right).numbers, rightHeight, keep, numbers, height);
        }

        @Override
        int sytrd(int n, double[] diagonal, double[] beside, double[] factors) {
            try (Floats d = new Floats(new FloatPointer(n)); Floats e = new Floats(new FloatPointer(n));
                    Floats tau = new Floats(new FloatPointer(n)); FloatPointer work = new FloatPointer(64L * n);
                    IntPointer side = integer(n); IntPointer length = integer(64 * n); IntPointer info = integer(0)) {
                openblas.LAPACK_ssytrd_base("L", side, numbers, side, d.numbers, e.numbers, tau.numbers, work, length, info, 1);
                d.get(0, diagonal, 0, n);
                e.get(0, beside, 0, n - 1);
                tau.get(0, factors, 0, n - 1);
                return info.get();
            }
        }

        @Override
        int stedc(int n, double[] diagonal, double[] beside) {
            int numbersOfWork = Eigen.workLength(n);
            int integers = Eigen.integerWorkLength(n);
            try (Floats d = new Floats(new FloatPointer(n)); Floats e = new Floats(new FloatPointer(n));
                    FloatPointer work = new FloatPointer(numbersOfWork); IntPointer integerWork = new IntPointer(integers);
                    IntPointer side = integer(n); IntPointer length = integer(numbersOfWork);
                    IntPointer integerLength = integer(integers); IntPointer info = integer(0)) {
                d.put(0, diagonal, 0, n);
                e.put(0, beside, 0, n - 1);
                openblas.LAPACK_sstedc_base("I", side, d.numbers, e.numbers, numbers, side, work, length, integerWork,
                        integerLength, info, 1);
                return info.get();
            }
        }

        @Override
        public void close() {
            numbers.close();
        }
    }
}
