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
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.images.TestImages;
import verger.networks.NetworkChoice;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.WeightsNotFoundException;

/** With the real weights of EfficientNet-Lite0, which the set-up has fetched. */
class ImageFeaturizerTest {

    private static final StructType IMAGES = new StructType()
            .add("origin", DataTypes.StringType)
            .add("content", DataTypes.BinaryType);

    @Test
    void agreesWithTensorFlow() throws IOException {
        double[] expected = Arrays.stream(new String(
                resource("features/pattern-40x30-efficientnet-lite0-tensorflow.csv"), StandardCharsets.US_ASCII)
                .strip().split(",")).mapToDouble(Double::parseDouble).toArray();

        Row row = featurizer().transform(images(resource("images/pattern-40x30.png"))).first();

        double[] features = row.<Vector>getAs("features").toArray();
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(features[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        assertThat(features).hasSize(1280);
        assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
    }

    @Test
    void batchesDoNotChangeWhatComesOut() {
        Dataset<Row> images = images(
                TestImages.jpeg(100, Color.RED), TestImages.jpeg(50, Color.GREEN), TestImages.jpeg(300, Color.BLUE));

        List<Row> single = featurizer().setBatchSize(1).transform(images).collectAsList();
        List<Row> batched = featurizer().setBatchSize(2).transform(images.coalesce(1)).collectAsList();

        for (int i = 0; i < 3; i++) {
            assertThat(batched.get(i).getString(0)).isEqualTo(single.get(i).getString(0));
            assertThat(batched.get(i).<Vector>getAs("features").toArray())
                    .usingComparatorWithPrecision(1e-4).containsExactly(single.get(i).<Vector>getAs("features").toArray());
        }
    }

    @Test
    void imagesThatCannotBeUsedAreRowsWithAReason() {
        byte[] good = TestImages.jpeg(100, Color.RED);
        Dataset<Row> images = images(good, null, new byte[0], "text".getBytes(StandardCharsets.UTF_8), good);

        List<Row> rows = featurizer().setBatchSize(2).transform(images.coalesce(1)).collectAsList();

        assertThat(rows).extracting(row -> row.isNullAt(2)).containsExactly(false, true, true, true, false);
        assertThat(rows).extracting(row -> row.<String>getAs("reason")).containsExactly(
                null,
                "no content: the file was deleted after it was listed, or may not be read",
                "empty file (0 bytes)",
                "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP",
                null);
    }

    @Test
    void imagesThatCannotBeUsedAreLeftOutOnDemand() {
        ImageFeaturizer skip = featurizer().setHandleInvalid("skip").setReasonCol("why `so`.").setBatchSize(2);
        byte[] good = TestImages.jpeg(100, Color.RED);

        Dataset<Row> features = skip.transform(images(null, new byte[0], new byte[1], good, null, good).coalesce(1));

        assertThat(features.collectAsList()).extracting(row -> row.getString(0)).containsExactly("image 3", "image 5");
        assertThat(features.filter("features is null").count()).isZero();
        assertThat(features.schema()).isEqualTo(skip.transformSchema(IMAGES));
    }

    @Test
    void anImageThatCannotBeUsedEndsTheJobOnDemand() {
        ImageFeaturizer error = featurizer().setHandleInvalid("ERROR");
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED), new byte[0]).coalesce(1);

        assertThatThrownBy(() -> error.transform(images).collectAsList()).hasStackTraceContaining(
                "image 1 cannot be used: empty file (0 bytes); set handleInvalid=keep for a row with its reason, or skip to "
                        + "leave it out");
        assertThatThrownBy(() -> error.transform(images.drop("origin")).collectAsList())
                .hasStackTraceContaining("An image cannot be used: empty file (0 bytes); ");
    }

    @Test
    void asAFunctionOfAColumnItEndsTheJobOnDemandAndLeavesOutNothing() {
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED), new byte[0]).coalesce(1);
        SparkSession spark = images.sparkSession();

        assertThat(images.select(featurizer().function(spark).apply(images.col("content"))).collectAsList())
                .extracting(row -> row.isNullAt(0)).containsExactly(false, true);
        assertThatThrownBy(() -> images.select(featurizer().setHandleInvalid("error").function(spark)
                .apply(images.col("content")))
                .collectAsList()).hasStackTraceContaining("An image cannot be used: empty file (0 bytes); ");
        assertThatThrownBy(() -> featurizer().setHandleInvalid("skip").function(spark))
                .hasMessage("handleInvalid=skip leaves out rows, which a function of a column cannot do: set keep or error, or "
                        + "use transform");
    }

    @Test
    void imagesThatGoThroughANetworkAreCounted() {
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED), null, TestImages.jpeg(100, Color.BLUE));
        SparkSession spark = images.sparkSession();
        long before = ImagesSeen.count(spark);

        Dataset<Row> features = featurizer().transform(images).cache();
        features.count();
        features.collectAsList();

        assertThat(ImagesSeen.count(spark) - before).isEqualTo(2);
        assertThat(ImagesSeen.byNetwork(spark).get("EfficientNet-Lite0")).isGreaterThanOrEqualTo(2);
        features.unpersist();
    }

    @Test
    void pinnedItTakesNoOtherWeights(@TempDir Path folder) throws IOException {
        Path embedded = Path.of(featurizer().choice().weightsFrom());
        Path weights = Files.copy(embedded, folder.resolve("weights.pth"));

        ImageFeaturizer pinned = new ImageFeaturizer().setWeights(weights.toString()).setOutputCol("f").pinned();

        assertThat(pinned.getNetwork()).isEqualTo("EfficientNet-Lite0");
        assertThat(pinned.getWeightsSha256()).isEqualTo(Networks.EFFICIENTNET_LITE0.sha256());
        assertThat(pinned.getOutputCol()).isEqualTo("f");
        assertThat(pinned.choice().network()).isSameAs(Networks.EFFICIENTNET_LITE0);
        assertThatThrownBy(() -> pinned.setWeightsSha256("AB".repeat(32)).choice())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("These are not the weights that this ImageFeaturizer is to use: " + weights + " has SHA-256 "
                        + Networks.EFFICIENTNET_LITE0.sha256() + ", and weightsSha256 is " + "ab".repeat(32)
                        + "; set weights=<path or URI of that file>,"
                        + " or weightsSha256= (empty) to use what is found");
    }

    /** As version 0.1.0 wrote it, before there were handleInvalid and weightsSha256. */
    @Test
    void aFeaturizerThatAnOlderVersionSavedLoads(@TempDir Path folder) throws IOException {
        Path metadata = Files.createDirectories(folder.resolve("saved/metadata"));
        Files.writeString(metadata.resolve("part-00000"), """
                {"class":"verger.features.ImageFeaturizer","timestamp":1764000000000,"sparkVersion":"3.5.5",\
                "uid":"imageFeaturizer_3d2b6f6a5c1e","paramMap":{"network":"EfficientNet-Lite0","inputSize":96},\
                "defaultParamMap":{"batchSize":16,"engine":"onnx","inputCol":"content","inputSize":0,"network":"auto",\
                "outputCol":"features","reasonCol":"reason","weights":""}}
                """);

        ImageFeaturizer loaded = ImageFeaturizer.load(folder + "/saved");

        assertThat(loaded.getInputSize()).isEqualTo(96);
        assertThat(loaded.getHandleInvalid()).isEqualTo("keep");
        assertThat(loaded.getWeightsSha256()).isEmpty();
        assertThat(loaded.transform(images(TestImages.jpeg(100, Color.RED))).first())
                .isEqualTo(featurizer().setInputSize(96).transform(images(TestImages.jpeg(100, Color.RED))).first());
    }

    @Test
    void anotherInputSizeGivesOtherFeatures() {
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED));

        Vector own = featurizer().transform(images).first().getAs("features");
        Vector small = featurizer().setInputSize(100).transform(images).first().getAs("features");

        assertThat(small.size()).isEqualTo(1280);
        assertThat(small).isNotEqualTo(own);
    }

    @Test
    void theSchemaIsKnownBeforeAnythingRuns() {
        ImageFeaturizer featurizer = featurizer().setOutputCol("f").setReasonCol("why");
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED));

        assertThat(featurizer.transformSchema(IMAGES)).isEqualTo(featurizer.transform(images).schema());
        assertThat(featurizer.transformSchema(IMAGES).simpleString())
                .isEqualTo("struct<origin:string,content:binary,f:vector,why:string>");
    }

    @Test
    void mistakesFailEarly() {
        assertThatThrownBy(() -> featurizer().setInputCol("picture").transformSchema(IMAGES))
                .hasMessage("ImageFeaturizer needs a column picture with the image files: the columns are origin, content");
        assertThatThrownBy(() -> featurizer().setInputCol("origin").transformSchema(IMAGES))
                .hasMessage("Column origin must be binary, whole image files: it is string");
        assertThatThrownBy(() -> featurizer().setOutputCol("origin").transformSchema(IMAGES))
                .hasMessage("Column origin exists already: set another outputCol or reasonCol");
        assertThatThrownBy(() -> featurizer().setOutputCol("same").setReasonCol("same").transformSchema(IMAGES))
                .hasMessage("Column same exists already: set another outputCol or reasonCol");
        assertThatThrownBy(() -> featurizer().setHandleInvalid("drop"))
                .hasMessage("Unknown handleInvalid 'drop': known are keep, skip, error");
        assertThatThrownBy(() -> featurizer().setNetwork("VGG"))
                .hasMessageStartingWith("Unknown network 'VGG': known are auto, ResNet50, ResNet50-torchvision, ");
        assertThatThrownBy(() -> featurizer().setEngine("torch"))
                .hasMessage("Unknown engine 'torch': known are onnx and dl4j");
        assertThatThrownBy(() -> featurizer().setBatchSize(0)).hasMessageContaining("batchSize given invalid value 0");
        assertThatThrownBy(() -> featurizer().setEngine("dl4j").choice())
                .hasMessage("The engine dl4j runs networks of DL4J's zoo only: set engine=onnx for EfficientNet-Lite0");
    }

    @Test
    void aBatchThatHasNoRoomIsRefusedBeforeTheJobStarts() {
        Dataset<Row> none = TestSpark.session().createDataFrame(List.of(), IMAGES);
        assertThatThrownBy(() -> featurizer().setBatchSize(3567).transform(none))
                .hasMessage("A batch has room for 3566 images of"
                        + " 224 × 224 pixels, and batchSize is 3567: set batchSize=3566 or fewer");
        assertThatThrownBy(() -> featurizer().setInputSize(13_378).transform(none))
                .hasMessageEndingWith("and batchSize is 16: set a smaller inputSize");
    }

    @Test
    void mistakesInAParamMapFailToo() {
        ImageFeaturizer featurizer = featurizer();

        assertThat(featurizer.setEngine("ONNX").getEngine()).isEqualTo("onnx");
        assertThat(featurizer.setNetwork("resnet50").getNetwork()).isEqualTo("ResNet50");
        assertThatThrownBy(() -> new ParamMap().put(featurizer.engine().w("ONNX")))
                .hasMessageContaining("parameter engine given invalid value ONNX");
        assertThatThrownBy(() -> featurizer.copy(new ParamMap().put(featurizer.network(), "VGG")))
                .hasMessageContaining("parameter network given invalid value VGG");
    }

    @Test
    void mistakesInASavedFeaturizerFailToo(@TempDir Path folder) throws IOException {
        featurizer().setEngine("dl4j").write().save(folder + "/saved");
        Path metadata = folder.resolve("saved/metadata/part-00000");
        String edited = Files.readString(metadata).replace("dl4j", "torch");
        Files.delete(folder.resolve("saved/metadata/.part-00000.crc"));
        Files.writeString(metadata, edited);

        assertThatThrownBy(() -> ImageFeaturizer.load(folder + "/saved"))
                .hasMessageContaining("parameter engine given invalid value torch");
    }

    @Test
    void weightsThatAreReplacedAreReadAgain(@TempDir Path folder) throws IOException {
        Path embedded = Path.of(featurizer().choice().weightsFrom());
        Path weights = Files.copy(embedded, folder.resolve("weights.pth"));
        ImageFeaturizer given = featurizer().setWeights(weights.toString());
        NetworkChoice choice = given.choice();

        assertThat(given.choice()).isSameAs(choice);
        Files.writeString(weights, "something else");
        assertThatThrownBy(given::choice).isInstanceOf(UnreadableWeightsException.class);
        Files.delete(weights);
        assertThatThrownBy(given::choice).isInstanceOf(WeightsNotFoundException.class);
        Files.copy(embedded, weights);
        assertThat(given.choice()).isEqualTo(choice);
    }

    @Test
    void savedAndLoadedInAPipelineItIsTheSame(@TempDir Path folder) throws IOException {
        ImageFeaturizer featurizer = featurizer().setBatchSize(3).setInputSize(96);
        Dataset<Row> images = images(TestImages.jpeg(100, Color.RED));

        new Pipeline().setStages(new PipelineStage[] {featurizer}).fit(images).write().save(folder + "/model");
        ImageFeaturizer loaded = (ImageFeaturizer) PipelineModel.load(folder + "/model").stages()[0];

        assertThat(loaded.extractParamMap().toString()).isEqualTo(featurizer.extractParamMap().toString());
        assertThat(loaded.transform(images).first()).isEqualTo(featurizer.transform(images).first());
        assertThat(featurizer.copy(new ParamMap().put(featurizer.batchSize().w(5))).getBatchSize()).isEqualTo(5);
    }

    @Test
    void saysWhichNetworkItIs() {
        NetworkChoice choice = featurizer().choice();

        assertThat(choice.subtitle()).isEqualTo("EfficientNet-Lite0, 1280 features (asked for by name)");
        assertThat(choice.weightsSha256()).isEqualTo(Networks.EFFICIENTNET_LITE0.sha256());
    }

    @Test
    void redAndGreenFruitDiffer() {
        List<Row> rows = featurizer().transform(images(TestImages.jpeg(100, Color.RED), TestImages.jpeg(100, Color.RED),
                TestImages.jpeg(100, Color.GREEN))).collectAsList();

        assertThat(cosine(rows.get(0), rows.get(1))).isCloseTo(1, within(1e-6));
        assertThat(cosine(rows.get(0), rows.get(2))).isLessThan(0.95);
    }

    private static double cosine(Row a, Row b) {
        Vector x = a.getAs("features");
        Vector y = b.getAs("features");
        return x.dot(y) / Math.sqrt(x.dot(x) * y.dot(y));
    }

    private static ImageFeaturizer featurizer() {
        return new ImageFeaturizer().setNetwork("EfficientNet-Lite0");
    }

    private static Dataset<Row> images(byte[]... contents) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < contents.length; i++) {
            rows.add(RowFactory.create("image " + i, contents[i]));
        }
        return TestSpark.session().createDataFrame(rows, IMAGES);
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ImageFeaturizerTest.class.getResourceAsStream("/" + name)) {
            return in.readAllBytes();
        }
    }
}
