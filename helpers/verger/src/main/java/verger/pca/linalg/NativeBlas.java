package verger.pca.linalg;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/**
 * OpenBLAS from org.bytedeco, the library that ND4J runs on too.
 *
 * <p>Matrices are in native memory: of a Java array the library would be handed a copy, and a copy back. Only cblas and
 * LAPACK by its Fortran names are called, whose last arguments are the lengths of the strings. An OpenBLAS of the host
 * that something else loaded first takes the place of ours, both being libopenblas.so.0 to the linker; Debian's has no
 * LAPACKE, and a call of it ends the process.
 */
final class NativeBlas implements Blas {

    /**
     * Loads the library and tests it.
     *
     * @throws LinkageError        if it does not load
     * @throws ArithmeticException if it computes wrongly
     */
    NativeBlas() {
        Loader.load(openblas.class);
        BlasSelfTest.of(this);
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public Gramian gramian(double[] packed, int side, boolean single) {
        return new NativeGramian(packed, side, single);
    }

    @Override
    public Eigen eigen(double[] packed, int n, boolean single) {
        double[] values = new double[n];
        double[] diagonal = new double[n];
        double[] beside = new double[n];
        double[] reflectors = new double[Math.multiplyExact(n, n)];
        double[] factors = new double[n];
        try (NativeNumbers matrix = NativeNumbers.allocate(single, (long) n * n);
                DoublePointer d = new DoublePointer(n);
                DoublePointer e = new DoublePointer(n);
                IntPointer side = NativeNumbers.integer(n);
                IntPointer info = NativeNumbers.integer(0)) {
            // So that squares of single precision neither overflow nor vanish; a power of two rounds nothing.
            double unit = single ? Math.scalb(1.0, Math.getExponent(Packed.trace(packed, n))) : 1;
            double[] column = new double[n];
            for (int j = 0; j < n; j++) {
                System.arraycopy(packed, Packed.column(n, j), column, 0, n - j);
                divide(column, unit);
                matrix.put((long) j * n + j, column, 0, n - j);
            }
            // Half of it is products of the matrix with a vector, at the speed of the memory. Threads would meet at each of
            // the n of them, spinning: on cores that something else uses too this took ten times as long.
            BlasThreads.single(() -> Eigen.check("sytrd", matrix.sytrd(n, diagonal, beside, factors), n));
            for (int j = 0; j < n; j++) {
                matrix.get((long) j * n, reflectors, j * n, n);
            }
            if (single) {
                sharpen(factors, reflectors, n);
            }
            divide(diagonal, 1 / unit);
            divide(beside, 1 / unit);
            d.put(diagonal);
            e.put(beside);
            BlasThreads.single(() -> openblas.LAPACK_dsterf(side, d, e, info));
            Eigen.check("dsterf", info.get(), n);
            d.get(values);
            return new Eigen(values, diagonal, beside, reflectors, factors, single);
        }
    }

    @Override
    public double[] largest(Eigen eigen, int count) {
        int n = eigen.size();
        double[] vectors = new double[Math.multiplyExact(n, count)];
        try (DoublePointer d = new DoublePointer(eigen.diagonal());
                DoublePointer e = new DoublePointer(eigen.beside());
                DoublePointer nowhere = new DoublePointer(1);
                IntPointer first = NativeNumbers.integer(n - count + 1);
                IntPointer side = NativeNumbers.integer(n);
                IntPointer columns = NativeNumbers.integer(count);
                IntPointer found = NativeNumbers.integer(0);
                DoublePointer values = new DoublePointer(n);
                DoublePointer result = new DoublePointer(vectors.length);
                IntPointer support = new IntPointer(2L * count);
                IntPointer precisely = NativeNumbers.integer(1);
                DoublePointer work = new DoublePointer(18L * n);
                IntPointer doubleCount = NativeNumbers.integer(18 * n);
                IntPointer integers = new IntPointer(10L * n);
                IntPointer intCount = NativeNumbers.integer(10 * n);
                IntPointer info = NativeNumbers.integer(0)) {
            BlasThreads.single(
                    () -> openblas.LAPACK_dstemr_base("V", "I", side, d, e, nowhere, nowhere, first, side, found, values,
                            result, side, columns, support, precisely, work, doubleCount, integers, intCount, info, 1, 1));
            Eigen.check("dstemr", info.get(), n);
            result.get(vectors);
            return vectors;
        }
    }

    @Override
    public double[] all(Eigen eigen, boolean single) {
        int n = eigen.size();
        double[] vectors = new double[Math.multiplyExact(n, n)];
        double[] diagonal = eigen.diagonal().clone();
        double[] beside = eigen.beside().clone();
        if (single) {
            divide(diagonal, eigen.value(0));
            divide(beside, eigen.value(0));
        }
        try (NativeNumbers result = NativeNumbers.allocate(single, vectors.length)) {
            // Threads make this step no faster.
            BlasThreads.single(() -> Eigen.check("stedc", result.stedc(n, diagonal, beside), n));
            for (int c = 0; c < n; c++) {
                result.get((long) c * n, vectors, c * n, n);
            }
            return vectors;
        }
    }

    @Override
    public void reflect(Eigen eigen, double[] vectors, int count) {
        if (count > Eigen.FEW) {
            BlasThreads.single(() -> new Reflections(eigen).apply(vectors, count));
            return;
        }
        int n = eigen.size();
        int doubles = Math.max(1, 64 * count);
        try (DoublePointer reflectors = new DoublePointer(eigen.reflectors());
                DoublePointer factors = new DoublePointer(eigen.factors());
                DoublePointer result = new DoublePointer(vectors);
                DoublePointer work = new DoublePointer(doubles);
                IntPointer side = NativeNumbers.integer(n);
                IntPointer columns = NativeNumbers.integer(count);
                IntPointer doubleCount = NativeNumbers.integer(doubles);
                IntPointer info = NativeNumbers.integer(0)) {
            BlasThreads.single(() -> openblas.LAPACK_dormtr_base("L", "L", "N", side, columns, reflectors, side, factors,
                    result, side, work, doubleCount, info, 1, 1, 1));
            Eigen.check("dormtr", info.get(), n);
            result.get(vectors);
        }
    }

    /** H = I − τ v vᵀ is a reflection for τ = 2 / vᵀv: of the v as it was rounded, to the last digit of double. */
    private static void sharpen(double[] factors, double[] reflectors, int n) {
        for (int c = 0; c < n - 1; c++) {
            int below = c * n + c + 2;
            int length = n - c - 2;
            factors[c] = factors[c] == 0 ? 0 : 2 / (1 + DotProduct.of(reflectors, below, reflectors, below, length));
        }
    }

    private static void divide(double[] values, double unit) {
        if (unit != 1) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= unit;
            }
        }
    }

    @Override
    public Product product(double[] left, int rows, int columns) {
        return new HeldProduct(left, rows, columns);
    }

    private static final class HeldProduct implements Product {
        private final int rows;
        private final int columns;
        private final DoublePointer left;

        HeldProduct(double[] left, int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
            this.left = new DoublePointer((long) rows * columns);
            this.left.put(left, 0, Math.multiplyExact(rows, columns));
        }

        @Override
        public double[] times(double[] right, int count) {
            double[] result = new double[Math.multiplyExact(columns, count)];
            try (DoublePointer b = new DoublePointer((long) rows * count);
                    DoublePointer c = new DoublePointer(result.length)) {
                b.put(right, 0, Math.multiplyExact(rows, count));
                BlasThreads.single(() -> openblas.cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans,
                        columns, count, rows, 1, left, rows, b, rows, 0, c, columns));
                c.get(result);
            }
            return result;
        }

        @Override
        public void close() {
            left.close();
        }
    }

    private static final class NativeGramian extends Gramian {
        private final NativeNumbers block;
        private final NativeNumbers sums;

        NativeGramian(double[] packed, int side, boolean single) {
            super(packed, side, single ? NATIVE_SINGLE : ALL);
            block = NativeNumbers.allocate(single, (long) BLOCK * side);
            sums = NativeNumbers.allocate(single, (long) side * side);
            BlasThreads.enter();
        }

        @Override
        void store(double[] vector, int place) {
            block.put((long) place * side, vector, 0, side);
        }

        @Override
        void syrk(int count, boolean add) {
            BlasThreads.single(() -> sums.syrk(side, count, block, add ? 1 : 0));
        }

        @Override
        void column(int j, double[] to) {
            sums.get((long) j * side + j, to, 0, side - j);
        }

        @Override
        public void free() {
            BlasThreads.leave();
            block.close();
            sums.close();
        }
    }
}
