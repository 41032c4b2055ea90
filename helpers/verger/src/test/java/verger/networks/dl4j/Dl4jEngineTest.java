package verger.networks.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static verger.networks.Arrays2D.pixels;
import static verger.networks.Arrays2D.relativeDifference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.Output;

/** The DL4J engine gives what DL4J's own layers give. */
class Dl4jEngineTest {

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void averagesWhatAPoolOfTheWholeMapReads(CNN2DFormat format) {
        ComputationGraph network = TinyNetworks.chain(format, 8, conv(), pool(8));
        float[][] expected = rows(network, format, 8, "layer_1");
        try (Dl4jEngine engine = new Dl4jEngine(network, 8)) {
            assertThat(relativeDifference(engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2, 8), expected))
                    .isLessThan(1e-6);
            assertThat(engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 11)), 2, 11)).as("another size")
                    .hasDimensions(2, 5);
            assertThat(engine.fixedSize()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void flattensInTheOrderOfTheNetwork(CNN2DFormat format) {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("a", conv(), "input")
                .addLayer("b", conv(), "input")
                .addVertex("merge", new MergeVertex(), "a", "b")
                .addLayer("output", TinyNetworks.classifier(), "merge").setOutputs("output"), format, 8);
        float[][] expected = rows(network, format, 8, "merge");
        try (Dl4jEngine engine = new Dl4jEngine(network, 8)) {
            assertThat(relativeDifference(engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2, 8), expected))
                    .isLessThan(1e-6);
            assertThat(engine.fixedSize()).isEqualTo(8);
            assertThatThrownBy(() -> engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 11)), 2, 11))
                    .hasMessageContaining("DL4J cannot compute features of 2 images of 11×11 pixels");
        }
    }

    @Test
    void readsABatchNormalizationOfRows() {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("hidden", new DenseLayer.Builder().nOut(7).activation(Activation.RELU).build(), "input")
                .addLayer("norm", new BatchNormalization(), "hidden")
                .addLayer("output", TinyNetworks.classifier(), "norm").setOutputs("output"), CNN2DFormat.NCHW, 8);
        float[][] expected = rows(network, CNN2DFormat.NCHW, 8, "norm");
        try (Dl4jEngine engine = new Dl4jEngine(network, 8)) {
            assertThat(relativeDifference(engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2, 8), expected))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void averagesTheLastMapOfANetworkWithoutAClassifier() {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("conv", conv(), "input")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "conv").setOutputs("relu"), CNN2DFormat.NHWC, 8);
        float[][] expected = feedForward(network, CNN2DFormat.NHWC, 8, "relu").mean(1, 2).toFloatMatrix();
        try (Dl4jEngine engine = new Dl4jEngine(network, 8)) {
            assertThat(relativeDifference(engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2, 8), expected))
                    .isLessThan(1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void givesTheProbabilitiesOfANetworkThatEndsInASoftmax(CNN2DFormat format) {
        ComputationGraph network = TinyNetworks.chain(format, 8, conv(), pool(8));
        float[][] expected = rows(network, format, 8, "output");
        try (Dl4jEngine engine = new Dl4jEngine(network, 8)) {
            assertThat(engine.classCount()).isEqualTo(4);
            assertThat(relativeDifference(engine.run(Output.PROBABILITIES, FloatBuffer.wrap(pixels(2, 8)), 2, 8), expected))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void knowsNoClassesOfANetworkThatEndsInPlainNumbers() {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("dense", new DenseLayer.Builder().nOut(7).activation(Activation.IDENTITY).build(), "input")
                .setOutputs("dense"),
                CNN2DFormat.NCHW, 8);
        try (Dl4jEngine engine = new Dl4jEngine(network, 8)) {
            assertThat(engine.classCount()).isZero();
        }
    }

    @Test
    void servesTasksOfSeveralThreads() throws Exception {
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        try (Dl4jEngine engine = new Dl4jEngine(TinyNetworks.chain(CNN2DFormat.NCHW, 8, conv(), pool(8)), 8)) {
            float[][] expected = engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2, 8);
            List<Callable<float[][]>> calls = IntStream.range(0, 40)
                    .<Callable<float[][]>>mapToObj(i -> () -> engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2,
                            8))
                    .toList();
            for (Future<float[][]> result : tasks.invokeAll(calls)) {
                assertThat(result.get()).isDeepEqualTo(expected);
            }
        } finally {
            tasks.shutdown();
        }
    }

    @Test
    void aClosedEngineSaysSo() {
        Dl4jEngine engine = new Dl4jEngine(TinyNetworks.chain(CNN2DFormat.NCHW, 8, conv(), pool(8)), 8);
        engine.close();
        engine.close();
        assertThatThrownBy(() -> engine.run(Output.FEATURES, FloatBuffer.wrap(pixels(2, 8)), 2, 8))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    private static float[][] rows(ComputationGraph network, CNN2DFormat format, int size, String layer) {
        return feedForward(network, format, size, layer).dup('c').reshape('c', 2, -1).toFloatMatrix();
    }

    private static INDArray feedForward(ComputationGraph network, CNN2DFormat format, int size, String layer) {
        INDArray input = Nd4j.create(pixels(2, size), new long[] {2, 3, size, size}, 'c');
        return network.feedForward(format == CNN2DFormat.NHWC ? input.permute(0, 2, 3, 1).dup('c') : input, false).get(layer);
    }

    private static ConvolutionLayer conv() {
        return new ConvolutionLayer.Builder(3, 3).nOut(5).convolutionMode(ConvolutionMode.Same).activation(Activation.RELU)
                .build();
    }

    private static SubsamplingLayer pool(int size) {
        return new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(size, size).stride(size, size).build();
    }
}
