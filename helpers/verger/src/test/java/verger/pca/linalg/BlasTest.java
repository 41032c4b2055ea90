package verger.pca.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The native and the Java linear algebra against sums written out, commons-math3, and one another. */
class BlasTest {

    private enum Implementation {
        NATIVE(new NativeBlas()), JAVA(new JavaBlas());

        private final Blas blas;

        Implementation(Blas blas) {
            this.blas = blas;
        }
    }

    static List<Arguments> sizes() {
        List<Arguments> sizes = new ArrayList<>();
        for (int side : new int[] {1, 2, 5, 130, 257}) {
            for (int count : new int[] {0, 1, 255, 256, 257}) {
                sizes.add(Arguments.of(side, count));
            }
        }
        // Single precision goes on in double after 32 blocks of 256.
        sizes.add(Arguments.of(1, 9000));
        sizes.add(Arguments.of(5, 8192));
        sizes.add(Arguments.of(40, 9000));
        return sizes;
    }

    @ParameterizedTest(name = "{1} vectors of {0}")
    @MethodSource("sizes")
    void outerProductsAreAddedToWhatIsThere(int side, int count) {
        double[][] vectors = vectors(count, side);
        double[] expected = triangle(side);
        for (double[] vector : vectors) {
            for (int j = 0, at = 0; j < side; j++) {
                for (int i = j; i < side; i++, at++) {
                    expected[at] += vector[i] * vector[j];
                }
            }
        }
        double[] natively = gramian(new NativeBlas(), vectors, side, false);
        assertClose(natively, expected, 1e-12);
        assertClose(gramian(new JavaBlas(), vectors, side, false), natively, 1e-12);
        assertClose(gramian(new NativeBlas(), vectors, side, true), expected, 1e-6);
        assertClose(gramian(new JavaBlas(), vectors, side, true), expected, 1e-6);
    }

    @ParameterizedTest
    @EnumSource(Implementation.class)
    void aSumInSinglePrecisionGoesOnInDoubleAfter32Blocks(Implementation implementation) {
        // 8192 times 2²⁴, which a float holds exactly; a one added to it would be lost.
        double[] packed = new double[1];
        try (Gramian gramian = implementation.blas.gramian(packed, 1, true)) {
            for (int i = 0; i < 2 * 8192; i++) {
                gramian.add(new double[] {i < 8192 ? 4096 : 1});
            }
        }
        assertThat(packed[0]).isEqualTo(8192.0 * (1 << 24) + 8192);
    }

    @Test
    void aMatrixThatLapackCannotDecomposeIsRefused() {
        // 1 + 4n + n² numbers of work: 2,147,395,597 for the largest, and for the next more than 2³¹ − 1.
        assertThat(Packed.length(46_338)).isEqualTo(1_073_628_291);
        assertThatThrownBy(() -> Packed.length(46_339)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "A matrix of 46339 × 46339 is too large for LAPACK, which takes 46338 × 46338 at most: fit on fewer "
                                + "features");
    }

    @ParameterizedTest
    @EnumSource(Implementation.class)
    void theVectorIsCopied(Implementation implementation) {
        double[] packed = new double[3];
        double[] vector = {3, 4};
        try (Gramian gramian = implementation.blas.gramian(packed, 2, false)) {
            gramian.add(vector);
            Arrays.fill(vector, Double.NaN);
        }
        assertThat(packed).containsExactly(9, 12, 16);
    }

    static List<Arguments> matrices() {
        List<Arguments> matrices = new ArrayList<>();
        for (Implementation implementation : Implementation.values()) {
            for (int n : new int[] {2, 3, 20, 90}) {
                matrices.add(Arguments.of(implementation, "random " + n, random(n)));
            }
            matrices.add(Arguments.of(implementation, "diagonal",
                    MatrixUtils.createRealDiagonalMatrix(new double[] {3, -1, 0, 7, 3, 1e-3}).getData()));
            double[] u = vectors(1, 12)[0];
            matrices.add(Arguments.of(implementation, "rank 1", new Array2DRowRealMatrix(u)
                    .multiply(new Array2DRowRealMatrix(u).transpose()).getData()));
            matrices.add(Arguments.of(implementation, "identity", MatrixUtils.createRealIdentityMatrix(9).getData()));
            matrices.add(Arguments.of(implementation, "one number", new double[][] {{-4}}));
            matrices.add(Arguments.of(implementation, "zero", new double[3][3]));
        }
        return matrices;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("matrices")
    void eigenvectorsAreOrthonormalWithTheValuesOfCommonsMath(Implementation implementation, String name, double[][] matrix) {
        int n = matrix.length;
        double[] packed = packed(matrix);
        double[] untouched = packed.clone();
        Eigen eigen = implementation.blas.eigen(packed, n, false);
        assertThat(packed).containsExactly(untouched);
        double[] expected = new EigenDecomposition(new Array2DRowRealMatrix(matrix)).getRealEigenvalues();
        Arrays.sort(expected);
        double norm = Math.max(Math.abs(expected[0]), Math.abs(expected[n - 1]));
        assertThat(eigen.size()).isEqualTo(n);
        double[] found = eigen.vectors(implementation.blas, n);
        assertThat(found).hasSize(n * n);
        RealMatrix vectors = new Array2DRowRealMatrix(n, n);
        double[] values = new double[n];
        for (int c = 0; c < n; c++) {
            values[c] = eigen.value(c);
            assertThat(values[c]).isCloseTo(expected[n - 1 - c], within(1e-13 * norm * n + Double.MIN_VALUE));
            vectors.setColumn(c, Arrays.copyOfRange(found, c * n, (c + 1) * n));
        }
        for (int c = 1; c < n; c++) {
            assertThat(values[c]).isLessThanOrEqualTo(values[c - 1]);
        }
        assertThat(eigen.vectors(implementation.blas, n / 2)).as("some of the vectors")
                .containsExactly(Arrays.copyOf(found, n / 2 * n), within(1e-13));
        RealMatrix residual = new Array2DRowRealMatrix(matrix).multiply(vectors)
                .subtract(vectors.multiply(MatrixUtils.createRealDiagonalMatrix(values)));
        assertThat(residual.getFrobeniusNorm()).isLessThanOrEqualTo(1e-13 * norm * n);
        assertThat(vectors.transpose().multiply(vectors).subtract(MatrixUtils.createRealIdentityMatrix(n)).getFrobeniusNorm())
                .isLessThan(1e-13 * n);
    }

    @ParameterizedTest
    @EnumSource
    void aFewVectorsOfALargeMatrixAreThoseOfAll(Implementation implementation) {
        int n = 8 * Eigen.FEW;
        double[] packed = gramian(implementation.blas, vectors(2 * n, n), n, false);
        Eigen eigen = implementation.blas.eigen(packed, n, false);
        double[] all = eigen.vectors(implementation.blas, n);
        double[] few = eigen.vectors(implementation.blas, 10);
        assertThat(few).hasSize(10 * n);
        for (int c = 0; c < 10; c++) {
            double along = DotProduct.of(few, c * n, all, c * n, n);
            assertThat(Math.abs(along)).isCloseTo(1, within(1e-13));
            for (int j = 0; j < n; j++) {
                assertThat(few[c * n + j]).isCloseTo(Math.signum(along) * all[c * n + j], within(1e-11));
            }
        }
    }

    /** Of numbers whose squares single precision does not hold, too. */
    @ParameterizedTest
    @CsvSource({"30, 1", "700, 1", "700, 1e-30", "700, 1e30"})
    void singlePrecisionIsNearDoubleAndItsVectorsAreAtRightAngles(int n, double unit) {
        Blas blas = new NativeBlas();
        double[] packed = gramian(blas, vectors(2 * n, n), n, false);
        for (int at = 0; at < packed.length; at++) {
            packed[at] *= unit;
        }
        Eigen expected = blas.eigen(packed, n, false);
        Eigen eigen = blas.eigen(packed, n, true);
        for (int c = 0; c < n; c++) {
            assertThat(eigen.value(c)).isCloseTo(expected.value(c), within(1e-6 * expected.value(0)));
        }
        double[] atOnce = eigen.vectors(blas, n);
        assertThat(offRightAngles(atOnce, n)).isLessThan(1e-5);
        assertThat(Math.abs(DotProduct.of(atOnce, 0, expected.vectors(blas, 1), 0, n))).isCloseTo(1, within(1e-6));

        // Some first, and the others later: as when a model is cut to a larger k.
        Eigen inTwoSteps = blas.eigen(packed, n, true);
        double[] few = inTwoSteps.vectors(blas, Math.min(n, Eigen.FEW));
        assertThat(offRightAngles(few, n)).isLessThan(1e-11);
        double[] all = inTwoSteps.vectors(blas, n);
        System.arraycopy(few, 0, all, 0, few.length);
        assertThat(offRightAngles(all, n)).isLessThan(1e-5);
    }

    private static double offRightAngles(double[] vectors, int n) {
        double most = 0;
        int count = vectors.length / n;
        try (Product product = new NativeBlas().product(vectors, n, count)) {
            double[] products = product.times(vectors, count);
            for (int at = 0; at < products.length; at++) {
                most = Math.max(most, Math.abs(products[at] - (at / count == at % count ? 1 : 0)));
            }
        }
        return most;
    }

    @Test
    void whereAFewVectorsAreNotFoundAllAre() {
        int n = 8 * Eigen.FEW;
        Blas java = new JavaBlas();
        Eigen eigen = java.eigen(gramian(java, vectors(2 * n, n), n, false), n, false);
        Blas failing = with("largest", (blas, arguments) -> {
            Eigen.check("dstemr", 2, n);
            return null;
        });
        assertThat(eigen.vectors(failing, 10)).containsExactly(Arrays.copyOf(eigen.vectors(java, n), 10 * n), within(1e-13));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gramian", "eigen", "largest", "all", "reflect", "product"})
    void aLibraryThatComputesWronglyIsRefused(String method) {
        BlasSelfTest.of(with("", (blas, arguments) -> null));
        Blas wrong = with(method, (blas, arguments) -> switch (method) {
            case "gramian" -> {
                double[] packed = (double[]) arguments[0];
                packed[packed.length / 2] += 1e-3;
                yield blas.gramian(packed, (int) arguments[1], (boolean) arguments[2]);
            }
            case "eigen" -> {
                double[] other = ((double[]) arguments[0]).clone();
                other[7] += 1e-3;
                yield blas.eigen(other, (int) arguments[1], (boolean) arguments[2]);
            }
            case "largest" -> damaged(blas.largest((Eigen) arguments[0], (int) arguments[1]));
            case "all" -> damaged(blas.all((Eigen) arguments[0], (boolean) arguments[1]));
            case "reflect" -> {
                blas.reflect((Eigen) arguments[0], (double[]) arguments[1], (int) arguments[2]);
                yield damaged((double[]) arguments[1]);
            }
            default -> blas.product(damaged(((double[]) arguments[0]).clone()), (int) arguments[1], (int) arguments[2]);
        });
        assertThatThrownBy(() -> BlasSelfTest.of(wrong)).isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("the library that is loaded computes wrongly: ");
    }

    /** Java's linear algebra but for one method. */
    private static Blas with(String name, BiFunction<Blas, Object[], Object> other) {
        Blas blas = new JavaBlas();
        return (Blas) Proxy.newProxyInstance(Blas.class.getClassLoader(), new Class<?>[] {Blas.class},
                (proxy, method, arguments) -> method.getName().equals(name)
                        ? other.apply(blas, arguments) : method.invoke(blas, arguments));
    }

    private static double[] damaged(double[] values) {
        values[values.length / 2] += 1e-3;
        return values;
    }

    @ParameterizedTest(name = "{0} rows, {1} columns, times {2}")
    @CsvSource({"1, 1, 1", "5, 3, 7", "300, 2, 256", "2, 300, 1", "64, 33, 0"})
    void productsAreThoseOfCommonsMath(int rows, int columns, int count) {
        double[][] left = vectors(columns, rows);
        double[][] right = vectors(count + 2, rows);
        RealMatrix expected = new Array2DRowRealMatrix(left).multiply(new Array2DRowRealMatrix(right).transpose());
        for (Implementation implementation : Implementation.values()) {
            try (Product product = implementation.blas.product(flat(left), rows, columns)) {
                // Twice, as it holds the left matrix; the right one may be longer than is multiplied.
                for (int times = 0; times < 2; times++) {
                    double[] result = product.times(flat(right), count);
                    assertThat(result).hasSize(columns * count);
                    for (int at = 0; at < result.length; at++) {
                        assertThat(result[at]).isCloseTo(expected.getEntry(at % columns, at / columns), within(1e-12));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void theNumberOfBlasThreadsIsLeftAsItWas(int threads) throws Exception {
        int before = openblas.blas_get_num_threads();
        openblas.blas_set_num_threads(threads);
        try {
            int counted = openblas.blas_get_num_threads();
            compute();
            assertThat(openblas.blas_get_num_threads()).isEqualTo(counted);
            ExecutorService pool = Executors.newFixedThreadPool(4);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                running.add(pool.submit(BlasTest::compute));
            }
            for (Future<?> one : running) {
                one.get();
            }
            pool.shutdown();
            assertThat(openblas.blas_get_num_threads()).isEqualTo(counted);
        } finally {
            openblas.blas_set_num_threads(before);
        }
    }

    @Test
    void aComputationThatFailsLeavesTheNumberOfBlasThreadsToo() {
        int before = openblas.blas_get_num_threads();
        int[] during = new int[1];
        try {
            BlasThreads.single(() -> {
                during[0] = openblas.blas_get_num_threads();
                throw new IllegalStateException("failed");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("failed");
        }
        assertThat(during[0]).isEqualTo(1);
        assertThat(openblas.blas_get_num_threads()).isEqualTo(before);
    }

    private static void compute() {
        Blas blas = new NativeBlas();
        double[] packed = gramian(blas, vectors(600, 60), 60, false);
        blas.eigen(packed, 60, false);
        try (Product product = blas.product(packed, 60, 10)) {
            product.times(packed, 20);
        }
    }

    private static double[] gramian(Blas blas, double[][] vectors, int side, boolean single) {
        double[] packed = triangle(side);
        try (Gramian gramian = blas.gramian(packed, side, single)) {
            for (double[] vector : vectors) {
                gramian.add(vector);
            }
        }
        return packed;
    }

    private static double[] triangle(int side) {
        return new Random(3).doubles(Packed.length(side)).toArray();
    }

    private static double[][] vectors(int count, int side) {
        Random random = new Random(5);
        double[][] vectors = new double[count][side];
        for (double[] vector : vectors) {
            for (int i = 0; i < side; i++) {
                vector[i] = random.nextGaussian();
            }
        }
        return vectors;
    }

    private static double[][] random(int n) {
        RealMatrix square = new Array2DRowRealMatrix(vectors(n, n));
        return square.add(square.transpose()).getData();
    }

    private static double[] packed(double[][] matrix) {
        double[] packed = new double[Packed.length(matrix.length)];
        for (int j = 0; j < matrix.length; j++) {
            for (int i = j; i < matrix.length; i++) {
                packed[Packed.column(matrix.length, j) + i - j] = matrix[i][j];
            }
        }
        return packed;
    }

    private static double[] flat(double[][] vectors) {
        return Arrays.stream(vectors).flatMapToDouble(Arrays::stream).toArray();
    }

    private static void assertClose(double[] actual, double[] expected, double share) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        double off = 0;
        for (int at = 0; at < expected.length; at++) {
            off = Math.max(off, Math.abs(actual[at] - expected[at]));
        }
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(off).isLessThanOrEqualTo(share * largest);
    }
}
