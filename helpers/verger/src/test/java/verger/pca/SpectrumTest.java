package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numerical core against commons-math3 and closed forms. */
class SpectrumTest {

    @ParameterizedTest(name = "{0} rows of {1} features, offset {2}")
    @CsvSource({"300, 20, 0", "70, 3, 5", "30, 3, 0", "21, 20, 0", "20, 20, 0", "12, 40, 0", "2, 5, 1", "500, 130, -3"})
    void agreesWithTheSingularValuesOfTheCentredRows(int n, int d, double offset) {
        double[][] rows = LocalSpark.gaussian(n, d, offset, 7);
        agreesWithSvd(rows, Spectrum.of(moments(rows)), 1e-9);
    }

    @Test
    void agreesWithTheEigenvectorsOfTheCovariance() {
        double[][] rows = LocalSpark.gaussian(400, 12, 2, 11);
        Spectrum spectrum = Spectrum.of(moments(rows));
        EigenDecomposition expected = new EigenDecomposition(new Covariance(rows).getCovarianceMatrix());
        for (int c = 0; c < 12; c++) {
            double value = expected.getRealEigenvalue(c);
            assertThat(spectrum.variances()[c]).isCloseTo(value, within(1e-9 * value));
            assertSameUpToSign(column(spectrum, c), expected.getEigenvector(c).toArray(), 1e-9);
        }
    }

    @ParameterizedTest(name = "{0} rows of {1} features")
    @CsvSource({"2000, 6", "6, 30"})
    void keepsItsDigitsFarFromZero(int n, int d) {
        // The doubles near 10⁶ are themselves 10⁻¹⁰ apart: what is compared are exactly these doubles.
        double[][] rows = LocalSpark.gaussian(n, d, 1e6, 3);
        agreesWithSvd(rows, Spectrum.of(moments(rows)), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 200})
    void isTheSameHoweverTheRowsAreSplit(int parts) {
        double[][] rows = LocalSpark.gaussian(1000, 15, 1e3, 5);
        Spectrum whole = Spectrum.of(moments(rows));
        Moments merged = new Moments(15, false);
        for (int p = 0; p < parts; p++) {
            Moments part = new Moments(15, false);
            for (int i = p; i < rows.length; i += parts) {
                part.add(rows[i]);
            }
            part.close();
            merged.merge(part);
            merged.merge(new Moments(15, false));
        }
        Spectrum spectrum = Spectrum.of(merged);
        assertThat(merged.count()).isEqualTo(1000);
        assertThat(spectrum.mean()).containsExactly(whole.mean(), within(1e-10));
        for (int c = 0; c < 15; c++) {
            assertThat(spectrum.variances()[c]).isCloseTo(whole.variances()[c], within(1e-11 * whole.variances()[c]));
        }
        assertThat(spectrum.components()).containsExactly(whole.components(), within(1e-10));
    }

    @Test
    void rowsOnALineHaveOneComponentAlongIt() {
        // (3, 4)/5 times −2, −1, 0, 1, 2: variance 10/4.
        double[][] rows = {{-6, -8}, {-3, -4}, {0, 0}, {3, 4}, {6, 8}};
        Spectrum spectrum = Spectrum.of(moments(rows));
        assertThat(spectrum.variances()).containsExactly(new double[] {25 * 10 / 4.0, 0}, within(1e-12));
        assertThat(column(spectrum, 0)).containsExactly(new double[] {0.6, 0.8}, within(1e-14));
    }

    @Test
    void theLargestLoadingIsPositiveAndOfEqualOnesTheFirst() {
        double[][] falling = {{-1, 1}, {0, 0}, {1, -1}};
        assertThat(column(Spectrum.of(moments(falling)), 0))
                .containsExactly(new double[] {Math.sqrt(0.5), -Math.sqrt(0.5)}, within(1e-14));
        double[][] steep = {{-1, 2}, {0, 0}, {1, -2}};
        assertThat(column(Spectrum.of(moments(steep)), 0))
                .containsExactly(new double[] {-1 / Math.sqrt(5), 2 / Math.sqrt(5)}, within(1e-14));
    }

    @Test
    void theCornersOfASimplexHaveEqualVariances() {
        // The centred unit vectors e₁ … e₅: four eigenvalues 1/(n−1), each explaining a quarter.
        double[][] rows = new double[5][5];
        for (int i = 0; i < 5; i++) {
            rows[i][i] = 1;
        }
        Spectrum spectrum = Spectrum.of(moments(rows));
        assertThat(spectrum.variances()).containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, within(1e-14));
        assertOrthonormal(spectrum, 1e-12);
    }

    @ParameterizedTest(name = "{0} rows of {1} features")
    @CsvSource({"10, 30", "60, 30"})
    void constantColumnsAndDuplicateRowsLeaveOrthonormalComponents(int n, int d) {
        double[][] rows = LocalSpark.gaussian(n, d, 0, 13);
        for (int i = 0; i < n; i++) {
            for (int j = 20; j < d; j++) {
                rows[i][j] = 0.1;
            }
        }
        rows[1] = rows[0].clone();
        rows[2] = rows[0].clone();
        rows[n - 1] = rows[n - 2].clone();
        Spectrum spectrum = Spectrum.of(moments(rows));
        int rank = Math.min(n - 4, 20);
        assertThat(spectrum.size()).isEqualTo(Math.min(n - 1, d));
        assertThat(spectrum.variances()[rank - 1]).isGreaterThan(1e-6);
        for (int c = rank; c < spectrum.size(); c++) {
            assertThat(spectrum.variances()[c]).isZero();
        }
        assertOrthonormal(spectrum, 1e-12);
    }

    @ParameterizedTest(name = "{0} rows of {1} features")
    @CsvSource({"40, 60", "200, 60"})
    void componentsOfTinyVarianceStayOrthonormal(int n, int d) {
        double[][] rows = LocalSpark.gaussian(n, d, 0, 17);
        for (double[] row : rows) {
            for (int j = 0; j < d; j++) {
                row[j] *= Math.pow(10, -j / 6.0);
            }
        }
        Spectrum spectrum = Spectrum.of(moments(rows));
        assertOrthonormal(spectrum, 1e-10);
        assertThat(spectrum.variances()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 50, 500})
    void rowsThatAreAllTheSameAreRefused(int n) {
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {0.1, 1e6 + 1.0 / 3, -7e-3};
        }
        assertThatThrownBy(() -> Spectrum.of(moments(rows))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A PCA needs rows that differ: all " + n + " are the same, so their variance is zero.");
    }

    /** The square of 10⁻²⁰⁰ is zero in double, that of 10⁻³⁰ in single precision; a few rows are multiplied in double. */
    @ParameterizedTest(name = "{0} rows that differ by {1}, single precision: {2}")
    @CsvSource({"3, 1e-200, false", "3, 1e-200, true", "500, 1e-200, false", "500, 1e-30, true"})
    void aVarianceBelowTheSmallestNumberIsRefusedAsSuch(int n, double by, boolean single) {
        double[][] rows = new double[n][8];
        for (int i = 0; i < n; i++) {
            rows[i][1] = i % 2 * by;
        }
        Moments moments = new Moments(8, single);
        for (double[] row : rows) {
            moments.add(row);
        }
        assertThatThrownBy(() -> Spectrum.of(moments)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "A PCA needs features of a sensible size: the variance of these is below the smallest number of its "
                                + "precision.");
    }

    @Test
    void partsThatDifferOnlyFromOneAnotherDiffer() {
        Moments whole = new Moments(2, false);
        for (double value : new double[] {0, 1e-200}) {
            Moments part = new Moments(2, false);
            for (int i = 0; i < 5; i++) {
                part.add(new double[] {value, 3});
            }
            part.close();
            whole.merge(part);
        }
        assertThatThrownBy(() -> Spectrum.of(whole)).hasMessageEndingWith("below the smallest number of its precision.");
    }

    @Test
    void aVarianceBeyondTheLargestDoubleIsRefused() {
        double[][] rows = {{1e200, 0}, {-1e200, 1}, {0, 2}};
        assertThatThrownBy(() -> Spectrum.of(moments(rows))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beyond the largest number of its precision");
    }

    private static Moments moments(double[][] rows) {
        Moments moments = new Moments(rows[0].length, false);
        for (double[] row : rows) {
            moments.add(row);
        }
        return moments;
    }

    private static void agreesWithSvd(double[][] rows, Spectrum spectrum, double tolerance) {
        int n = rows.length;
        int d = rows[0].length;
        double[][] centred = new double[n][d];
        for (int j = 0; j < d; j++) {
            // Means in exact arithmetic, or the offset of 10⁶ would blur the reference itself.
            BigDecimal sum = BigDecimal.ZERO;
            for (double[] row : rows) {
                sum = sum.add(new BigDecimal(row[j]));
            }
            BigDecimal mean = sum.divide(BigDecimal.valueOf(n), MathContext.DECIMAL128);
            for (int i = 0; i < n; i++) {
                centred[i][j] = new BigDecimal(rows[i][j]).subtract(mean).doubleValue();
            }
        }
        boolean wide = d > n;
        Array2DRowRealMatrix matrix = new Array2DRowRealMatrix(centred);
        SingularValueDecomposition svd = new SingularValueDecomposition(wide ? matrix.transpose() : matrix);
        assertThat(spectrum.size()).isEqualTo(Math.min(n - 1, d));
        for (int c = 0; c < spectrum.size(); c++) {
            double variance = Math.pow(svd.getSingularValues()[c], 2) / (n - 1);
            assertThat(spectrum.variances()[c]).as("variance %d", c).isCloseTo(variance, within(tolerance * variance));
            double[] expected = wide ? svd.getU().getColumn(c) : svd.getV().getColumn(c);
            assertSameUpToSign(column(spectrum, c), expected, tolerance);
        }
    }

    private static void assertSameUpToSign(double[] actual, double[] expected, double tolerance) {
        double dot = 0;
        for (int j = 0; j < actual.length; j++) {
            dot += actual[j] * expected[j];
        }
        for (int j = 0; j < actual.length; j++) {
            assertThat(actual[j]).isCloseTo(Math.signum(dot) * expected[j], within(tolerance));
        }
    }

    private static void assertOrthonormal(Spectrum spectrum, double tolerance) {
        for (int a = 0; a < spectrum.size(); a++) {
            for (int b = 0; b <= a; b++) {
                double dot = 0;
                for (int j = 0; j < spectrum.features(); j++) {
                    dot += column(spectrum, a)[j] * column(spectrum, b)[j];
                }
                assertThat(dot).as("%d · %d", a, b).isCloseTo(a == b ? 1 : 0, within(tolerance));
            }
        }
    }

    private static double[] column(Spectrum spectrum, int c) {
        return Arrays.copyOfRange(spectrum.components(), c * spectrum.features(), (c + 1) * spectrum.features());
    }
}
