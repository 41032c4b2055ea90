package verger.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.features.ImagesSeen;
import verger.images.Images;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;

/** Against Spark's own tuning of the same pipeline. */
@Tag("slow")
class TuningTest {

    private static final SparkSession SPARK = TestSpark.session();
    private static final Dataset<Row> FEATURES = features().persist();
    /** Of the file's name alone, as the checkout may lie in a folder of any name. */
    private static final String SECOND_FILM = "startswith(substring_index(origin, '/', -1), 'r_')";

    private final ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork("EfficientNet-Lite0");
    private final PrincipalComponents pca = new PrincipalComponents();
    private final LogisticRegression classifier =
            new LogisticRegression().setFeaturesCol("pca").setLabelCol("labelIndex").setMaxIter(4);
    private final Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {pca, classifier});
    private final ParamMap[] grid = new ParamGridBuilder()
            .addGrid(pca.k(), new int[] {1, 6}).addGrid(classifier.regParam(), new double[] {0.01, 1}).build();
    private final MulticlassClassificationEvaluator accuracy =
            new MulticlassClassificationEvaluator().setLabelCol("labelIndex").setMetricName("accuracy");

    @Test
    void foldsAndTheirMetricsAreThoseOfSpark() {
        CrossValidatorModel spark =
                new CrossValidator().setEstimator(pipeline).setEstimatorParamMaps(grid).setEvaluator(accuracy)
                        .setNumFolds(2).setFoldCol("fold").setCollectSubModels(true).fit(FEATURES);

        Tuned tuned = tuning().setNumFolds(2).setFoldCol("fold").setParallelism(3).on(featurizer, FEATURES).fit();

        assertThat(tuned.metric()).isEqualTo("accuracy");
        assertThat(tuned.candidates()).hasSize(4);
        for (int c = 0; c < grid.length; c++) {
            Candidate candidate = candidate(tuned, grid[c]);
            assertThat(candidate.mean()).isEqualTo(spark.avgMetrics()[c]);
            double[] folds = new double[2];
            for (int fold = 0; fold < 2; fold++) {
                Model<?> model = spark.subModels()[fold][c];
                folds[fold] = accuracy.evaluate(model.transform(FEATURES.filter("fold = " + fold)));
            }
            assertThat(candidate.folds()).containsExactly(folds);
        }
        assertThat(tuned.candidates()).extracting(Candidate::mean).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(tuned.best().mean()).isEqualTo(Arrays.stream(spark.avgMetrics()).max().orElseThrow());
        PipelineModel best = (PipelineModel) tuned.model().stages()[1];
        PipelineModel sparks = (PipelineModel) spark.bestModel();
        assertThat(((PrincipalComponentsModel) best.stages()[0]).loadings().toArray())
                .containsExactly(((PrincipalComponentsModel) sparks.stages()[0]).loadings().toArray(), within(1e-12));
    }

    @Test
    void itSaysWhatItIsAboutToDo() {
        assertThat(tuning().on(featurizer, FEATURES)).hasToString("4 candidates on 1 network, 3 folds");
        assertThat(tuning().setTrainRatio(0.75).on(featurizer, FEATURES).on(featurizer, FEATURES)).hasToString(
                "4 candidates on 2 networks, one split, 0.75 to learn from");
    }

    @Test
    void deviationsAreThoseOfASample() {
        Candidate candidate = new Candidate("n", Map.of(), 5, new double[] {2, 4, 4, 4, 5, 5, 7, 9});

        assertThat(candidate.deviation()).isEqualTo(Math.sqrt(32.0 / 7), within(1e-15)); // R: sd(c(2,4,4,4,5,5,7,9))
    }

    @Test
    void oneSplitInThePlaceOfFolds() {
        double[] spark = new TrainValidationSplit().setEstimator(pipeline).setEstimatorParamMaps(grid).setEvaluator(accuracy)
                .setTrainRatio(0.6).setSeed(5).fit(FEATURES).validationMetrics();

        Tuned tuned = tuning().setTrainRatio(0.6).setSeed(5).on(featurizer, FEATURES).fit();

        for (int c = 0; c < grid.length; c++) {
            assertThat(candidate(tuned, grid[c]).folds()).containsExactly(spark[c]);
        }
        Dataset<Row> table = tuned.table(SPARK);
        assertThat(table.columns()).containsExactly("network", "k", "regParam", "accuracy", "deviation");
        assertThat(table.filter("deviation is not null").count()).isZero();
        assertThat(table.first()).isEqualTo(RowFactory.create("EfficientNet-Lite0", tuned.best().params().get("k"),
                tuned.best().params().get("regParam"), tuned.best().mean(), null));
    }

    @Test
    void ofAnErrorTheSmallestIsTheBest() {
        Tuned tuned = tuning().setEvaluator(accuracy.copy(ParamMap.empty()).setMetricName("logLoss")).setTrainRatio(0.7)
                .on(featurizer, FEATURES).fit();

        assertThat(tuned.candidates()).extracting(Candidate::mean).isSorted();
        assertThat(tuned.toString()).startsWith("Best of 4 candidates: EfficientNet-Lite0, k = ").contains("with logLoss 0.");
    }

    @Test
    void aPcaIsFittedOnceForAllK() {
        CachingPca once = CachingPca.inPlaceOf(new PrincipalComponents().setOutputCol("reduced"));
        PrincipalComponentsModel two = once.fit(FEATURES);
        SPARK.sparkContext().setJobGroup("second fit", "", false);

        PrincipalComponentsModel six = once.copy(new ParamMap().put(pca.k().w(6))).fit(FEATURES);
        PrincipalComponentsModel five = (PrincipalComponentsModel) once.fit(FEATURES, ParamMap.empty().put(once.k().w(5)));

        assertThat(SPARK.sparkContext().statusTracker().getJobIdsForGroup("second fit")).isEmpty();
        SPARK.sparkContext().clearJobGroup();
        assertThat(two.getK()).isEqualTo(2);
        assertThat(six.getK()).as("a param of another stage").isEqualTo(2);
        assertThat(five.getK()).isEqualTo(5);
        assertThat(five.getOutputCol()).isEqualTo("reduced");
        assertThat(five.loadings().toArray())
                .containsExactly(new PrincipalComponents().setK(5).fit(FEATURES).loadings().toArray(), within(1e-12));
        assertThat(once.fit(FEATURES.filter("fold > 0")).mean()).as("other rows").isNotEqualTo(two.mean());
    }

    @Test
    void networksAreComparedAndTheirImagesGoThroughThemOnce(@TempDir Path folder) throws Exception {
        Dataset<Row> photographs = Images.reader(SPARK).read(sample("Training/{Lemon,Pear,Tomato 1}"));
        StringIndexerModel classes = new StringIndexer().setInputCol("label").setOutputCol("labelIndex").fit(photographs);
        Dataset<Row> indexed = classes.transform(photographs.filter("not " + SECOND_FILM));
        pipeline.setStages(new PipelineStage[] {pca, classifier,
            new IndexToString().setInputCol("prediction").setOutputCol("predicted").setLabels(classes.labelsArray()[0])});
        long before = ImagesSeen.count(SPARK);

        Tuned tuned =
                tuning().setNumFolds(2).setEstimatorParamMaps(new ParamGridBuilder().addGrid(pca.k(), new int[] {2, 6}).build())
                        .on(new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64), indexed)
                        .on(new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(96), indexed).fit();

        assertThat(ImagesSeen.count(SPARK) - before).as("2 networks, 36 images, 4 candidates, 2 folds").isEqualTo(2 * 36);
        assertThat(tuned.candidates()).hasSize(4).extracting(Candidate::network).containsOnly(
                "EfficientNet-Lite0 at 64 pixels", "EfficientNet-Lite0 at 96 pixels");
        Dataset<Row> others = photographs.filter(SECOND_FILM).drop("label").limit(9);
        List<Row> predicted =
                tuned.model().transform(others).select("origin", "predicted", "probability").orderBy("origin").collectAsList();
        tuned.model().save(folder.resolve("model").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("model").toString());
        assertThat(loaded.transform(others).select("origin", "predicted", "probability").orderBy("origin").collectAsList())
                .hasSize(9).isEqualTo(predicted);
        ImageFeaturizer saved = (ImageFeaturizer) loaded.stages()[0];
        assertThat(saved.getWeightsSha256()).startsWith("579344248a93");
        assertThat(saved.getHandleInvalid()).isEqualTo("skip");
    }

    @Test
    void aMetricThatIsNotANumberIsRefused() {
        // The deviation of labels that are all the same is 0, and r2 a share of it.
        Dataset<Row> same = FEATURES.withColumn("labelIndex", functions.lit(0.0)).withColumn("prediction", functions.lit(0.0));
        RegressionEvaluator r2 = new RegressionEvaluator().setLabelCol("labelIndex").setMetricName("r2");
        assertThat(r2.evaluate(same)).isNaN();
        Pipeline nothing = new Pipeline().setStages(new PipelineStage[] {});

        assertThatThrownBy(() -> new Tuning().setEstimator(nothing).setEvaluator(r2).setNumFolds(2).on(featurizer, same).fit())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A candidate cannot be compared with the others, as its r2 is NaN: "
                        + "EfficientNet-Lite0 (folds: [NaN, NaN]); leave it out");
    }

    @Test
    void candidatesMayHaveDifferentSettings() {
        Tuned tuned = new Tuned(List.of(
                new Candidate("one", Map.of("maxDepth", 3), 0.9, new double[] {0.9}),
                new Candidate("one", Map.of("regParam", 0.1), 0.8, new double[] {0.8})), "f1", null);

        assertThat(tuned.table(SPARK).columns()).containsExactly("network", "maxDepth", "regParam", "f1", "deviation");
        assertThat(tuned.table(SPARK).collectAsList()).containsExactly(
                RowFactory.create("one", 3, null, 0.9, null), RowFactory.create("one", null, 0.1, 0.8, null));
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThatThrownBy(() -> tuning().setTrainRatio(0.8).setFoldCol("fold").on(featurizer, FEATURES).fit()).hasMessage(
                "A tuning has either one split or folds: trainRatio is 0.8 and foldCol is fold; set foldCol=null, or "
                        + "setNumFolds in the place of setTrainRatio");
        assertThatThrownBy(() -> new Tuning().setEstimator(pipeline).setEvaluator(accuracy).fit())
                .hasMessageContaining("a network (on)");
        assertThatThrownBy(() -> tuning().on(featurizer, FEATURES).on(featurizer, FEATURES).fit()).hasMessage(
                "Two of the networks of a tuning are EfficientNet-Lite0: their candidates could not be told apart");
        assertThatThrownBy(() -> new Tuning().setTrainRatio(1)).hasMessage("trainRatio must be above 0 and below 1: got 1.0");
        assertThatThrownBy(() -> new Tuning().setNumFolds(1)).hasMessageContaining("numFolds must be 2 or more: got 1");
        assertThatThrownBy(() -> new Tuning().setParallelism(0)).hasMessage("parallelism must be 1 or more: got 0");
    }

    private Tuning tuning() {
        return new Tuning().setEstimator(pipeline).setEstimatorParamMaps(grid).setEvaluator(accuracy);
    }

    private Candidate candidate(Tuned tuned, ParamMap params) {
        return tuned.candidates().stream().filter(candidate -> candidate.params().get("k").equals(params.apply(pca.k()))
                && candidate.params().get("regParam").equals(params.apply(classifier.regParam()))).findFirst().orElseThrow();
    }

    private static String sample(String folder) {
        return Path.of(System.getProperty("verger.home"), "data-sample").resolve(folder).toString();
    }

    /** Three classes that overlap, with a column of folds. */
    private static Dataset<Row> features() {
        Random random = new Random(4);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            double[] values = new double[8];
            for (int j = 0; j < 8; j++) {
                values[j] = random.nextGaussian() * (8 - j) + (j % 3 == i % 3 ? 4 : 0);
            }
            rows.add(RowFactory.create(Vectors.dense(values), (double) (i % 3), random.nextInt(2)));
        }
        StructType schema = new StructType().add("features", SQLDataTypes.VectorType()).add("labelIndex", DataTypes.DoubleType)
                .add("fold", DataTypes.IntegerType);
        return SPARK.createDataFrame(rows, schema).coalesce(2);
    }
}
