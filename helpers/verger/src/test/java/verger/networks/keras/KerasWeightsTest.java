package verger.networks.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static verger.networks.Arrays2D.pixels;
import static verger.networks.Arrays2D.relativeDifference;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.dl4j.Dl4jModels;
import verger.networks.dl4j.OnnxExporter;
import verger.networks.dl4j.ZooNetwork;
import verger.networks.onnx.OnnxRun;
import verger.networks.weights.Checksums;
import verger.networks.weights.Weights;

/** Weights without an architecture give the network that the whole file gives, which DL4J imports with the file's own. */
@Tag("slow")
class KerasWeightsTest {

    private static final int COUNT = 2;

    @TempDir
    Path dir;

    /** At an eighth of their width; ResNet50 is whole below, and the zoo's VGG16 and Xception in ZooNetworkTest. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("networks")
    void weightsAloneGiveWhatTheWholeFileGives(String network, int size, Function<KerasLayers, String> wide) throws Exception {
        Function<KerasLayers, String> tell = layers -> wide.apply(new NarrowLayers(layers));
        KerasArchitecture told = zoo(network).keras();
        KerasArchitecture narrow = (weights, pixels, layers) -> told.tell(weights, pixels, new NarrowLayers(layers));
        KerasGraph layers = new KerasGraph();
        ComputationGraph seeded = KerasResNet50.seeded(layers.build(tell.apply(layers), size));
        Path whole = dir.resolve("whole.h5");
        Path weights = dir.resolve("weights.h5");
        KerasFile.write(whole, tell, size, seeded, "2.15.0");
        KerasFile.writeWeights(weights, tell, seeded);
        seeded.close();

        Map<String, float[][]> expected = run(Dl4jModels.load(whole), size);
        Map<String, float[][]> actual = run(KerasWeights.load(weights, network, narrow, size), size);

        assertThat(expected.get("features")).hasDimensions(COUNT, Networks.named(network).featureSize() / NarrowLayers.PART);
        assertThat(actual).hasSameSizeAs(expected);
        expected.forEach((output, numbers) -> assertThat(relativeDifference(actual.get(output),
                numbers)).as(output).isLessThan(1e-5));
    }

    /** Keras publishes both, and the features are what goes into the top. */
    @ParameterizedTest
    @EnumSource(KerasResNet50Layers.Edition.class)
    void weightsWithoutTheTopGiveTheFeaturesOfThoseWithIt(KerasResNet50Layers.Edition edition) throws Exception {
        Function<KerasLayers, String> top = l -> KerasResNet50Layers.tell(edition, 10, new NarrowLayers(l));
        Function<KerasLayers, String> noTop = l -> KerasResNet50Layers.tell(edition, 0, new NarrowLayers(l));
        KerasArchitecture narrow = (weights, pixels, l) -> KerasResNet50Layers.tell(weights, pixels, new NarrowLayers(l));
        KerasGraph layers = new KerasGraph();
        ComputationGraph seeded = KerasResNet50.seeded(layers.build(top.apply(layers), 224));
        Path with = dir.resolve("resnet50.h5");
        Path without = dir.resolve("resnet50_notop.h5");
        KerasFile.writeWeights(with, top, seeded);
        KerasFile.writeWeights(without, noTop, seeded);
        seeded.close();

        Map<String, float[][]> expected = run(KerasWeights.load(with, "ResNet50", narrow, 224), 224);
        Map<String, float[][]> actual = run(KerasWeights.load(without, "ResNet50", narrow, 224), 224);

        assertThat(expected).containsOnlyKeys("features", "probabilities");
        assertThat(actual).containsOnlyKeys("features");
        assertThat(relativeDifference(actual.get("features"), expected.get("features"))).isLessThan(1e-5);
    }

    @Test
    void aWholeFileOfKeras3GivesItsWeightsWithoutAClassifierToo() throws Exception {
        Function<KerasLayers, String> tell = l -> KerasResNet50Layers.tell(KerasResNet50Layers.Edition.NEW, 0, l);
        Path keras3 = dir.resolve("keras3.h5");
        KerasGraph layers = new KerasGraph();
        ComputationGraph seeded = KerasResNet50.seeded(layers.build(tell.apply(layers), 224));
        KerasFile.write(keras3, tell, 224, seeded, "3.5.0");
        assertParameters(Dl4jModels.load(keras3, zoo("ResNet50")), seeded);

        // What executors are sent for the engine dl4j needs nothing but itself.
        Path sent = dir.resolve("sent.weights");
        zoo("ResNet50").dl4j().maker().write(new Weights(keras3, Checksums.sha256(keras3), "here"), sent);
        assertParameters(Dl4jModels.load(sent), seeded);
        seeded.close();
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("ResNet50", 224, tell(l -> KerasResNet50Layers.tell(KerasResNet50Layers.Edition.OLD, 10, l))),
                Arguments.of("VGG16", 32, tell(l -> KerasVggLayers.tell(List.of(2, 2, 3, 3, 3), 32, 10, l))),
                Arguments.of("Xception", 75, tell(l -> KerasXceptionLayers.tell(10, l))));
    }

    /** Of the table in keras.io/api/applications, running statistics counted. */
    @Test
    void theArchitecturesHaveAsManyParametersAsKerasSays() {
        for (KerasResNet50Layers.Edition edition : KerasResNet50Layers.Edition.values()) {
            assertThat(parameters(224, l -> KerasResNet50Layers.tell(edition, 1000, l))).isEqualTo(25_636_712);
        }
        assertThat(parameters(299, l -> KerasXceptionLayers.tell(1000, l))).isEqualTo(22_910_480);
        assertThat(parameters(224, l -> KerasVggLayers.tell(List.of(2, 2, 3, 3, 3), 224, 1000, l))).isEqualTo(138_357_544);
        assertThat(parameters(224, l -> KerasVggLayers.tell(List.of(2, 2, 4, 4, 4), 224, 1000, l))).isEqualTo(143_667_240);
    }

    @Test
    void weightsOfAnotherNetworkAreRefusedByTheLayerThatIsMissing() throws Exception {
        Function<KerasLayers, String> tell = layers -> {
            layers.convolution("block1_conv1", "input_1", 32, 3, 1, true, true, true);
            layers.globalAveragePooling("pool", "block1_conv1");
            layers.softmax("predictions", "pool", 32, 10);
            return "predictions";
        };
        KerasGraph layers = new KerasGraph();
        ComputationGraph network = layers.build(tell.apply(layers), 32);
        Path other = dir.resolve("other.h5");
        KerasFile.writeWeights(other, tell, network);
        network.close();

        assertThatThrownBy(() -> KerasWeights.load(other, "ResNet50", KerasResNet50Layers::tell,
                224)).isInstanceOf(UnreadableWeightsException.class)
                .hasMessage("Cannot read weights from " + other
                        + ": it is a file of weights without the layer 'conv1_conv', where ResNet50 has"
                        + " kernel [7×7×3×64], bias [64]; give weights of ResNet50, or set network to theirs.");
        assertThatThrownBy(() -> KerasWeights.load(other, "VGG19", zoo("VGG19").keras(),
                32)).hasMessageContaining("whose layer 'block1_conv1' is"
                        + " kernel [3×3×3×32], bias [32], where VGG19 has kernel [3×3×3×64], bias [64];");
    }

    private static ZooNetwork zoo(String network) {
        return ZooNetwork.of(Networks.named(network));
    }

    private static Function<KerasLayers, String> tell(Function<KerasLayers, String> tell) {
        return tell;
    }

    private static void assertParameters(ComputationGraph loaded, ComputationGraph expected) {
        assertThat(loaded.params()).isEqualTo(expected.params());
        loaded.close();
    }

    private static long parameters(int size, Function<KerasLayers, String> tell) {
        KerasGraph layers = new KerasGraph();
        return layers.configuration(tell.apply(layers), size).getVertices().values().stream()
                .mapToLong(vertex -> vertex.numParams(false)).sum();
    }

    private Map<String, float[][]> run(ComputationGraph network, int size) throws Exception {
        Path onnx = dir.resolve("model.onnx");
        OnnxExporter.export(network, size, onnx);
        network.close();
        // Small images are quicker, and a pool of the whole map takes them, too.
        int run = Math.min(size, 75);
        return OnnxRun.of(onnx, pixels(COUNT, run), COUNT, run);
    }
}
