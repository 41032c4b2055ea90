package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verger.TestSpark;
import verger.images.TestImages;
import verger.networks.Arrays2D;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.WeightsNotFoundException;
import verger.networks.dl4j.TinyNetworks;
import verger.networks.dl4j.ZooNetwork;
import verger.networks.keras.KerasFile;
import verger.networks.keras.KerasGraph;
import verger.networks.keras.KerasResNet50;
import verger.networks.keras.KerasResNet50Layers;

/** From image files to 2048 features on Spark, with weights that the user names. */
@Tag("slow")
class ResNet50FeaturizerTest {

    @TempDir
    static Path folder;
    private static Path zip;

    @BeforeAll
    static void saveWeights() throws Exception {
        zip = save(KerasResNet50.network(KerasResNet50Layers.Edition.OLD), folder.resolve("weights"));
    }

    @Test
    void bothEnginesGiveTheSameFeaturesOfImageFiles() {
        ImageFeaturizer onnx = new ImageFeaturizer().setWeights(zip.toString());
        ImageFeaturizer dl4j = new ImageFeaturizer().setWeights(zip.toString()).setNetwork("ResNet50").setEngine("dl4j");

        float[][] features = vectors(onnx);

        assertThat(onnx.choice().subtitle()).isEqualTo("ResNet50, 2048 features (its weights were given)");
        assertThat(onnx.choice().engine()).isEqualTo("onnx");
        assertThat(dl4j.choice().engine()).isEqualTo("dl4j");
        assertThat(features).hasDimensions(3, 2048);
        assertThat(Arrays2D.relativeDifference(features, vectors(dl4j))).isLessThan(1e-4);
    }

    @Test
    void bothEnginesGiveTheSameProbabilitiesOfImageFiles() {
        ImagePredictor predictor = new ImagePredictor().setWeights(zip.toString()).setNetwork("ResNet50").setInputSize(64)
                .setDecode(false);

        float[][] probabilities = vectors(predictor);

        assertThat(probabilities).hasDimensions(3, 1000);
        assertThat(Arrays2D.relativeDifference(probabilities, vectors(predictor.setEngine("dl4j")))).isLessThan(1e-4);
    }

    @Test
    void otherWeightsOfTheSameFileNameAreNotMistaken() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other")).resolve(zip.getFileName());
        ComputationGraph network = KerasResNet50.network(KerasResNet50Layers.Edition.NEW);
        network.getLayer("conv5_block3_3_conv").getParam("b").addi(1);
        KerasFile.write(other, KerasResNet50Layers.Edition.NEW, network, "2.15.0");
        network.close();
        ImageFeaturizer dl4j = new ImageFeaturizer().setNetwork("ResNet50").setEngine("dl4j").setInputSize(64);
        ImageFeaturizer onnx = new ImageFeaturizer().setNetwork("ResNet50").setInputSize(64);

        float[][] features = vectors(dl4j.setWeights(zip.toString()));
        float[][] others = vectors(dl4j.setWeights(other.toString()));

        assertThat(Arrays2D.relativeDifference(others, features)).isGreaterThan(0.01);
        assertThat(Arrays2D.relativeDifference(others, vectors(onnx.setWeights(other.toString())))).isLessThan(1e-4);
    }

    @Test
    void aLayerThatOnnxCannotHaveIsRunByDl4j() throws IOException {
        Path normalized = save(squeezeNetWithResponseNormalization(), folder.resolve("normalized.zip"));
        ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork("SqueezeNet").setWeights(normalized.toString())
                .setInputSize(64);

        assertThat(featurizer.choice().engine()).isEqualTo("dl4j");
        assertThat(featurizer.choice().details())
                .contains("Layer 'normalized' (LocalResponseNormalization) cannot be exported to ONNX");
        assertThat(vectors(featurizer)).hasDimensions(3, 512);
    }

    @Test
    void aNetworkTiedToItsSizeSaysSoBeforeTheJobStarts() throws IOException {
        Path tied = save(KerasResNet50.network(KerasResNet50Layers.Edition.OLD, new WithSamePadding()),
                folder.resolve("tied.zip"));
        ImageFeaturizer featurizer = new ImageFeaturizer().setWeights(tied.toString());

        assertThat(featurizer.transform(images()).schema().fieldNames()).contains("features");
        assertThatThrownBy(() -> featurizer.setInputSize(100).transform(images()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("These weights of ResNet50 are tied to images of 224 × 224 pixels, and inputSize is 100: set "
                        + "inputSize=224, or 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnx", "dl4j"})
    void weightsOfAnotherNetworkWithAsManyFeaturesAreRefused(String engine) throws IOException {
        Path tiny = save(TinyNetworks.chain(CNN2DFormat.NCHW, 224, new ConvolutionLayer.Builder(1, 1).nOut(2048).build(),
                new GlobalPoolingLayer(PoolingType.AVG)), folder.resolve("tiny.zip"));
        ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork("ResNet50").setWeights(tiny.toString()).setEngine(engine);

        for (int i = 0; i < 2; i++) { // what is refused is not kept
            assertThatThrownBy(featurizer::choice).isInstanceOf(UnreadableWeightsException.class)
                    .hasMessage("Cannot read weights from " + tiny + ": it is a network of 16,388 parameters, and ResNet50 has"
                            + " 25,636,712 with its 1000 classes, or 23,587,712 without them and 2,049 for each class;"
                            + " give weights of ResNet50, or set network=EfficientNet-Lite0.");
        }
    }

    /** The counts in the table of keras.io/api/applications, and of ResNet50 without its top and with 10 classes. */
    @ParameterizedTest
    @CsvSource({"25636712, true", "23587712, true", "23608202, true", "25613800, false", "22910480, false", "23851784, false",
        "44707176, false", "60419944, false", "25583592, false", "0, false"})
    void resNet50IsKnownByItsParameters(long parameters, boolean isResNet50) {
        assertThat(ZooNetwork.of(Networks.RESNET50).hasParameters(parameters)).isEqualTo(isResNet50);
    }

    @Test
    void weightsThatAreNoneSayWhatTheyAre() throws IOException {
        Path text = Files.writeString(folder.resolve("weights.txt"), "0.1 0.2");
        Path pth = Files.writeString(folder.resolve("weights.pth"), "0.1 0.2");

        assertThatThrownBy(() -> new ImageFeaturizer().setWeights(folder + "/none.zip").choice())
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessageContaining("ResNet50 weights not found: weights=" + folder + "/none.zip (no such local file)");
        assertThatThrownBy(() -> new ImageFeaturizer().setWeights(text.toString()).choice())
                .isInstanceOf(UnreadableWeightsException.class).hasMessageContaining(text.toString());
        assertThatThrownBy(() -> new ImageFeaturizer().setWeights(pth.toString()).choice())
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessageContaining("no PyTorch state dict").hasMessageContaining("efficientnet-lite0-57934424.pth");
    }

    private static Path save(ComputationGraph network, Path zip) throws IOException {
        ModelSerializer.writeModel(network, zip.toFile(), false);
        network.close();
        return zip;
    }

    /** A network of a thirtieth of ResNet50's parameters, with a layer that has none and that the exporter does not know. */
    private static ComputationGraph squeezeNetWithResponseNormalization() {
        ComputationGraph squeezeNet = SqueezeNet.builder().numClasses(1000).inputShape(new int[] {3, 227, 227}).build().init();
        ComputationGraphConfiguration conf = squeezeNet.getConfiguration();
        squeezeNet.close();
        String pool = conf.getVertices().entrySet().stream().filter(vertex -> vertex.getValue() instanceof LayerVertex layer
                && layer.getLayerConf().getLayer() instanceof SubsamplingLayer).findFirst().orElseThrow().getKey();
        NeuralNetConfiguration layer = ((LayerVertex) conf.getVertices().get(pool)).getLayerConf().clone();
        layer.setLayer(new LocalResponseNormalization());
        layer.getLayer().setLayerName("normalized");
        conf.getVertexInputs().replaceAll((vertex, inputs) -> inputs.stream()
                .map(input -> input.equals(pool) ? "normalized" : input).toList());
        conf.getVertices().put("normalized", new LayerVertex(layer, null));
        conf.getVertexInputs().put("normalized", List.of(pool));
        conf.setTopologicalOrder(null);
        conf.setTopologicalOrderStr(null);
        ComputationGraph network = new ComputationGraph(conf);
        network.init();
        return network;
    }

    /** ResNet50 whose last pool pads maps of other sizes, so that it makes rows of the right length at 224 pixels only. */
    private static final class WithSamePadding extends KerasGraph {

        @Override
        public void averagePooling(String name, String input, int window) {
            graph.addLayer(name, new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(window, window).stride(window, window)
                    .convolutionMode(ConvolutionMode.Same).build(), input);
        }
    }

    private static Dataset<Row> images() {
        List<Row> images = new ArrayList<>();
        for (Color color : List.of(Color.RED, Color.GREEN, Color.YELLOW)) {
            images.add(RowFactory.create((Object) TestImages.jpeg(100, color)));
        }
        return TestSpark.session().createDataFrame(images, new StructType().add("content", DataTypes.BinaryType));
    }

    private static float[][] vectors(NetworkStage<?> stage) {
        return stage.transform(images()).collectAsList().stream().map(row -> {
            double[] values = row.<Vector>getAs(1).toArray();
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }).toArray(float[][]::new);
    }
}
