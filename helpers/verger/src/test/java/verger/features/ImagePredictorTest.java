package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import verger.Settings;
import verger.TestSpark;
import verger.images.TestImages;
import verger.networks.ClassNames;
import verger.networks.NetworkChoice;
import verger.networks.Networks;
import verger.networks.dl4j.OnnxExporter;
import verger.networks.dl4j.TinyNetworks;

/** With the real weights of EfficientNet-Lite0, which the set-up has fetched. */
class ImagePredictorTest {

    private static final StructType IMAGES = new StructType()
            .add("origin", DataTypes.StringType)
            .add("content", DataTypes.BinaryType);

    /** The numbers come from src/test/python/efficientnet_lite0.py, which runs the network in NumPy. */
    @Test
    void agreesWithNumPy() throws IOException {
        Map<String, List<Row>> expected = expected();

        List<Row> rows = predictor().transform(files(expected.keySet())).collectAsList();

        assertThat(rows).hasSize(5);
        for (Row row : rows) {
            List<Row> predictions = row.getList(2);
            List<Row> numPy = expected.get(row.getString(0));
            assertThat(predictions).hasSize(5);
            for (int i = 0; i < 5; i++) {
                assertThat(predictions.get(i).getInt(0)).as("class %d of %s", i, row).isEqualTo(numPy.get(i).getInt(0));
                assertThat(predictions.get(i).getFloat(2)).isCloseTo(numPy.get(i).getFloat(1), within(2e-5f));
            }
        }
        assertThat(rows.get(1).<Row>getList(2).get(0).getString(1)).isEqualTo("banana");
        assertThat(rows.get(2).<Row>getList(2).get(0).getString(1)).isEqualTo("lemon");
    }

    @Test
    void undecodedItGivesAllProbabilities() throws IOException {
        Map<String, List<Row>> expected = expected();

        for (Row row : predictor().setDecode(false).transform(files(expected.keySet())).collectAsList()) {
            double[] probabilities = row.<Vector>getAs("predictions").toArray();
            assertThat(probabilities).hasSize(1000);
            double sum = 0;
            for (double probability : probabilities) {
                sum += probability;
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
            for (Row numPy : expected.get(row.getString(0))) {
                assertThat(probabilities[numPy.getInt(0)]).isCloseTo(numPy.getFloat(1), within(2e-5));
            }
        }
    }

    @Test
    void theSchemaIsKnownBeforeAnythingRuns() {
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED), null);
        ImagePredictor predictor = predictor().setOutputCol("p").setReasonCol("why").setTopK(2);

        assertThat(predictor.transformSchema(IMAGES).simpleString()).isEqualTo("struct<origin:string,content:binary,"
                + "p:array<struct<index:int,name:string,probability:float>>,why:string>");
        assertThat(predictor.transform(images).schema()).isEqualTo(predictor.transformSchema(IMAGES));
        assertThat(predictor.setDecode(false).transformSchema(IMAGES).simpleString())
                .isEqualTo("struct<origin:string,content:binary,p:vector,why:string>");
    }

    @Test
    void anImageThatCannotBeUsedHasNoPredictions() {
        List<Row> rows = predictor().setTopK(2).transform(images(TestImages.jpeg(100, Color.RED), new byte[0])).collectAsList();

        assertThat(rows.get(0).getList(2)).hasSize(2);
        assertThat(rows.get(0).isNullAt(3)).isTrue();
        assertThat(rows.get(1).isNullAt(2)).isTrue();
        assertThat(rows.get(1).getString(3)).isEqualTo("empty file (0 bytes)");
    }

    @Test
    void theColumnsAreForSqlToTakeApart() {
        Row row = predictor().transform(images(TestImages.jpeg(100, Color.RED)))
                .selectExpr("size(predictions)", "predictions[0].probability > predictions[4].probability",
                        "predictions.name[1]")
                .first();

        assertThat(row.getInt(0)).isEqualTo(5);
        assertThat(row.getBoolean(1)).isTrue();
        assertThat(ClassNames.of(ClassNames.IMAGENET)).contains(row.getString(2));
    }

    /** Spark hands rows on to such an operation as they are. */
    @Test
    void aTypedOperationRightAfterItGetsTheRowsOfAnyTable() {
        Dataset<Row> predicted = predictor().transform(images(TestImages.jpeg(100, Color.RED)));
        MapFunction<Row, String> first = row -> row.<Row>getList(2).get(0).getAs("name");

        assertThat(predicted.map(first, Encoders.STRING()).first())
                .isEqualTo(predicted.selectExpr("predictions[0].name").first().getString(0));
    }

    @Test
    void savedAndLoadedItIsTheSame(@TempDir Path folder) throws IOException {
        ImagePredictor predictor = predictor().setTopK(3).setInputSize(96).pinned();
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED));

        predictor.write().save(folder + "/saved");
        ImagePredictor loaded = ImagePredictor.load(folder + "/saved");

        assertThat(loaded.extractParamMap().toString()).isEqualTo(predictor.extractParamMap().toString());
        assertThat(loaded.transform(images).first()).isEqualTo(predictor.transform(images).first());
        assertThatThrownBy(() -> loaded.setTopK(0)).hasMessage("topK must be 1 or more: got 0");
    }

    @Test
    void otherClassesThanThePublishedOnesAreNumbered(@TempDir Path folder) throws IOException {
        NetworkChoice fourClasses = choice(folder, TinyNetworks.chain(CNN2DFormat.NCHW, 8,
                new GlobalPoolingLayer(PoolingType.AVG)));

        Seq<?> top = (Seq<?>) predictor().setTopK(2).column(fourClasses).value(new float[] {0.1f, 0.2f, 0.3f, 0.4f});
        assertThat(JavaConverters.seqAsJavaList(top)).isEqualTo(
                List.of(RowFactory.create(3, "class 3", 0.4f), RowFactory.create(2, "class 2", 0.3f)));
    }

    @Test
    void aNetworkWithoutAClassifierIsRefusedBeforeTheJobStarts(@TempDir Path folder) throws IOException {
        NetworkChoice featuresOnly = choice(folder, TinyNetworks.build(TinyNetworks.builder()
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "input").setOutputs("pool"), CNN2DFormat.NCHW, 8));

        assertThatThrownBy(() -> predictor().column(featuresOnly)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("This ResNet50 has no classifier, and ImagePredictor needs one: give weights that have (in Keras: "
                        + "include_top=True) instead of notop.h5, or use ImageFeaturizer");
    }

    private static NetworkChoice choice(Path folder, ComputationGraph network) throws IOException {
        Path model = folder.resolve(UUID.randomUUID() + ".onnx");
        OnnxExporter.export(network, 8, model);
        return new NetworkChoice(Networks.RESNET50, "onnx", "notop.h5", "", model.toString(), "", false, "");
    }

    private static ImagePredictor predictor() {
        return new ImagePredictor().setNetwork("EfficientNet-Lite0");
    }

    /** By picture: index and probability of its five most likely classes. */
    private static Map<String, List<Row>> expected() throws IOException {
        Map<String, List<Row>> expected = new LinkedHashMap<>();
        try (var in = ImagePredictorTest.class.getResourceAsStream("/features/top5-efficientnet-lite0-numpy.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split(","))
                    .forEach(cells -> expected.computeIfAbsent(cells[0], picture -> new ArrayList<>())
                            .add(RowFactory.create(Integer.parseInt(cells[1]), Float.parseFloat(cells[2]))));
        }
        return expected;
    }

    private static Dataset<Row> files(Iterable<String> names) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(RowFactory.create(name, Files.readAllBytes(Settings.home().resolve(name))));
        }
        return TestSpark.session().createDataFrame(rows, IMAGES);
    }

    private static Dataset<Row> images(byte[]... contents) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < contents.length; i++) {
            rows.add(RowFactory.create("image " + i, contents[i]));
        }
        return TestSpark.session().createDataFrame(rows, IMAGES);
    }
}
