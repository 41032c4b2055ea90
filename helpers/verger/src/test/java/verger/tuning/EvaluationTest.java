package verger.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import verger.TestSpark;

class EvaluationTest {

    private static final SparkSession SPARK = TestSpark.session();

    @Test
    void agreesWithSparksMetrics() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        List<Tuple2<Object, Object>> pairs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int label = random.nextInt(7);
            int predicted = random.nextDouble() < 0.7 ? label : random.nextInt(7);
            rows.add(RowFactory.create("class " + label, "class " + predicted));
            pairs.add(new Tuple2<>((double) predicted, (double) label));
        }
        Evaluation evaluation = Evaluation.of(SPARK.createDataFrame(rows, strings()).repartition(3));

        JavaRDD<Tuple2<Object, Object>> predictionAndLabel =
                JavaSparkContext.fromSparkContext(SPARK.sparkContext()).parallelize(pairs);
        MulticlassMetrics spark = new MulticlassMetrics(predictionAndLabel.rdd());
        assertThat(evaluation.accuracy()).isEqualTo(spark.accuracy(), within(1e-15));
        assertThat(evaluation.total()).isEqualTo(500);
        assertThat(evaluation.classes()).hasSize(7);
        for (int c = 0; c < 7; c++) {
            assertThat(evaluation.recall()[c]).isEqualTo(spark.recall(c), within(1e-15));
            assertThat(evaluation.precision()[c]).isEqualTo(spark.precision(c), within(1e-15));
            for (int p = 0; p < 7; p++) {
                assertThat(evaluation.confusion()[c][p]).isEqualTo((long) spark.confusionMatrix().apply(c, p));
            }
        }
    }

    @Test
    void aClassThatIsOnlyPredictedIsNotLost() {
        Evaluation evaluation = Evaluation.of(predicted("a,a", "a,a", "a,z", "b,a"));

        assertThat(evaluation.classes()).containsExactly("a", "b", "z");
        assertThat(evaluation.confusion()).isDeepEqualTo(new long[][] {{2, 0, 1}, {1, 0, 0}, {0, 0, 0}});
        assertThat(evaluation.accuracy()).isEqualTo(0.5);
        assertThat(evaluation.recall()).containsExactly(2.0 / 3, 0, Double.NaN);
        assertThat(evaluation.precision()).containsExactly(2.0 / 3, Double.NaN, 0);
        assertThat(evaluation).hasToString("accuracy 0.5000: 2 of 4 right, 3 classes");
    }

    @Test
    void aLineForEachClassSaysWhatItIsTakenFor() {
        Dataset<Row> table = Evaluation.of(predicted("a,a", "a,b", "a,c", "a,b", "b,b", "c,c")).perClass();
        List<Row> lines = table.collectAsList();

        assertThat(table.columns()).containsExactly("class", "images", "recall", "precision", "takenFor");
        assertThat(lines.get(0)).isEqualTo(RowFactory.create("a", 4L, 0.25, 1.0, "b (2), c (1)"));
        assertThat(lines.get(1)).isEqualTo(RowFactory.create("b", 1L, 1.0, 1.0 / 3, ""));
        assertThat(lines.get(2)).isEqualTo(RowFactory.create("c", 1L, 1.0, 0.5, ""));
    }

    @Test
    void rowsWithoutAClassOrAPredictionAreLeftOutAndCounted() {
        Evaluation evaluation = Evaluation.of(predicted("a,a", "null,a", "a,null", "a,b"));

        assertThat(evaluation.total()).isEqualTo(2);
        assertThat(evaluation.leftOut()).isEqualTo(2);
        assertThat(evaluation.toString()).endsWith("(2 without a class or a prediction left out)");
        assertThatThrownBy(() -> Evaluation.of(predicted("null,a"))).hasMessage(
                "There is nothing to evaluate: no row has both label and predicted, and 1 have one of them or none");
    }

    @Test
    void indicesHaveTheNamesOfTheStringIndexer() {
        Dataset<Row> labels = predicted("pear,1", "fig,0", "pear,0", "pear,0"); // pear is the most frequent: index 0
        Dataset<Row> indexed = new StringIndexer().setInputCol("label").setOutputCol("labelIndex").fit(labels).transform(labels)
                .withColumn("prediction", labels.col("predicted").cast("double"));

        Evaluation evaluation = Evaluation.of(indexed, "labelIndex", "prediction");

        assertThat(evaluation.classes()).containsExactly("fig", "pear");
        assertThat(evaluation.confusion()).isDeepEqualTo(new long[][] {{0, 1}, {1, 2}});
    }

    @Test
    void namesAreNotComparedWithIndices() {
        Dataset<Row> mixed = SPARK.sql("select 'pear' as name, double(1) as index");

        assertThatThrownBy(() -> Evaluation.of(mixed, "name", "index")).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "Column name holds classes by name, and index by indices whose names are not known: give both by name "
                        + "(IndexToString turns indices into names), or both by index");
        assertThatThrownBy(() -> Evaluation.of(mixed, "index", "name")).hasMessageStartingWith(
                "Column name holds classes by name");
    }

    @Test
    void anIndexThatIsNoNumberIsRefused() {
        Dataset<Row> nan = SPARK.sql(
                "select double(n) as label, double(p) as predicted from values (0, 'NaN'), (1, '1') as t(n, p)");

        assertThatThrownBy(() -> Evaluation.of(nan)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("An index of a class must be a number: there are rows with NaN in label or predicted;");
    }

    @Test
    void indicesWithoutNamesAreSortedAsNumbers() {
        Dataset<Row> indices =
                SPARK.sql("select double(n) as label, double(2) as predicted from values (10), (2), (9) as t(n)");

        assertThat(Evaluation.of(indices).classes()).containsExactly("2", "9", "10");
    }

    @Test
    void theMistakesThatItWasSurestOfComeFirst() {
        StructType schema = new StructType().add("origin", DataTypes.StringType).add("label", DataTypes.StringType)
                .add("predicted", DataTypes.StringType).add("probability", SQLDataTypes.VectorType());
        Dataset<Row> predictions = SPARK.createDataFrame(List.of(
                RowFactory.create("1.jpg", "a", "b", Vectors.dense(0.4, 0.6)),
                RowFactory.create("2.jpg", "a", "a", Vectors.dense(1.0, 0.0)),
                RowFactory.create("3.jpg", "b", "a", Vectors.dense(0.9, 0.1)),
                RowFactory.create("4.jpg", "a", "b", Vectors.dense(0.25, 0.75))), schema);

        Evaluation evaluation = Evaluation.of(predictions);

        assertThat(evaluation.worstMistakes(2).collectAsList()).containsExactly(
                RowFactory.create("3.jpg", "b", "a", 0.9), RowFactory.create("4.jpg", "a", "b", 0.75));
        assertThat(evaluation.worstMistakes(9).count()).isEqualTo(3);
        assertThat(Evaluation.of(predictions.drop("probability", "origin")).worstMistakes(9).collectAsList())
                .contains(RowFactory.create("a", "b", null));
    }

    @Test
    void columnsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Evaluation.of(predicted("a,a").drop("predicted"))).hasMessage(
                "There is no column predicted to evaluate: the columns are label");
        assertThatThrownBy(() -> Evaluation.of(SPARK.sql("select true as label, 'a' as predicted"))).hasMessage(
                "Column label must hold classes, as strings or as indices: it is boolean");
    }

    private static StructType strings() {
        return new StructType().add("label", DataTypes.StringType).add("predicted", DataTypes.StringType);
    }

    private static Dataset<Row> predicted(String... pairs) {
        List<Row> rows = new ArrayList<>();
        for (String pair : pairs) {
            String[] parts = pair.split(",");
            rows.add(RowFactory.create(parts[0].equals("null") ? null : parts[0], parts[1].equals("null") ? null : parts[1]));
        }
        return SPARK.createDataFrame(rows, strings());
    }
}
