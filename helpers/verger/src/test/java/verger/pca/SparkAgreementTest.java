package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same rows by Spark's own PCA and by commons-math3's eigenvectors of the covariance. */
class SparkAgreementTest {

    private static final int N = 3000;
    private static final int D = 150;

    private static double[][] data;
    private static Dataset<Row> rows;
    private static PrincipalComponentsModel model;
    private static PCAModel sparks;

    @BeforeAll
    static void fit() {
        data = LocalSpark.gaussian(N, D, 2, 31);
        for (double[] row : data) {
            // Variances fall to a hundredth: a smaller one, to 10⁻¹² of itself, no double-precision scatter holds.
            for (int j = 0; j < D; j++) {
                row[j] *= (1 + j / 4.0) * Math.pow(0.985, j);
            }
        }
        rows = LocalSpark.features(data);
        model = new PrincipalComponents().setK(D).fit(rows);
        sparks = new PCA().setInputCol("features").setOutputCol("pca").setK(D).fit(rows);
    }

    @Test
    void explainedVariancesAreSparks() {
        double[] expected = sparks.explainedVariance().toArray();
        for (int c = 0; c < D; c++) {
            assertThat(model.explainedVariance()[c]).isCloseTo(expected[c], within(1e-12 * expected[c]));
        }
    }

    @Test
    void variancesAndComponentsAreThoseOfTheCovariance() {
        EigenDecomposition expected = new EigenDecomposition(new Covariance(data).getCovarianceMatrix());
        for (int c = 0; c < D; c++) {
            double value = expected.getRealEigenvalue(c);
            assertThat(model.spectrum().variances()[c]).as("variance %d", c).isCloseTo(value, within(1e-12 * value));
        }
        for (int c = 0; c < 100; c++) {
            double[] own = Arrays.copyOfRange(model.spectrum().components(), c * D, (c + 1) * D);
            assertSameUpToSign(own, expected.getEigenvector(c).toArray(), 1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 40})
    void uncentredProjectionsAreSparks(int k) {
        double[][] expected = projections(new PCA().setInputCol("features").setOutputCol("pca").setK(k).fit(rows));
        double[][] actual = projections(model.cut(k).setCentered(false));
        for (int c = 0; c < k; c++) {
            int column = c;
            assertSameUpToSign(Arrays.stream(actual).mapToDouble(row -> row[column]).toArray(),
                    Arrays.stream(expected).mapToDouble(row -> row[column]).toArray(), 1e-9);
        }
    }

    @Test
    void centringIsTheOnlyDifference() {
        double[] centred = projections(model.cut(3))[7];
        double[] uncentred = projections(model.cut(3).setCentered(false))[7];
        for (int c = 0; c < 3; c++) {
            double ofTheMean = 0;
            for (int j = 0; j < D; j++) {
                ofTheMean += model.mean()[j] * model.loadings().apply(j, c);
            }
            assertThat(uncentred[c] - centred[c]).isCloseTo(ofTheMean, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 150})
    void asSparksModelItProjectsTheSame(int k) {
        PrincipalComponentsModel ours = new PrincipalComponents().setK(3).setOutputCol("shadow").fit(rows);
        PCAModel spark = ours.toSpark(k);
        assertThat(spark.getK()).isEqualTo(k);
        assertThat(spark.pc().numCols()).isEqualTo(k);
        assertThat(spark.getInputCol()).isEqualTo("features");
        assertThat(spark.getOutputCol()).isEqualTo("shadow");
        assertThat(spark.explainedVariance().toArray())
                .containsExactly(Arrays.copyOf(model.explainedVariance(), k), within(1e-14));
        assertClose(projections(spark.setOutputCol("pca")),
                projections(ours.cut(k).setCentered(false).setOutputCol("pca")), 1e-12);
    }

    @Test
    void asSparksModelItIsSavedReadAndPiped(@TempDir Path folder) throws Exception {
        PCAModel spark = model.toSpark(4);
        spark.save(folder.resolve("model").toString());
        PCAModel read = PCAModel.load(folder.resolve("model").toString());
        assertThat(read.explainedVariance()).isEqualTo(spark.explainedVariance());
        assertThat(read.pc()).isEqualTo(spark.pc());
        assertThat(read.getK()).isEqualTo(4);
        PipelineModel pipeline = new PipelineModel("pipeline", List.of((Transformer) read));
        assertThat(projections(pipeline)).isDeepEqualTo(projections(spark));
    }

    private static double[][] projections(Transformer transformer) {
        return transformer.transform(rows).select("pca").collectAsList().stream()
                .map(row -> row.<Vector>getAs(0).toArray()).toArray(double[][]::new);
    }

    private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
        double off = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int c = 0; c < expected[i].length; c++) {
                off = Math.max(off, Math.abs(actual[i][c] - expected[i][c]));
            }
        }
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        assertThat(off).isLessThan(tolerance);
    }

    private static void assertSameUpToSign(double[] actual, double[] expected, double tolerance) {
        double dot = 0;
        for (int j = 0; j < actual.length; j++) {
            dot += actual[j] * expected[j];
        }
        double off = 0;
        for (int j = 0; j < actual.length; j++) {
            off = Math.max(off, Math.abs(actual[j] - Math.signum(dot) * expected[j]));
        }
        assertThat(off).isLessThan(tolerance);
    }
}
