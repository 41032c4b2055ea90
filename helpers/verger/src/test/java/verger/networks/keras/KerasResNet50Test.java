package verger.networks.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static verger.networks.Arrays2D.pixels;
import static verger.networks.Arrays2D.relativeDifference;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.Output;
import verger.networks.dl4j.Dl4jEngine;
import verger.networks.dl4j.Dl4jModels;
import verger.networks.dl4j.OnnxExporter;
import verger.networks.onnx.OnnxRun;

/**
 * The published ResNet50, from a DL4J zip and from Keras files of two editions, gives the same features everywhere: here at an
 * eighth of its width, and whole in {@link KerasWeightsTest} and in ResNet50FeaturizerTest.
 */
@Tag("slow")
class KerasResNet50Test {

    private static final int COUNT = 2;
    private static final double TOLERANCE = 1e-5;

    @TempDir
    static Path dir;

    @ParameterizedTest
    @EnumSource(KerasResNet50Layers.Edition.class)
    void zipAndKerasFileGiveTheFeaturesOfDl4j(KerasResNet50Layers.Edition edition) throws Exception {
        Path zip = dir.resolve(edition + ".zip");
        Path h5 = dir.resolve(edition + ".h5");
        float[][] features;
        float[][] probabilities;
        Function<KerasLayers, String> tell = layers -> KerasResNet50Layers.tell(edition, 1000, new NarrowLayers(layers));
        KerasGraph graph = new KerasGraph();
        ComputationGraph network = KerasResNet50.seeded(graph.build(tell.apply(graph), 224));
        long parameters = network.numParams();
        try {
            ModelSerializer.writeModel(network, zip.toFile(), false);
            KerasFile.write(h5, tell, 224, network, edition == KerasResNet50Layers.Edition.OLD ? "2.1.6" : "2.15.0");
            INDArray input = Nd4j.create(pixels(COUNT, 224), new long[] {COUNT, 3, 224, 224}, 'c');
            Map<String, INDArray> activations = network.feedForward(input, false);
            features = activations.get(KerasResNet50Layers.featureLayer(edition)).toFloatMatrix();
            probabilities = activations.get(KerasResNet50Layers.outputLayer(edition)).toFloatMatrix();
        } finally {
            network.close();
        }
        Path fromZip = export(zip, parameters);
        Path fromH5 = export(h5, parameters);

        Map<String, float[][]> zipOutputs = OnnxRun.of(fromZip, pixels(COUNT, 224), COUNT, 224);
        assertThat(zipOutputs.get("features")).hasDimensions(COUNT, 256);
        assertThat(relativeDifference(zipOutputs.get("features"), features)).isLessThan(TOLERANCE);
        assertThat(relativeDifference(zipOutputs.get("probabilities"), probabilities)).isLessThan(TOLERANCE);

        Map<String, float[][]> h5Outputs = OnnxRun.of(fromH5, pixels(COUNT, 224), COUNT, 224);
        assertThat(relativeDifference(h5Outputs.get("features"), features)).isLessThan(TOLERANCE);
        assertThat(relativeDifference(h5Outputs.get("probabilities"), probabilities)).isLessThan(TOLERANCE);

        // The size of Fruits-360, which the 7×7 pool of the old edition would not take.
        try (Dl4jEngine dl4j = new Dl4jEngine(Dl4jModels.load(h5), 224)) {
            float[][] small = dl4j.run(Output.FEATURES, FloatBuffer.wrap(pixels(COUNT, 100)), COUNT, 100);
            assertThat(relativeDifference(OnnxRun.of(fromZip, pixels(COUNT, 100), COUNT, 100).get("features"), small))
                    .isLessThan(TOLERANCE);
            assertThat(relativeDifference(OnnxRun.of(fromH5, pixels(COUNT, 100), COUNT, 100).get("features"), small))
                    .isLessThan(TOLERANCE);
        }
    }

    private static Path export(Path weights, long parameters) throws Exception {
        Path onnx = dir.resolve(weights.getFileName() + ".onnx");
        ComputationGraph network = Dl4jModels.load(weights);
        assertThat(network.numParams()).isEqualTo(parameters);
        OnnxExporter.export(network, 224, onnx);
        network.close();
        return onnx;
    }
}
