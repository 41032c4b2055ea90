package verger.pca;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasLower;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
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
     * The library, tried.
     *
     * @throws LinkageError        if it does not load
     * @throws ArithmeticException if it computes wrongly
     */
    NativeBlas() {
        Loader.load(openblas.class);
        BlasTrial.of(this);
    }

    @Override
    public Gramian gramian(double[] packed, int side, boolean single) {
        return single ? new SingleGramian(packed, side) : new DoubleGramian(packed, side);
    }

    @Override
    public Eigen eigen(double[] packed, int n) {
        double[] values = new double[n];
        double[] diagonal = new double[n];
        double[] beside = new double[n];
        double[] reflectors = new double[Math.multiplyExact(n, n)];
        double[] factors = new double[n];
        int doubles = 64 * n;
        try (DoublePointer matrix = new DoublePointer((long) n * n);
                DoublePointer d = new DoublePointer(n);
                DoublePointer e = new DoublePointer(n);
                DoublePointer tau = new DoublePointer(n);
                DoublePointer work = new DoublePointer(doubles);
                IntPointer side = integer(n);
                IntPointer doubleCount = integer(doubles);
                IntPointer info = integer(0)) {
            for (int j = 0; j < n; j++) {
                matrix.position((long) j * n + j).put(packed, Packed.column(n, j), n - j);
            }
            matrix.position(0);
            // Half of it is products of the matrix with a vector, at the speed of the memory. Threads would meet at each of
            // the n of them, spinning: on cores that something else uses too this took ten times as long.
            BlasThreads.single(() -> openblas.LAPACK_dsytrd_base("L", side, matrix, side, d, e, tau, work, doubleCount, info, 1));
            Eigen.check("dsytrd", info.get(), n);
            d.get(diagonal);
            e.get(beside);
            matrix.get(reflectors);
            tau.get(factors);
            BlasThreads.single(() -> openblas.LAPACK_dsterf(side, d, e, info));
            Eigen.check("dsterf", info.get(), n);
            d.get(values);
            return new Eigen(values, diagonal, beside, reflectors, factors);
        }
    }

    @Override
    public double[] largest(Eigen eigen, int count) {
        int n = eigen.size();
        double[] vectors = new double[Math.multiplyExact(n, count)];
        try (DoublePointer d = new DoublePointer(eigen.diagonal());
                DoublePointer e = new DoublePointer(eigen.beside());
                DoublePointer nowhere = new DoublePointer(1);
                IntPointer first = integer(n - count + 1);
                IntPointer side = integer(n);
                IntPointer columns = integer(count);
                IntPointer found = integer(0);
                DoublePointer values = new DoublePointer(n);
                DoublePointer result = new DoublePointer(vectors.length);
                IntPointer support = new IntPointer(2L * count);
                IntPointer precisely = integer(1);
                DoublePointer work = new DoublePointer(18L * n);
                IntPointer doubleCount = integer(18 * n);
                IntPointer integers = new IntPointer(10L * n);
                IntPointer intCount = integer(10 * n);
                IntPointer info = integer(0)) {
            BlasThreads.single(() -> openblas.LAPACK_dstemr_base("V", "I", side, d, e, nowhere, nowhere, first, side, found, values,
                    result, side, columns, support, precisely, work, doubleCount, integers, intCount, info, 1, 1));
            Eigen.check("dstemr", info.get(), n);
            result.get(vectors);
            return vectors;
        }
    }

    @Override
    public double[] all(Eigen eigen) {
        int n = eigen.size();
        double[] vectors = new double[Math.multiplyExact(n, n)];
        try (DoublePointer d = new DoublePointer(eigen.diagonal());
                DoublePointer e = new DoublePointer(eigen.beside());
                DoublePointer result = new DoublePointer(vectors.length);
                IntPointer side = integer(n);
                DoublePointer work = new DoublePointer(Eigen.workLength(n));
                IntPointer doubleCount = integer(Eigen.workLength(n));
                IntPointer integers = new IntPointer(Eigen.integerWorkLength(n));
                IntPointer intCount = integer(Eigen.integerWorkLength(n));
                IntPointer info = integer(0)) {
            // Threads make this step no faster.
            BlasThreads.single(() ->
                    openblas.LAPACK_dstedc_base("I", side, d, e, result, side, work, doubleCount, integers, intCount, info, 1));
            Eigen.check("dstedc", info.get(), n);
            result.get(vectors);
            return vectors;
        }
    }

    @Override
    public void reflect(Eigen eigen, double[] vectors, int count) {
        if (count > Eigen.FEW) {
            try (DoublePointer result = new DoublePointer(vectors)) {
                BlasThreads.single(() -> new Reflections(eigen).apply(result, count));
                result.get(vectors);
            }
            return;
        }
        int n = eigen.size();
        int doubles = Math.max(1, 64 * count);
        try (DoublePointer reflectors = new DoublePointer(eigen.reflectors());
                DoublePointer factors = new DoublePointer(eigen.factors());
                DoublePointer result = new DoublePointer(vectors);
                DoublePointer work = new DoublePointer(doubles);
                IntPointer side = integer(n);
                IntPointer columns = integer(count);
                IntPointer doubleCount = integer(doubles);
                IntPointer info = integer(0)) {
            BlasThreads.single(() -> openblas.LAPACK_dormtr_base("L", "L", "N", side, columns, reflectors, side, factors,
                    result, side, work, doubleCount, info, 1, 1, 1));
            Eigen.check("dormtr", info.get(), n);
            result.get(vectors);
        }
    }

    private static IntPointer integer(int value) {
        return new IntPointer(new int[] {value});
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

    private static final class DoubleGramian extends Gramian {
        private final DoublePointer block;
        private final DoublePointer sums;

        DoubleGramian(double[] packed, int side) {
            super(packed, side, ALL);
            block = new DoublePointer((long) BLOCK * side);
            sums = new DoublePointer((long) side * side);
            BlasThreads.enter();
        }

        @Override
        void store(double[] vector, int place) {
            block.position((long) place * side).put(vector, 0, side);
        }

        @Override
        void syrk(int count, boolean add) {
            block.position(0);
            sums.position(0);
            BlasThreads.single(() -> openblas.cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans,
                    side, count, 1, block, side, add ? 1 : 0, sums, side));
        }

        @Override
        void column(int j, double[] to) {
            sums.position((long) j * side + j).get(to, 0, side - j);
        }

        @Override
        void free() {
            BlasThreads.leave();
            block.close();
            sums.close();
        }
    }

    private static final class SingleGramian extends Gramian {
        private final float[] rounded;
        private final FloatPointer block;
        private final FloatPointer sums;

        SingleGramian(double[] packed, int side) {
            super(packed, side, NATIVE_SINGLE);
            rounded = new float[side];
            block = new FloatPointer((long) BLOCK * side);
            sums = new FloatPointer((long) side * side);
            BlasThreads.enter();
        }

        @Override
        void store(double[] vector, int place) {
            for (int i = 0; i < side; i++) {
                rounded[i] = (float) vector[i];
            }
            block.position((long) place * side).put(rounded, 0, side);
        }

        @Override
        void syrk(int count, boolean add) {
            block.position(0);
            sums.position(0);
            BlasThreads.single(() -> openblas.cblas_ssyrk(CblasColMajor, CblasLower, CblasNoTrans,
                    side, count, 1, block, side, add ? 1 : 0, sums, side));
        }

        @Override
        void column(int j, double[] to) {
            sums.position((long) j * side + j).get(rounded, 0, side - j);
            for (int i = 0; i < side - j; i++) {
                to[i] = rounded[i];
            }
        }

        @Override
        void free() {
            BlasThreads.leave();
            block.close();
            sums.close();
        }
    }
}
