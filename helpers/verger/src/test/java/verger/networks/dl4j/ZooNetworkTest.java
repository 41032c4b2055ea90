package verger.networks.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static verger.networks.Arrays2D.pixels;
import static verger.networks.Arrays2D.relativeDifference;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.Networks;
import verger.networks.keras.KerasResNet50;
import verger.networks.onnx.OnnxRun;
import verger.networks.weights.PublishedFile;
import verger.networks.weights.Sum;

/** The zoo's networks give in ONNX Runtime what they give in DL4J. */
@Tag("slow")
class ZooNetworkTest {

    private static final int COUNT = 2;
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path dir;

    /** What {@code init()} makes of them, with seeded weights, for small images and ten classes. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void featuresAndProbabilitiesAreThoseOfDl4j(String name, ZooModel zoo, int size, String featureLayer) throws Exception {
        ComputationGraph network = withoutSigmoids(zoo.init());
        KerasResNet50.seeded(network);
        Path onnx = dir.resolve("model.onnx");
        OnnxExporter.export(network, size, true, onnx);

        INDArray input = Nd4j.create(pixels(COUNT, size), new long[] {COUNT, 3, size, size}, 'c').div(50);
        INDArray[] both = featuresAndOutput(network, size, featureLayer, input);
        INDArray features = both[0];
        float[][] expected = (features.rank() == 4 ? features.mean(2, 3) : features).toFloatMatrix();
        float[][] probabilities = both[1].toFloatMatrix();
        float[] pixels = input.dup('c').data().asFloat();

        Map<String, float[][]> outputs = OnnxRun.of(onnx, pixels, COUNT, size);
        assertThat(outputs.get("features")).hasDimensions(COUNT, Networks.named(name).featureSize());
        assertThat(relativeDifference(outputs.get("features"), expected)).isLessThan(TOLERANCE);
        assertThat(outputs.get("probabilities")).hasDimensions(COUNT, 10);
        assertThat(relativeDifference(outputs.get("probabilities"), probabilities)).isLessThan(TOLERANCE);
        assertThat(relativeDifference(new float[][] {outputs.get("features")[0]}, new float[][] {outputs.get("features")[1]}))
                .as("difference of two images").isGreaterThan(1e-3);
    }

    /** The activations of a vertex as DL4J computes them, without what later layers write over them, and the network's output. */
    private static INDArray[] featuresAndOutput(ComputationGraph network, int size, String vertex, INDArray input) {
        ComputationGraph watched = new ComputationGraph(new GraphView(network.getConfiguration(), size).upTo(vertex, true));
        watched.init(Nd4j.create(1, network.numParams()), false);
        watched.paramTable().forEach((name, parameter) -> parameter.assign(network.getParam(name)));
        INDArray[] outputs = watched.output(input.dup());
        INDArray[] copies = {outputs[0].dup('c'), outputs[1].dup('c')};
        watched.close();
        return copies;
    }

    /** The zoo leaves DL4J's default function, a sigmoid, in convolutions whose function follows in a layer of its own. */
    private static ComputationGraph withoutSigmoids(ComputationGraph zoo) {
        ComputationGraphConfiguration conf = zoo.getConfiguration();
        conf.getVertices().values().forEach(vertex -> {
            if (vertex instanceof LayerVertex v && v.getLayerConf().getLayer() instanceof ConvolutionLayer conv
                    && conv.getActivationFn() instanceof ActivationSigmoid) {
                conv.setActivationFn(new ActivationIdentity());
            }
        });
        ComputationGraph network = new ComputationGraph(conf);
        network.init(zoo.params(), true); // not at random once more
        zoo.close();
        return network;
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("VGG16", VGG16.builder().numClasses(10).inputShape(new int[] {3, 32, 32}).build(), 32, "19"),
                Arguments.of("VGG19", VGG19.builder().numClasses(10).inputShape(new int[] {3, 32, 32}).build(), 32, "21"),
                Arguments.of("SqueezeNet", SqueezeNet.builder().numClasses(10).inputShape(new int[] {3, 67, 67}).build(), 67,
                        "fire9"),
                Arguments.of("Xception", Xception.builder().numClasses(10).inputShape(new int[] {3, 75, 75}).build(), 75,
                        "avg_pool"),
                Arguments.of("Darknet19", Darknet19.builder().numClasses(10).inputShape(new int[] {3, 64, 64}).build(), 64,
                        "activation_18"));
    }

    /** Totals of the table in keras.io/api/applications, and of it without the top; other networks of that table; classes without end. */
    @ParameterizedTest
    @CsvSource({
        "VGG16, 138357544, true", "VGG16, 143667240, false",
        "VGG19, 143667240, true", "VGG19, 138357544, false",
        "Xception, 22910480, true", "Xception, 20861480, true", "Xception, 25636712, false", "Xception, 23851784, false",
        "ResNet50, 157870976, true", "ResNet50, 157873025, false", // 65,536 classes and one more
        "SqueezeNet, 1235496, true", "SqueezeNet, 25636712, false",
        "ResNet50, 22910480, false"})
    void aNetworkIsKnownByItsParameters(String name, long parameters, boolean known) {
        assertThat(ZooNetwork.of(Networks.named(name)).hasParameters(parameters)).isEqualTo(known);
    }

    /** SqueezeNet's count with four classes more, in a single convolution. */
    @Test
    void aNetworkOfAsManyParametersIsKnownByItsConvolutions() {
        ComputationGraph other = TinyNetworks.chain(CNN2DFormat.NCHW, 8, new ConvolutionLayer.Builder(1,
                1).nOut(90_568).build(),
                new GlobalPoolingLayer(PoolingType.AVG));
        assertThat(other.numParams()).isEqualTo(722_496 + 4 * 513);
        assertThat(ZooNetwork.of(Networks.SQUEEZENET).mismatch(other.getConfiguration(), other.numParams()))
                .isEqualTo("a network of 1 convolution(s), and SqueezeNet has 25");
        assertThat(ZooNetwork.recognize(other.getConfiguration(), other.numParams())).isNull();
        other.close();
    }

    @Test
    void theNetworkThatWeightsAreOfIsRecognized() {
        ComputationGraph squeezeNet = SqueezeNet.builder().numClasses(7).inputShape(new int[] {3, 227, 227}).build().init();
        assertThat(ZooNetwork.recognize(squeezeNet.getConfiguration(), squeezeNet.numParams()).network())
                .isSameAs(Networks.SQUEEZENET);
        assertThat(ZooNetwork.of(Networks.XCEPTION).mismatch(squeezeNet.getConfiguration(), squeezeNet.numParams()))
                .isEqualTo("a network of 726,087 parameters, and Xception has"
                        + " 22,910,480 with its 1000 classes, or 20,861,480 without them and 2,049 for each class");
        squeezeNet.close();
    }

    /** Names and checksums as in the zoo's sources, github.com/deeplearning4j/deeplearning4j, deeplearning4j-zoo. */
    @ParameterizedTest
    @CsvSource({
        "ResNet50, resnet50_dl4j_inference.v3.zip, 3914447815",
        "VGG16, vgg16_dl4j_inference.zip, 3501732770",
        "VGG19, vgg19_dl4j_inference.zip, 2782932419",
        "SqueezeNet, squeezenet_dl4j_inference.v2.zip, 3711411239",
        "Xception, xception_dl4j_inference.v2.zip, 3277876097",
        "Darknet19, darknet19_dl4j_inference.v2.zip, 691100891"})
    void theZooItself(String network, String file, long adler32) {
        PublishedFile zoo = ZooModels.file(ZooNetwork.of(Networks.named(network)));
        assertThat(zoo.sums()).containsExactly(Sum.adler32(adler32));
        assertThat(zoo.file()).endsWithRaw(Path.of("models", network.toLowerCase(Locale.ROOT), file));
    }
}
