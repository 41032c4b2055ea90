package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verger.pca.linalg.DotProduct;

/** However rows lie in partitions, and however many they are, the fit is the same. */
class PartitionsTest {

    private static final int D = 64;

    @ParameterizedTest(name = "{0} rows in {1} partitions")
    @CsvSource({"32, 1", "32, 7", "33, 1", "33, 7", "64, 7", "65, 7", "192, 1", "192, 7", "192, 200"})
    void theFitIsThatOfCommonsMathWhereverTheRowsLie(int n, int partitions) {
        double[][] data = rows(n);
        double[] mean = new double[D];
        for (double[] row : data) {
            for (int j = 0; j < D; j++) {
                mean[j] += row[j] / n;
            }
        }
        EigenDecomposition expected = new EigenDecomposition(new Covariance(data).getCovarianceMatrix());
        Dataset<Row> rows = LocalSpark.features(data).withColumn("at", functions.monotonically_increasing_id())
                .repartition(partitions, functions.col("at"));
        for (boolean cached : new boolean[] {false, true}) {
            if (cached) {
                rows.cache().count();
            }
            Spectrum spectrum = new PrincipalComponents().fit(rows).spectrum();
            assertThat(spectrum.rows()).isEqualTo(n);
            assertThat(spectrum.mean()).containsExactly(mean, within(1e-12));
            assertThat(spectrum.size()).isEqualTo(Math.min(n - 1, D));
            for (int c = 0; c < spectrum.size(); c++) {
                assertThat(spectrum.variances()[c])
                        .isCloseTo(expected.getRealEigenvalue(c), within(1e-12 * expected.getRealEigenvalue(0)));
            }
            for (int c = 0; c < 12; c++) {
                double[] own = Arrays.copyOfRange(spectrum.components(), c * D, (c + 1) * D);
                double[] other = expected.getEigenvector(c).toArray();
                double sign = Math.signum(DotProduct.of(own, 0, other, 0, D));
                assertThat(own).containsExactly(Arrays.stream(other).map(v -> sign * v).toArray(), within(1e-10));
            }
        }
        rows.unpersist();
    }

    /** Where the cache is still to be filled the work is that of making the rows, which wants its many tasks. */
    @ParameterizedTest(name = "adaptive planning: {0}")
    @ValueSource(booleans = {true, false})
    void onlyRowsThatAreInTheCacheAreTakenInFewTasks(boolean adaptive) throws Exception {
        LocalSpark.session().conf().set("spark.sql.adaptive.enabled", adaptive);
        List<Integer> tasks = new CopyOnWriteArrayList<>();
        SparkListener listener = new SparkListener() {
            @Override
            public void onStageSubmitted(SparkListenerStageSubmitted stage) {
                tasks.add(stage.stageInfo().numTasks());
            }
        };
        Dataset<Row> rows = LocalSpark.session().range(0, 90, 1, 9).selectExpr("array(sin(id), cos(id)) as features").persist();
        SparkContext spark = rows.sparkSession().sparkContext();
        spark.addSparkListener(listener);
        try {
            new PrincipalComponents().fit(rows);
            spark.listenerBus().waitUntilEmpty();
            assertThat(tasks).first().isEqualTo(9);
            tasks.clear();
            new PrincipalComponents().fit(rows);
            spark.listenerBus().waitUntilEmpty();
            assertThat(tasks).first().isEqualTo(2);
        } finally {
            spark.removeSparkListener(listener);
            rows.unpersist();
            LocalSpark.session().conf().unset("spark.sql.adaptive.enabled");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200})
    void partitionsWithoutRowsDoNotCount(int n) {
        double[][] data = rows(n);
        Dataset<Row> some = LocalSpark.features(data).coalesce(1);
        Dataset<Row> none = LocalSpark.features(data).filter("features is null");
        Spectrum alone = new PrincipalComponents().fit(some).spectrum();
        Spectrum among = new PrincipalComponents().fit(none.union(some).union(none)).spectrum();
        assertThat(among.rows()).isEqualTo(n);
        assertThat(among.variances()).containsExactly(alone.variances());
        assertThat(among.components()).containsExactly(alone.components());
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300})
    void anOffsetOfAMillionCostsNoDigits(int n) {
        // Multiples of 2⁻¹⁰, so that adding the offset and taking it away is exact: the reference has none.
        double[][] data = rows(n);
        double[][] far = new double[n][D];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < D; j++) {
                data[i][j] = Math.rint(data[i][j] * 1024) / 1024;
                far[i][j] = data[i][j] + 1e6;
            }
        }
        EigenDecomposition expected = new EigenDecomposition(new Covariance(data).getCovarianceMatrix());
        Spectrum spectrum = new PrincipalComponents().fit(LocalSpark.features(far).repartition(5)).spectrum();
        for (int c = 0; c < 12; c++) {
            double value = expected.getRealEigenvalue(c);
            assertThat(spectrum.variances()[c]).isCloseTo(value, within(1e-9 * value));
            double[] own = Arrays.copyOfRange(spectrum.components(), c * D, (c + 1) * D);
            assertThat(Math.abs(DotProduct.of(own, 0, expected.getEigenvector(c).toArray(), 0, D)))
                    .isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void duplicateRowsAndConstantColumnsLeaveNoVariance() {
        double[][] data = new double[200][];
        double[][] three = rows(3);
        for (int i = 0; i < data.length; i++) {
            data[i] = three[i % 3].clone();
            data[i][5] = 0.1;
        }
        PrincipalComponentsModel model = new PrincipalComponents().setK(D).fit(LocalSpark.features(data).repartition(7));
        assertThat(model.spectrum().variances()).hasSize(D);
        for (int c = 0; c < D; c++) {
            if (c < 2) {
                assertThat(model.spectrum().variances()[c]).isGreaterThan(1e-3);
                assertThat(model.loadings().apply(5, c)).isCloseTo(0, within(1e-14));
            } else {
                assertThat(model.spectrum().variances()[c]).isCloseTo(0, within(1e-12 * model.spectrum().variances()[0]));
            }
        }
        assertThat(model.componentsFor(1)).isEqualTo(2);
    }

    @Test
    void oneFeatureHasItsOwnVariance() {
        PrincipalComponentsModel model = new PrincipalComponents().setK(1)
                .fit(LocalSpark.features(new double[][] {{1}, {2}, {3}, {4}}));
        assertThat(model.mean()).containsExactly(2.5);
        assertThat(model.spectrum().variances()).containsExactly(new double[] {5 / 3.0}, within(1e-15));
        assertThat(model.explainedVariance()).containsExactly(1);
        assertThat(model.loadings().values()).containsExactly(1);
        assertThatThrownBy(() -> new PrincipalComponents().fit(LocalSpark.features(new double[][] {{1}, {2}})))
                .hasMessageStartingWith("k = 2 is not among the 1 to 1 components");
    }

    @Test
    void fewRowsOfManyFeaturesHaveOneComponentFewer() {
        // Row i is i + 1 at a place of its own: the other features are constant, and leave the variances as they are.
        int n = 50;
        int d = 4096;
        double[][] data = new double[n][d];
        double[][] small = new double[n][n];
        for (int i = 0; i < n; i++) {
            data[i][80 * i] = i + 1;
            small[i][i] = i + 1;
        }
        Spectrum spectrum = new PrincipalComponents().fit(LocalSpark.features(data)).spectrum();
        double[] expected = new EigenDecomposition(new Covariance(small).getCovarianceMatrix()).getRealEigenvalues();
        assertThat(spectrum.size()).isEqualTo(n - 1);
        assertThat(spectrum.variances()).containsExactly(Arrays.copyOf(expected, n - 1), within(1e-12 * expected[0]));
    }

    /** Variances of the first features fall by a third each, so that the first components are well separated. */
    private static double[][] rows(int n) {
        double[][] rows = LocalSpark.gaussian(n, D, 0, 41);
        for (double[] row : rows) {
            for (int j = 0; j < D; j++) {
                row[j] = 5 + row[j] * (1 + j / 4.0) * Math.max(0.02, Math.pow(0.8, j));
            }
        }
        return rows;
    }
}
