package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a column of features may hold, and with which precision it is multiplied. */
class InputTest {

    private static final double[][] ROWS = floats(LocalSpark.gaussian(120, 40, 4, 3));

    @ParameterizedTest(name = "array<{0}>, nullable numbers: {1}")
    @CsvSource({"float, false", "float, true", "double, false", "double, true"})
    void arraysAreTheSameAsVectors(String type, boolean nullable) {
        PrincipalComponentsModel vectors = new PrincipalComponents().setK(40).fit(LocalSpark.features(ROWS));
        Dataset<Row> rows = arrays(type, nullable, ROWS);
        PrincipalComponentsModel arrays = new PrincipalComponents().setK(40).fit(rows);
        assertThat(arrays.mean()).containsExactly(vectors.mean(), within(1e-12));
        assertThat(arrays.explainedVariance()).containsExactly(vectors.explainedVariance(), within(1e-12));
        assertThat(arrays.spectrum().components()).containsExactly(vectors.spectrum().components(), within(1e-12));
        for (int k : new int[] {2, 40}) {
            assertThat(projected(arrays.cut(k), rows))
                    .isDeepEqualTo(projected(arrays.cut(k), LocalSpark.features(ROWS)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 33})
    void anArrayThatIsNullIsSkippedCountedAndProjectedToNull(int k) {
        Dataset<Row> rows = arrays("float", true, Arrays.copyOf(ROWS, ROWS.length + 4));
        PrincipalComponentsModel model = new PrincipalComponents().setK(k).fit(rows);
        assertThat(model.rowsUsed()).isEqualTo(120);
        assertThat(model.rowsSkipped()).isEqualTo(4);
        assertThat(model.transform(rows).filter("pca is null").count()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"float, 2", "double, 2", "double, 33"})
    void aNullAmongTheNumbersIsNamedByOriginAndFeature(String type, int k) {
        StructType schema = new StructType().add("origin", DataTypes.StringType).add("features", array(type, true));
        List<Row> list = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            list.add(RowFactory.create(i + ".jpg", boxed(type, ROWS[i])));
        }
        Object[] withNull = boxed(type, ROWS[60]);
        withNull[7] = null;
        list.add(RowFactory.create("torn.jpg", withNull));
        Dataset<Row> rows = LocalSpark.session().createDataFrame(list, schema);
        assertThatThrownBy(() -> new PrincipalComponents().fit(rows)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("torn.jpg has null for feature 7 of column \"features\": a PCA needs finite numbers, "
                        + "so mend or drop the row (a null row is skipped).");
        PrincipalComponentsModel model = new PrincipalComponents().setK(k).fit(LocalSpark.features(ROWS));
        assertThatThrownBy(() -> model.transform(rows).collectAsList())
                .hasStackTraceContaining("A row has null for feature 7 of column \"features\".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float", "double"})
    void anEmptyArrayIsRefused(String type) {
        assertThatThrownBy(() -> new PrincipalComponents().fit(arrays(type, true, new double[][] {{}, {}}).coalesce(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Row 1 of partition 0 has no features in column \"features\".");
    }

    @Test
    void anotherTypeIsNamed() {
        Dataset<Row> rows = LocalSpark.session().sql("select array(1, 2) as features");
        assertThatThrownBy(() -> new PrincipalComponents().fit(rows)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Column \"features\" holds array<int>: a PCA needs vectors, or arrays of floats or doubles.");
    }

    @Test
    void sparseVectorsAreProjectedInBlocks() {
        List<Vector> sparse = new ArrayList<>();
        for (double[] row : ROWS) {
            double[] thin = row.clone();
            Arrays.fill(thin, 3, 20, 0);
            sparse.add(Vectors.dense(thin).toSparse());
        }
        List<Vector> dense = sparse.stream().map(v -> (Vector) v.toDense()).toList();
        PrincipalComponentsModel model = new PrincipalComponents().setK(33).fit(LocalSpark.features(ROWS));
        assertThat(projected(model, LocalSpark.features(sparse))).isDeepEqualTo(projected(model, LocalSpark.features(dense)));
    }

    @ParameterizedTest(name = "offset {0}")
    @ValueSource(doubles = {0, 1e6})
    void inSinglePrecisionVariancesAndComponentsAreNearThoseInDouble(double offset) {
        double[][] rows = LocalSpark.gaussian(9000, 6, offset, 19);
        Dataset<Row> data = LocalSpark.features(rows).coalesce(1);
        Spectrum exact = new PrincipalComponents().fit(data).spectrum();
        Spectrum single = new PrincipalComponents().setPrecision("float").fit(data).spectrum();
        assertThat(single.variances()).containsExactly(exact.variances(), within(1e-6 * exact.variances()[0]));
        assertThat(single.variances()).isNotEqualTo(exact.variances());
        assertThat(single.components()).containsExactly(exact.components(), within(1e-5));
        assertThat(single.mean()).containsExactly(exact.mean());
    }

    /** Two standardized features have loadings of ±√½: which is larger is a matter of rounding. */
    @ParameterizedTest
    @ValueSource(strings = {"float", "double"})
    void thePartitionsDoNotTurnASign(String precision) {
        double[][] rows = LocalSpark.gaussian(2000, 2, 0, 5);
        for (int j = 0; j < 2; j++) {
            int column = j;
            double[] values = Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
            double deviation = new StandardDeviation().evaluate(values);
            double mean = new Mean().evaluate(values);
            for (double[] row : rows) {
                row[j] = (row[j] - mean) / deviation;
            }
        }
        double half = Math.sqrt(0.5);
        for (int partitions = 1; partitions <= 8; partitions++) {
            assertThat(new PrincipalComponents().setPrecision(precision)
                    .fit(LocalSpark.features(rows).repartition(partitions)).loadings().values())
                    .as("%d partitions", partitions).containsExactly(new double[] {half, half, half, -half}, within(1e-5));
        }
    }

    @Test
    void anotherPrecisionIsRefused() {
        assertThatThrownBy(() -> new PrincipalComponents().setPrecision("half"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("precision given invalid value half");
    }

    @Test
    void precisionAndCentringAreSaved(@TempDir Path folder) throws Exception {
        PrincipalComponents pca = new PrincipalComponents().setPrecision("float").setCentered(false);
        pca.save(folder.resolve("pca").toString());
        PrincipalComponents read = PrincipalComponents.load(folder.resolve("pca").toString());
        assertThat(read.getPrecision()).isEqualTo("float");
        assertThat(read.getCentered()).isFalse();
        new Pipeline().setStages(new PipelineStage[] {pca}).save(folder.resolve("pipeline").toString());
        read = (PrincipalComponents) Pipeline.load(folder.resolve("pipeline").toString()).getStages()[0];
        assertThat(read.getPrecision()).isEqualTo("float");
        PrincipalComponentsModel model = read.fit(LocalSpark.features(ROWS));
        assertThat(model.getCentered()).isFalse();
        model.save(folder.resolve("model").toString());
        assertThat(PrincipalComponentsModel.load(folder.resolve("model").toString()).getCentered()).isFalse();
    }

    private static Dataset<Row> arrays(String type, boolean nullable, double[][] rows) {
        List<Row> list = new ArrayList<>();
        for (double[] row : rows) {
            list.add(RowFactory.create((Object) (row == null ? null : boxed(type, row))));
        }
        return LocalSpark.session().createDataFrame(list, new StructType().add("features", array(type, nullable)));
    }

    private static DataType array(String type, boolean nullable) {
        return DataTypes.createArrayType(type.equals("float") ? DataTypes.FloatType : DataTypes.DoubleType, nullable);
    }

    private static Object[] boxed(String type, double[] row) {
        return Arrays.stream(row).mapToObj(v -> type.equals("float") ? (Object) (float) v : (Object) v).toArray();
    }

    /** Numbers that a float holds exactly. */
    private static double[][] floats(double[][] rows) {
        for (double[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) row[j];
            }
        }
        return rows;
    }

    private static double[][] projected(PrincipalComponentsModel model, Dataset<Row> rows) {
        return model.transform(rows).select("pca").collectAsList().stream()
                .map(row -> row.<Vector>getAs(0).toArray()).toArray(double[][]::new);
    }
}
