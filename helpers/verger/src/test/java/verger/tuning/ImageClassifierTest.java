package verger.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.NaiveBayes;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.images.Images;
import verger.images.TestImages;
import verger.pca.PrincipalComponents;

@Tag("slow")
class ImageClassifierTest {

    private static final SparkSession SPARK = TestSpark.session();

    private static ImageFeaturizer featurizer;
    private static Dataset<Row> images;
    private static StringIndexerModel classes;
    private static Dataset<Row> features;

    @TempDir
    Path folder;

    @BeforeAll
    static void featurize() {
        featurizer = new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64).pinned().setHandleInvalid("skip");
        images = Images.read(SPARK,
                Path.of(System.getProperty("verger.home"), "data-sample/Test/{Lemon,Pear,Tomato 1}").toString());
        classes = new StringIndexer().setInputCol("label").setOutputCol("labelIndex").fit(images);
        features = classes.transform(featurizer.transform(images)).drop("content").persist();
    }

    @Test
    void aFunctionOfSqlSaysWhatTheModelSays() {
        ImageClassifier classifier = ImageClassifier.of(logistic(new PrincipalComponents().setK(5)));

        classifier.register(SPARK, "image_classify");

        images.createOrReplaceTempView("photographs");
        List<Row> inSql = SPARK.sql("select image_classify(content, 2) from photographs order by origin").collectAsList();
        List<Row> byTheModel =
                classifier.model().transform(images).select("predicted", "probability").orderBy("origin").collectAsList();
        List<Row> classified = classifier.classify(images, 2).select("predictions").orderBy("origin").collectAsList();
        assertThat(inSql).hasSize(18);
        for (int i = 0; i < 18; i++) {
            List<Row> top = inSql.get(i).getList(0);
            assertThat(top).hasSize(2);
            assertThat(top.get(0).getString(1)).isEqualTo(byTheModel.get(i).getString(0))
                    .isEqualTo(classes.labelsArray()[0][top.get(0).getInt(0)]);
            assertThat((double) top.get(0).getFloat(2))
                    .isCloseTo(byTheModel.get(i).<Vector>getAs(1).apply(top.get(0).getInt(0)), within(1e-4));
            assertThat(top.get(0).getFloat(2)).isGreaterThanOrEqualTo(top.get(1).getFloat(2));
            assertThat(classified.get(i).<Row>getList(0).get(0).getString(1)).isEqualTo(top.get(0).getString(1));
        }
    }

    @Test
    void anImageThatCannotBeUsedIsNullInSqlAndNoRowOtherwise() {
        TestImages.write(folder.resolve("a.jpg"), "apples, pears".getBytes(StandardCharsets.UTF_8));
        Dataset<Row> broken = Images.read(SPARK, folder.toString());
        ImageClassifier classifier = ImageClassifier.of(logistic(null));
        classifier.register(SPARK, "image_classify");

        assertThat(broken.selectExpr("image_classify(content)").first().isNullAt(0)).isTrue();
        assertThat(classifier.classify(broken, 1).count()).isZero();
    }

    @Test
    void withoutNamesClassesHaveNumbers() {
        NaiveBayes bayes = new NaiveBayes().setLabelCol("labelIndex");
        PipelineModel nameless = new Pipeline().setStages(new PipelineStage[] {featurizer, bayes.fit(features)}).fit(images);

        ImageClassifier classifier = ImageClassifier.of(nameless);

        assertThat(classifier.classes()).containsExactly("class 0", "class 1", "class 2");
        assertThat(classifier.classify(images, 9).select("predictions").first().<Row>getList(0)).hasSize(3);
    }

    @Test
    void whatIsNoClassifierOfPhotographsIsRefused() throws Exception {
        assertThatThrownBy(() -> ImageClassifier.load(SPARK, "/nowhere/model")).hasMessage(
                "There is no saved model at /nowhere/model (looked for file:/nowhere/model): let notebooks/run "
                        + "transfer-learning make one, or give the folder of a saved PipelineModel");
        PipelineModel onFeatures = new Pipeline().setStages(new PipelineStage[] {regression()}).fit(features);
        onFeatures.save(folder.resolve("model").toString());
        assertThatThrownBy(() -> ImageClassifier.load(SPARK, folder.resolve("model").toString())).hasMessage(
                "A model that classifies photographs has an ImageFeaturizer, to take photographs: this one has 0 among LogisticRegressionModel");
    }

    /** Such as an output that has the time in its name. */
    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01T10:22 [x], {y,z} *", "[x]", "10:22"})
    void aModelInAFolderOfAnyNameIsLoaded(String name) throws Exception {
        logistic(new PrincipalComponents().setK(5)).save(folder + "/" + name + "/model");

        ImageClassifier classifier = ImageClassifier.load(SPARK, folder + "/" + name + "/model");

        assertThat(classifier.classify(images, 1).count()).isEqualTo(18);
    }

    @Test
    void aModelIsFoundAsPhotographsAre() throws Exception {
        logistic(null).save(folder + "/odd names/model");

        assertThat(ImageClassifier.load(SPARK, "file://" + folder + "/odd%20names/model").classes()).hasSize(3);
        assertThatThrownBy(() -> ImageClassifier.load(SPARK, "s3a://my_bucket/model"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Cannot read the model at s3a://my_bucket/model: Hadoop cannot reach a bucket of the name "
                                + "my_bucket, which is none of a host");
    }

    @Test
    void aStageThatAFunctionDoesNotKnowIsNamed() {
        PipelineModel scaled = new Pipeline().setStages(new PipelineStage[] {
            new StandardScaler().setInputCol("features").setOutputCol("scaled"), regression().setFeaturesCol("scaled")})
                .fit(features);
        ImageClassifier classifier =
                ImageClassifier.of(new Pipeline().setStages(new PipelineStage[] {featurizer, scaled}).fit(images));

        assertThatThrownBy(() -> classifier.register(SPARK, "image_classify")).hasMessageContaining(
                "this one has a StandardScalerModel; make a view of model.transform(images) instead");
    }

    @Test
    void argumentsOfTheFunctionAreChecked() {
        ImageClassifier.of(logistic(null)).register(SPARK, "image_classify");

        assertThatThrownBy(() -> images.selectExpr("image_classify(content, 0)")).hasMessageContaining(
                "image_classify: k must be 1 at least: got 0");
        assertThatThrownBy(() -> images.selectExpr("image_classify(label)"))
                .hasMessageContaining("image_classify: label must be binary");
        assertThat(images.selectExpr("size(image_classify(content, null))").first().getInt(0)).isEqualTo(3);
        assertThatThrownBy(() -> images.selectExpr("image_classify()"))
                .hasMessageContaining("image_classify takes (content [, k]): got 0 arguments");
    }

    private static LogisticRegression regression() {
        return new LogisticRegression().setLabelCol("labelIndex").setRegParam(0.1).setMaxIter(5);
    }

    private static PipelineModel logistic(PrincipalComponents pca) {
        IndexToString names =
                new IndexToString().setInputCol("prediction").setOutputCol("predicted").setLabels(classes.labelsArray()[0]);
        PipelineStage[] learning = pca == null ? new PipelineStage[] {regression(), names}
                : new PipelineStage[] {pca, regression().setFeaturesCol("pca"), names};
        return new Pipeline().setStages(new PipelineStage[] {featurizer, new Pipeline().setStages(learning).fit(features)})
                .fit(images);
    }
}
