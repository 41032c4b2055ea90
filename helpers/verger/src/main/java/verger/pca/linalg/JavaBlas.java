package verger.pca.linalg;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.lapack.JavaLAPACK;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.netlib.util.booleanW;
import org.netlib.util.intW;

/** BLAS and LAPACK in Java: netlib's translation, which comes with Spark. */
final class JavaBlas implements Blas {

    /** Referenced, since java.util.logging forgets an unreferenced logger together with its level. */
    private static final Logger[] LOGGERS = {
        Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder"),
        Logger.getLogger("dev.ludovic.netlib.lapack.InstanceBuilder")};

    private final JavaBLAS blas;
    private final JavaLAPACK lapack;

    JavaBlas() {
        // It warns at length of faster implementations that it did not find either.
        for (Logger logger : LOGGERS) {
            logger.setLevel(Level.SEVERE);
        }
        blas = JavaBLAS.getInstance();
        lapack = JavaLAPACK.getInstance();
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public Gramian gramian(double[] packed, int side, boolean single) {
        return single ? new SingleGramian(packed, side) : new DoubleGramian(packed, side);
    }

    @Override
    public Eigen eigen(double[] packed, int n, boolean single) {
        double[] matrix = new double[Math.multiplyExact(n, n)];
        for (int j = 0; j < n; j++) {
            System.arraycopy(packed, Packed.column(n, j), matrix, j * n + j, n - j);
        }
        double[] diagonal = new double[n];
        double[] beside = new double[n];
        double[] factors = new double[n];
        double[] work = new double[64 * n];
        intW info = new intW(0);
        lapack.dsytrd("L", n, matrix, n, diagonal, beside, factors, work, work.length, info);
        Eigen.check("dsytrd", info.val, n);
        double[] values = diagonal.clone();
        lapack.dsterf(n, values, beside.clone(), info);
        Eigen.check("dsterf", info.val, n);
        return new Eigen(values, diagonal, beside, matrix, factors, false);
    }

    @Override
    public double[] largest(Eigen eigen, int count) {
        int n = eigen.size();
        double[] vectors = new double[Math.multiplyExact(n, count)];
        double[] work = new double[18 * n];
        int[] integers = new int[10 * n];
        intW info = new intW(0);
        lapack.dstemr("V", "I", n, eigen.diagonal().clone(), eigen.beside().clone(), 0, 0, n - count + 1, n, new intW(0),
                new double[n], vectors, n, count, new int[2 * count], new booleanW(true), work, work.length,
                integers, integers.length, info);
        Eigen.check("dstemr", info.val, n);
        return vectors;
    }

    @Override
    public double[] all(Eigen eigen, boolean single) {
        int n = eigen.size();
        double[] vectors = new double[Math.multiplyExact(n, n)];
        double[] work = new double[Eigen.workLength(n)];
        int[] integers = new int[Eigen.integerWorkLength(n)];
        intW info = new intW(0);
        lapack.dstedc("I", n, eigen.diagonal().clone(), eigen.beside().clone(), vectors, n, work, work.length,
                integers, integers.length, info);
        Eigen.check("dstedc", info.val, n);
        return vectors;
    }

    @Override
    public void reflect(Eigen eigen, double[] vectors, int count) {
        int n = eigen.size();
        double[] work = new double[Math.max(1, 64 * count)];
        intW info = new intW(0);
        lapack.dormtr("L", "L", "N", n, count, eigen.reflectors(), n, eigen.factors(), vectors, n, work, work.length, info);
        Eigen.check("dormtr", info.val, n);
    }

    @Override
    public Product product(double[] left, int rows, int columns) {
        return new Product() {
            @Override
            public double[] times(double[] right, int count) {
                double[] result = new double[Math.multiplyExact(columns, count)];
                blas.dgemm("T", "N", columns, count, rows, 1, left, rows, right, rows, 0, result, columns);
                return result;
            }

            @Override
            public void close() {
                // Nothing is held but the array.
            }
        };
    }

    private final class DoubleGramian extends Gramian {
        private final double[] block;
        private final double[] sums;

        DoubleGramian(double[] packed, int side) {
            super(packed, side, ALL);
            block = new double[Math.multiplyExact(BLOCK, side)];
            sums = new double[Math.multiplyExact(side, side)];
        }

        @Override
        void store(double[] vector, int place) {
            System.arraycopy(vector, 0, block, place * side, side);
        }

        @Override
        void syrk(int count, boolean add) {
            blas.dsyrk("L", "N", side, count, 1, block, side, add ? 1 : 0, sums, side);
        }

        @Override
        void column(int j, double[] to) {
            System.arraycopy(sums, j * side + j, to, 0, side - j);
        }

        @Override
        public void free() {
            // The garbage collector does.
        }
    }

    private final class SingleGramian extends Gramian {
        private final float[] block;
        private final float[] sums;

        SingleGramian(double[] packed, int side) {
            super(packed, side, JAVA_SINGLE);
            block = new float[Math.multiplyExact(BLOCK, side)];
            sums = new float[Math.multiplyExact(side, side)];
        }

        @Override
        void store(double[] vector, int place) {
            for (int i = 0, at = place * side; i < side; i++, at++) {
                block[at] = (float) vector[i];
            }
        }

        @Override
        void syrk(int count, boolean add) {
            blas.ssyrk("L", "N", side, count, 1, block, side, add ? 1 : 0, sums, side);
        }

        @Override
        void column(int j, double[] to) {
            for (int i = 0, at = j * side + j; i < side - j; i++, at++) {
                to[i] = sums[at];
            }
        }

        @Override
        public void free() {
            // The garbage collector does.
        }
    }
}
