package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.pca.linalg.DotProduct;

/** The estimator and its model on Spark. */
class PrincipalComponentsTest {

    private static final double[][] ROWS = LocalSpark.gaussian(40, 6, 10, 1);

    @Test
    void projectsCentredRowsOntoTheLoadings() {
        PrincipalComponentsModel model = new PrincipalComponents().setK(3).fit(LocalSpark.features(ROWS));
        List<Row> projected = model.transform(LocalSpark.features(ROWS)).collectAsList();
        DenseMatrix loadings = model.loadings();
        assertThat(loadings.numRows()).isEqualTo(6);
        assertThat(loadings.numCols()).isEqualTo(3);
        for (int i = 0; i < ROWS.length; i++) {
            for (int c = 0; c < 3; c++) {
                double expected = 0;
                for (int j = 0; j < 6; j++) {
                    expected += (ROWS[i][j] - model.mean()[j]) * loadings.apply(j, c);
                }
                assertThat(projected.get(i).<Vector>getAs("pca").apply(c)).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @Test
    void projectionsAreUncorrelatedWithTheVariancesOfTheSpectrum() {
        PrincipalComponentsModel model = new PrincipalComponents().setK(6).fit(LocalSpark.features(ROWS));
        double[][] projected = model.transform(LocalSpark.features(ROWS)).collectAsList().stream()
                .map(row -> row.<Vector>getAs("pca").toArray()).toArray(double[][]::new);
        double[][] covariance = new Covariance(projected)
                .getCovarianceMatrix().getData();
        double total = 0;
        for (int c = 0; c < 6; c++) {
            total += covariance[c][c];
        }
        for (int a = 0; a < 6; a++) {
            assertThat(covariance[a][a] / total).isCloseTo(model.explainedVariance()[a], within(1e-12));
            for (int b = 0; b < a; b++) {
                assertThat(covariance[a][b]).isCloseTo(0, within(1e-12));
            }
        }
    }

    @Test
    void sparseVectorsCountAsTheirDenseForm() {
        List<Vector> sparse = new ArrayList<>();
        for (double[] row : ROWS) {
            double[] thin = row.clone();
            thin[2] = 0;
            sparse.add(Vectors.dense(thin).toSparse());
        }
        double[] dense = new PrincipalComponents()
                .fit(LocalSpark.features(sparse.stream().map(v -> (Vector) v.toDense()).toList())).explainedVariance();
        PrincipalComponentsModel model = new PrincipalComponents().fit(LocalSpark.features(sparse));
        assertThat(model.explainedVariance()).containsExactly(dense, within(1e-14));
        assertThat(model.transform(LocalSpark.features(sparse)).head().<Vector>getAs("pca").size()).isEqualTo(2);
    }

    @Test
    void nullIsSkippedCountedAndProjectedToNull() {
        double[][] rows = Arrays.copyOf(ROWS, ROWS.length + 3);
        PrincipalComponentsModel model = new PrincipalComponents().fit(LocalSpark.features(rows));
        assertThat(model.rowsUsed()).isEqualTo(40);
        assertThat(model.rowsSkipped()).isEqualTo(3);
        assertThat(model.explainedVariance()).containsExactly(
                new PrincipalComponents().fit(LocalSpark.features(ROWS)).explainedVariance(), within(1e-13));
        assertThat(model.transform(LocalSpark.features(rows)).filter("pca is null").count()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 200})
    void theFitDoesNotDependOnThePartitions(int partitions) {
        double[][] rows = LocalSpark.gaussian(150, 5, 100, 9);
        PrincipalComponentsModel one = new PrincipalComponents().setK(5).fit(LocalSpark.features(rows).coalesce(1));
        // More partitions than rows leave empty ones.
        PrincipalComponentsModel other =
                new PrincipalComponents().setK(5).fit(LocalSpark.features(rows).repartition(partitions));
        assertThat(other.explainedVariance()).containsExactly(one.explainedVariance(), within(1e-12));
        assertThat(other.mean()).containsExactly(one.mean(), within(1e-11));
        assertThat(other.loadings().values()).containsExactly(one.loadings().values(), within(1e-10));
    }

    @Test
    void theWholeSpectrumIsKeptWhateverKIs() {
        PrincipalComponentsModel model = new PrincipalComponents().setK(1).fit(LocalSpark.features(ROWS));
        assertThat(model.explainedVariance()).hasSize(6);
        assertThat(Arrays.stream(model.explainedVariance()).sum()).isCloseTo(1, within(1e-14));
        assertThat(new PrincipalComponents().fit(LocalSpark.features(LocalSpark.gaussian(5, 9, 0, 2))).explainedVariance())
                .hasSize(4);
    }

    @Test
    void aCutModelIsTheOneThatAFitWouldGive() {
        PrincipalComponentsModel model = new PrincipalComponents().setOutputCol("shadow").fit(LocalSpark.features(ROWS));
        PrincipalComponentsModel cut = model.cut(4);
        PrincipalComponentsModel fitted = new PrincipalComponents().setK(4).fit(LocalSpark.features(ROWS));
        assertThat(cut.getK()).isEqualTo(4);
        assertThat(model.getK()).isEqualTo(2);
        assertThat(cut.loadings().values()).containsExactly(fitted.loadings().values(), within(1e-12));
        assertThat(cut.explainedVariance()).containsExactly(model.explainedVariance());
        assertThat(cut.transform(LocalSpark.features(ROWS)).head().<Vector>getAs("shadow").size()).isEqualTo(4);
    }

    @Test
    void componentsThatAreAskedForLaterAreThoseOfOneFit(@TempDir Path folder) throws Exception {
        double[][] rows = LocalSpark.gaussian(400, 150, 1, 21);
        PrincipalComponentsModel few = new PrincipalComponents().setK(3).fit(LocalSpark.features(rows));
        PrincipalComponentsModel all = new PrincipalComponents().setK(150).fit(LocalSpark.features(rows));
        double[] first = few.cut(10).loadings().values();
        double[] later = few.cut(150).loadings().values();
        assertThat(Arrays.copyOf(later, first.length)).containsExactly(first, within(1e-11));
        assertThat(later).containsExactly(all.loadings().values(), within(1e-11));
        few.save(folder.resolve("model").toString());
        assertThat(PrincipalComponentsModel.load(folder.resolve("model").toString()).cut(150).loadings().values())
                .containsExactly(later);
    }

    /** With 512 features or more the first components are found by themselves: where variances tie, many would do. */
    @ParameterizedTest
    @ValueSource(strings = {"variances that tie", "rank 3"})
    void aModelKeepsItsComponentsWhereOthersWouldDoAsWell(String of, @TempDir Path folder) throws Exception {
        int d = 520;
        double[][] rows = new double[2 * d][d];
        double[][] three = LocalSpark.gaussian(3, d, 0, 31);
        double[][] weights = LocalSpark.gaussian(2 * d, 3, 0, 32);
        for (int i = 0; i < rows.length; i++) {
            rows[i][i % d] = of.equals("rank 3") ? 0 : i < d ? 1 : -1;
            for (int j = 0; of.equals("rank 3") && j < d; j++) {
                rows[i][j] = weights[i][0] * three[0][j] + weights[i][1] * three[1][j] + weights[i][2] * three[2][j];
            }
        }
        Dataset<Row> data = LocalSpark.features(rows);
        PrincipalComponentsModel model = new PrincipalComponents().setK(10).fit(data);
        double[] before = model.loadings().values();
        List<Row> projected = model.transform(data.limit(5)).collectAsList();
        model.save(folder.resolve("model").toString());
        PrincipalComponentsModel read = PrincipalComponentsModel.load(folder.resolve("model").toString());
        assertThat(model.loadings().values()).containsExactly(before);
        assertThat(read.loadings().values()).containsExactly(before);
        assertThat(read.transform(data.limit(5)).collectAsList()).isEqualTo(projected);
        double[] all = read.cut(d).loadings().values();
        for (int a = 0; a < d; a++) {
            for (int b = 0; b <= a; b++) {
                assertThat(DotProduct.of(all, a * d, all, b * d, d) - (a == b ? 1 : 0))
                        .as("%d · %d", a, b).isBetween(-1e-12, 1e-12);
            }
        }
    }

    @Test
    void theUsualOffByOneIsNotMade() {
        // Column j holds ±√share in two rows of its own: the variances are proportional to these shares.
        double[] shares = new double[14];
        Arrays.fill(shares, 0, 12, 0.949 / 12);
        shares[12] = 0.026;
        shares[13] = 0.025;
        double[][] rows = new double[28][14];
        for (int j = 0; j < 14; j++) {
            rows[2 * j][j] = Math.sqrt(shares[j]);
            rows[2 * j + 1][j] = -Math.sqrt(shares[j]);
        }
        PrincipalComponentsModel model = new PrincipalComponents().fit(LocalSpark.features(rows));
        assertThat(model.explainedVariance()).containsExactly(shares, within(1e-12));
        assertThat(model.componentsFor(0.95)).isEqualTo(13);
        assertThat(model.cut(model.componentsFor(0.95)).getK()).isEqualTo(13);
    }

    @Test
    void tooManyComponentsShowNDAndK() {
        String sentence = "k = 5 is not among the 1 to 4 components that n = 5 rows of d = 9 features have, min(n − 1, d): "
                + "choose another k or more rows.";
        Dataset<Row> wide = LocalSpark.features(LocalSpark.gaussian(5, 9, 0, 2));
        assertThatThrownBy(() -> new PrincipalComponents().setK(5).fit(wide))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
        assertThatThrownBy(() -> new PrincipalComponents().fit(wide).cut(5))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
        assertThatThrownBy(() -> new PrincipalComponents().fit(wide).cut(0)).hasMessageContaining("k = 0 is not");
        assertThatThrownBy(() -> new PrincipalComponents().setK(0)).hasMessageContaining("parameter k given invalid value 0");
    }

    @Test
    void tooFewRowsAreCountedInTheMessage() {
        assertThatThrownBy(() -> new PrincipalComponents().fit(LocalSpark.features(new double[][] {{1, 2}})))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("A PCA needs at least two rows: got 1.");
        assertThatThrownBy(() -> new PrincipalComponents().fit(LocalSpark.features(new double[][] {null, {1, 2}, null})))
                .hasMessage("A PCA needs at least two rows: got 1, and 2 with null in column \"features\".");
        assertThatThrownBy(() -> new PrincipalComponents().fit(LocalSpark.features(new double[0][])))
                .hasMessage("A PCA needs at least two rows: got 0.");
    }

    @Test
    void identicalRowsAreRefused() {
        assertThatThrownBy(() -> new PrincipalComponents().setK(1)
                .fit(LocalSpark.features(new double[][] {{0.1, 2}, {0.1, 2}, {0.1, 2}})))
                .hasMessage("A PCA needs rows that differ: all 3 are the same, so their variance is zero.");
    }

    @Test
    void aRowThatIsNotFiniteIsNamedByItsOrigin() {
        StructType schema = new StructType().add("origin", DataTypes.StringType).add("features", SQLDataTypes.VectorType());
        Dataset<Row> rows = LocalSpark.session().createDataFrame(List.of(
                RowFactory.create("a.jpg", Vectors.dense(1, 2)),
                RowFactory.create("Pêche 1/b.jpg", Vectors.dense(1, Double.NaN)),
                RowFactory.create("c.jpg", Vectors.dense(0, 2))), schema);
        assertThatThrownBy(() -> new PrincipalComponents().fit(rows)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Pêche 1/b.jpg has NaN for feature 1 of column \"features\": a PCA needs finite numbers, "
                        + "so mend or drop the row (a null row is skipped).");
    }

    @Test
    void withoutAnOriginARowIsNamedByItsPlace() {
        double[][] rows = {{1, 2}, null, {Double.NEGATIVE_INFINITY, 0}, {3, 4}};
        assertThatThrownBy(() -> new PrincipalComponents().fit(LocalSpark.features(rows).coalesce(1)))
                .hasMessageStartingWith("Row 3 of partition 0 has -Infinity for feature 0 of column \"features\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin", "Origin"})
    void ofTwoOriginsNoneNamesARow(String second) {
        double[][] rows = Arrays.copyOf(ROWS, 41);
        rows[40] = new double[] {1, 2, Double.NaN, 4, 5, 6};
        Dataset<Row> one = LocalSpark.features(rows).coalesce(1).withColumn("origin", functions.lit("a"));
        Dataset<Row> two = one.join(LocalSpark.session().sql("select 'b' as " + second));
        assertThat(two.columns()).containsExactly("features", "origin", second);
        assertThatThrownBy(() -> new PrincipalComponents().fit(two))
                .hasMessageStartingWith("Row 41 of partition 0 has NaN for feature 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void rowsOfDifferentSizesAreRefused(int partitions) {
        assertThatThrownBy(() -> new PrincipalComponents().fit(
                LocalSpark.features(new double[][] {{1, 2}, {3, 4}, {1, 2, 3}}).repartition(partitions)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("all rows need the same number");
    }

    @Test
    void aFitFailsBeforeAnyJobIfTheSchemaIsWrong() {
        Dataset<Row> rows = LocalSpark.features(ROWS).withColumn("label", functions.lit("x"));
        assertThatThrownBy(() -> new PrincipalComponents().setInputCol("feature").fit(rows))
                .hasMessage(
                        "Column \"feature\" not found: the columns are features, label; name the features with setInputCol.");
        assertThatThrownBy(() -> new PrincipalComponents().setInputCol("label").fit(rows))
                .hasMessage("Column \"label\" holds string: a PCA needs vectors, or arrays of floats or doubles.");
        assertThatThrownBy(() -> new PrincipalComponents().setOutputCol("label").fit(rows)).hasMessage(
                "Column \"label\" is there already: the columns are features, label; name another with setOutputCol.");
    }

    @Test
    void sizesThatTheSchemaTellsAreCheckedBeforeAnyJob() {
        Dataset<Row> three = new VectorAssembler().setInputCols(new String[] {"a", "b", "c"}).setOutputCol("features")
                .transform(LocalSpark.session().range(9).selectExpr("id a", "id * id b", "sin(id) c"));
        assertThatThrownBy(() -> new PrincipalComponents().setK(4).transformSchema(three.schema())).hasMessage(
                "k = 4 is above the d = 3 features of column \"features\": a PCA has at most d components.");
        PrincipalComponentsModel model = new PrincipalComponents().fit(LocalSpark.features(ROWS));
        assertThatThrownBy(() -> model.transformSchema(three.schema()))
                .hasMessage("The schema has 3 features in column \"features\": the PCA was fitted on 6.");
    }

    @Test
    void featuresOfAnotherSizeThanTheFitsAreRefused() {
        PrincipalComponentsModel model = new PrincipalComponents().fit(LocalSpark.features(ROWS));
        assertThatThrownBy(() -> model.transform(LocalSpark.features(new double[][] {{1, 2, 3}})).collect())
                .hasStackTraceContaining(
                        "A row has 3 features in column \"features\": the PCA was fitted on 6.");
    }

    @Test
    void theColumnOfProjectionsKnowsItsSize() {
        PrincipalComponentsModel model = new PrincipalComponents().setK(3).fit(LocalSpark.features(ROWS));
        Dataset<Row> projected = model.transform(LocalSpark.features(ROWS));
        assertThat(AttributeGroup.fromStructField(projected.schema().apply("pca")).size()).isEqualTo(3);
        assertThat(projected.schema().apply("pca").metadata())
                .isEqualTo(model.transformSchema(LocalSpark.features(ROWS).schema()).apply("pca").metadata());
    }

    @Test
    void aModelReadBackIsTheSameAndCanBeCut(@TempDir Path folder) throws Exception {
        String path = folder.resolve("model é").toString();
        PrincipalComponentsModel model = new PrincipalComponents().setK(3).setOutputCol("shadow")
                .fit(LocalSpark.features(Arrays.copyOf(ROWS, 41)));
        model.save(path);
        PrincipalComponentsModel read = PrincipalComponentsModel.load(path);
        assertThat(read.uid()).isEqualTo(model.uid());
        assertThat(read.getK()).isEqualTo(3);
        assertThat(read.getOutputCol()).isEqualTo("shadow");
        assertThat(read.rowsUsed()).isEqualTo(40);
        assertThat(read.rowsSkipped()).isEqualTo(1);
        assertThat(read.mean()).containsExactly(model.mean());
        assertThat(read.explainedVariance()).containsExactly(model.explainedVariance());
        assertThat(read.cut(6).loadings().values()).containsExactly(model.cut(6).loadings().values());
        assertThat(read.transform(LocalSpark.features(ROWS)).collectAsList())
                .isEqualTo(model.transform(LocalSpark.features(ROWS)).collectAsList());
        String[] parts = new File(path, "data")
                .list((dir, name) -> name.endsWith(".parquet") && !name.startsWith("."));
        assertThat(parts).hasSize(1);
    }

    @Test
    void theEstimatorCanBeSavedToo(@TempDir Path folder) throws Exception {
        String path = folder.resolve("pca").toString();
        new PrincipalComponents().setK(5).setInputCol("x").save(path);
        PrincipalComponents read = PrincipalComponents.load(path);
        assertThat(read.getK()).isEqualTo(5);
        assertThat(read.getInputCol()).isEqualTo("x");
        assertThat(read.getOutputCol()).isEqualTo("pca");
    }

    @Test
    void itIsAStageOfAPipeline(@TempDir Path folder) throws Exception {
        Dataset<Row> rows = LocalSpark.session().range(30)
                .selectExpr("cast(id as double) a", "cast(id * id as double) b", "sin(id) c");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new VectorAssembler().setInputCols(new String[] {"a", "b", "c"}).setOutputCol("features"),
            new PrincipalComponents().setK(2)});
        pipeline.save(folder.resolve("pipeline").toString());
        PipelineModel model = Pipeline.load(folder.resolve("pipeline").toString()).fit(rows);
        model.save(folder.resolve("model").toString());
        PipelineModel read = PipelineModel.load(folder.resolve("model").toString());
        assertThat(read.transform(rows).collectAsList()).isEqualTo(model.transform(rows).collectAsList());
        assertThat(((PrincipalComponentsModel) read.stages()[1]).parent()).isNull();
    }

    @Test
    void aFitWithAParamMapOverridesK() {
        PrincipalComponents pca = new PrincipalComponents();
        PrincipalComponentsModel model = pca.fit(LocalSpark.features(ROWS),
                new ParamMap().put(pca.k().w(4)));
        assertThat(model.getK()).isEqualTo(4);
        assertThat(model.hasParent()).isTrue();
    }
}
