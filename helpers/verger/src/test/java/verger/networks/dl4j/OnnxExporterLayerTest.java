package verger.networks.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static verger.networks.Arrays2D.pixels;
import static verger.networks.Arrays2D.relativeDifference;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.UnsupportedLayerException;
import verger.networks.onnx.OnnxRun;

/** Each kind of layer gives in ONNX Runtime what it gives in DL4J. */
class OnnxExporterLayerTest {

    private static final int COUNT = 2;
    private static final double TOLERANCE = 2e-6;

    @TempDir
    Path dir;

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @MethodSource("layers")
    void agreesWithDl4j(CNN2DFormat format, int size, String what, List<Layer> layers) throws Exception {
        assertAgrees(TinyNetworks.chain(format, size, layers.stream().map(Layer::clone).toArray(Layer[]::new)), format, size,
                "layer_" + (layers.size() - 1));
    }

    static Stream<Arguments> layers() {
        // Even and odd sizes: Same and Truncate differ in where the last window stands.
        return Stream.of(CNN2DFormat.NCHW, CNN2DFormat.NHWC).flatMap(format -> Stream.of(8, 11).flatMap(size -> Stream.of(
                layers(format, size, "conv same 3/1", conv(ConvolutionMode.Same, 3, 1, 0, 1)),
                layers(format, size, "conv same 3/2", conv(ConvolutionMode.Same, 3, 2, 0, 1)),
                layers(format, size, "conv same 1/2", conv(ConvolutionMode.Same, 1, 2, 0, 1)),
                layers(format, size, "conv same 2/1", conv(ConvolutionMode.Same, 2, 1, 0, 1)),
                layers(format, size, "conv same 3/1 dilated", conv(ConvolutionMode.Same, 3, 1, 0, 2)),
                layers(format, size, "conv same 2/1 dilated", conv(ConvolutionMode.Same, 2, 1, 0, 3)),
                layers(format, size, "conv truncate 3/2", conv(ConvolutionMode.Truncate, 3, 2, 0, 1)),
                layers(format, size, "conv truncate 1/2", conv(ConvolutionMode.Truncate, 1, 2, 0, 1)),
                layers(format, size, "conv truncate 3/2 padded", conv(ConvolutionMode.Truncate, 3, 2, 1, 1)),
                layers(format, size, "conv truncate dilated", conv(ConvolutionMode.Truncate, 3, 1, 0, 2)),
                layers(format, size, "conv strict 3/1", conv(ConvolutionMode.Strict, 3, 1, 0, 1)),
                layers(format, size, "conv without bias", new ConvolutionLayer.Builder(3, 3).nOut(5).hasBias(false)
                        .activation(Activation.IDENTITY).build()),
                layers(format, size, "conv with relu", new ConvolutionLayer.Builder(3, 3).nOut(5).activation(Activation.RELU)
                        .build()),
                layers(format, size, "oblong conv", new ConvolutionLayer.Builder(new int[] {1, 3}, new int[] {2, 1}).nOut(5)
                        .activation(Activation.IDENTITY).build()),
                layers(format, size, "zero padding", new ZeroPaddingLayer.Builder(1, 2, 3, 0).dataFormat(format).build()),
                layers(format, size, "max pool same 3/2", pool(PoolingType.MAX, ConvolutionMode.Same, 3, 2, 0)),
                layers(format, size, "max pool truncate 3/2", pool(PoolingType.MAX, ConvolutionMode.Truncate, 3, 2, 0)),
                layers(format, size, "max pool padded", pool(PoolingType.MAX, ConvolutionMode.Truncate, 3, 2, 1)),
                layers(format, size, "average pool same 3/2", pool(PoolingType.AVG, ConvolutionMode.Same, 3, 2, 0)),
                layers(format, size, "average pool same 2/2", pool(PoolingType.AVG, ConvolutionMode.Same, 2, 2, 0)),
                layers(format, size, "average pool truncate 3/2", pool(PoolingType.AVG, ConvolutionMode.Truncate, 3, 2, 0)),
                layers(format, size, "average pool padded", pool(PoolingType.AVG, ConvolutionMode.Truncate, 3, 2, 1)),
                layers(format, size, "average pool padded, padding counted", new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(3, 3).stride(2, 2).padding(1, 1).avgPoolIncludePadInDivisor(true).build()),
                layers(format, size, "average pool same, padding counted", new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(3, 3).stride(2, 2).convolutionMode(ConvolutionMode.Same).avgPoolIncludePadInDivisor(true)
                        .build()),
                layers(format, size, "average pool of the whole map", pool(PoolingType.AVG, ConvolutionMode.Truncate, size,
                        size, 0)),
                layers(format, size, "max pool of the whole map", pool(PoolingType.MAX, ConvolutionMode.Truncate, size, 1, 0)),
                layers(format, size, "global average pool", conv(ConvolutionMode.Same, 3, 1, 0, 1),
                        new GlobalPoolingLayer(PoolingType.AVG)),
                layers(format, size, "global max pool", conv(ConvolutionMode.Same, 3, 1, 0, 1),
                        new GlobalPoolingLayer(PoolingType.MAX)),
                layers(format, size, "batch norm after conv", conv(ConvolutionMode.Same, 3, 1, 0, 1), norm()),
                layers(format, size, "batch norm after conv without bias", new ConvolutionLayer.Builder(3, 3).nOut(5)
                        .hasBias(false)
                        .activation(Activation.IDENTITY).build(), norm()),
                layers(format, size, "batch norm after conv with relu", new ConvolutionLayer.Builder(3, 3).nOut(5)
                        .activation(Activation.RELU).build(), norm()),
                layers(format, size, "batch norm first", norm()),
                layers(format, size, "batch norm with its standard deviation as a logarithm",
                        conv(ConvolutionMode.Same, 3, 1, 0, 1),
                        new BatchNormalization.Builder().useLogStd(true).eps(1e-3).build()),
                layers(format, size, "batch norm without gamma and beta", norm(),
                        new BatchNormalization.Builder(true).useLogStd(false).build()),
                layers(format, size, "separable conv 3/1", separable(ConvolutionMode.Same, 3, 1, 1, true)),
                layers(format, size, "separable conv 3/2 with two filters a channel",
                        separable(ConvolutionMode.Same, 3, 2, 2, true)),
                layers(format, size, "separable conv truncate 3/2", separable(ConvolutionMode.Truncate, 3, 2, 1, false)),
                layers(format, size, "separable conv of a map", conv(ConvolutionMode.Same, 3, 1, 0, 1),
                        separable(ConvolutionMode.Same, 3, 1, 3, true)),
                layers(format, size, "batch norm after separable conv", separable(ConvolutionMode.Same, 3, 1, 2, false),
                        norm()),
                layers(format, size, "depthwise conv 3/1", depthwise(3, 1, 1)),
                layers(format, size, "depthwise conv 3/2 with two filters a channel", depthwise(3, 2, 2)),
                layers(format, size, "batch norm after depthwise conv", depthwise(3, 1, 2), norm()),
                layers(format, size, "frozen conv", new FrozenLayer(conv(ConvolutionMode.Same, 3, 1, 0, 1))),
                layers(format, size, "dropout", conv(ConvolutionMode.Same, 3, 1, 0, 1), new DropoutLayer(0.5)))));
    }

    @ParameterizedTest
    @EnumSource(value = Activation.class, names = {"IDENTITY", "RELU", "RELU6", "LEAKYRELU", "ELU", "SELU", "SIGMOID", "TANH",
        "HARDSIGMOID", "HARDTANH", "SOFTPLUS", "SOFTSIGN", "SWISH"})
    void activationAgreesWithDl4j(Activation activation) throws Exception {
        // The pixels are far from zero: a small factor brings them where the functions bend.
        assertAgrees(TinyNetworks.build(TinyNetworks.builder()
                .addVertex("small", new ScaleVertex(0.05), "input")
                .addLayer("layer_0", new ActivationLayer(activation), "small")
                .addLayer("output", TinyNetworks.classifier(), "layer_0").setOutputs("output"), CNN2DFormat.NCHW, 8),
                CNN2DFormat.NCHW, 8, "layer_0");
    }

    @Test
    void reluWithCeilingOrSlopeAgreesWithDl4j() throws Exception {
        assertAgrees(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new ActivationLayer(new ActivationReLU(6.0, 0.0, 0.0))),
                CNN2DFormat.NCHW, 8, "layer_0");
        assertAgrees(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new ActivationLayer(new ActivationReLU(null, 0.0, 0.2))),
                CNN2DFormat.NCHW, 8, "layer_0");
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void sidewaysConnectionsAgreeWithDl4j(CNN2DFormat format) throws Exception {
        GraphBuilder graph = TinyNetworks.builder()
                .addLayer("a", conv(ConvolutionMode.Same, 3, 1, 0, 1), "input")
                .addLayer("b", conv(ConvolutionMode.Same, 1, 1, 0, 1), "input")
                .addLayer("a_norm", norm(), "a")
                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a_norm", "b")
                // A second reader of the convolution: its normalization must not be folded into it.
                .addVertex("add3", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "a_norm", "b")
                .addVertex("subtract", new ElementWiseVertex(ElementWiseVertex.Op.Subtract), "a", "b")
                .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "a", "b")
                .addVertex("average", new ElementWiseVertex(ElementWiseVertex.Op.Average), "a", "b", "add")
                .addVertex("max", new ElementWiseVertex(ElementWiseVertex.Op.Max), "a", "b")
                .addVertex("shift", new ShiftVertex(3), "max")
                .addVertex("merge", new MergeVertex(), "add", "add3", "subtract", "product", "average", "shift")
                .addLayer("output", TinyNetworks.classifier(), "merge")
                .setOutputs("output");
        assertAgrees(TinyNetworks.build(graph, format, 8), format, 8, "merge");
    }

    @Test
    void flattenInKerasOrderOfAnNchwNetworkAgreesWithDl4j() throws Exception {
        GraphBuilder graph = TinyNetworks.builder()
                .addLayer("conv", conv(ConvolutionMode.Same, 3, 2, 0, 1), "input")
                .addVertex("flatten", new PreprocessorVertex(new TensorFlowCnnToFeedForwardPreProcessor(4, 4, 5)), "conv")
                .addLayer("output", TinyNetworks.classifier(), "flatten")
                .setOutputs("output");
        assertAgrees(TinyNetworks.build(graph, CNN2DFormat.NCHW, 8), CNN2DFormat.NCHW, 8, "flatten");
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void featuresAreWhatGoesIntoTheLastDenseLayer(CNN2DFormat format) throws Exception {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("conv", conv(ConvolutionMode.Same, 3, 2, 0, 1), "input")
                .addLayer("hidden", new DenseLayer.Builder().nOut(7).activation(Activation.RELU).build(), "conv")
                .addLayer("norm", norm(), "hidden")
                .addLayer("logits", new DenseLayer.Builder().nOut(4).hasBias(false).activation(Activation.IDENTITY).build(),
                        "norm")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "logits")
                .addLayer("output", new LossLayer.Builder().activation(Activation.IDENTITY).build(), "softmax")
                .setOutputs("output"), format, 8);
        assertAgrees(network, format, 8, "norm");
    }

    @Test
    void anyImageSizeFitsBehindAPoolOfTheWholeMap() throws Exception {
        ComputationGraph network = TinyNetworks.chain(CNN2DFormat.NCHW, 8, conv(ConvolutionMode.Same, 3, 1, 0, 1),
                pool(PoolingType.AVG, ConvolutionMode.Truncate, 8, 8, 0));
        Path model = export(network, 8);
        float[][] expected = run(network, CNN2DFormat.NCHW, 12, "layer_0", true);
        assertThat(relativeDifference(OnnxRun.of(model, pixels(COUNT, 12), COUNT, 12).get("features"), expected))
                .isLessThan(TOLERANCE);
    }

    @Test
    void aNetworkWithoutAClassifierGivesTheAverageOfItsLastMap() throws Exception {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("conv", conv(ConvolutionMode.Same, 3, 1, 0, 1), "input")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "conv")
                .setOutputs("relu"), CNN2DFormat.NCHW, 8);
        Map<String, float[][]> outputs = OnnxRun.of(export(network, 8), pixels(COUNT, 8), COUNT, 8);
        assertThat(outputs).containsOnlyKeys("features");
        assertThat(relativeDifference(outputs.get("features"), run(network, CNN2DFormat.NCHW, 8, "relu", true)))
                .isLessThan(TOLERANCE);
    }

    @Test
    void aLayerMayBeCalledAsAnOutputIs() throws Exception {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("pixels", conv(ConvolutionMode.Same, 3, 1, 0, 1), "input")
                .addLayer("features", new GlobalPoolingLayer(PoolingType.AVG), "pixels")
                .addLayer("output", TinyNetworks.classifier(), "features").setOutputs("output"), CNN2DFormat.NCHW, 8);
        assertAgrees(network, CNN2DFormat.NCHW, 8, "features");
    }

    @Test
    void aRegressionHasNoProbabilities() throws Exception {
        ComputationGraph network = TinyNetworks.build(TinyNetworks.builder()
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "input")
                .addLayer("output", new DenseLayer.Builder().nOut(1).activation(Activation.IDENTITY).build(), "pool")
                .setOutputs("output"), CNN2DFormat.NCHW, 8);
        assertThat(OnnxRun.of(export(network, 8), pixels(COUNT, 8), COUNT, 8)).containsOnlyKeys("features");
    }

    @Test
    void anUnknownLayerIsNamed() {
        assertThatThrownBy(() -> export(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new LocalResponseNormalization()), 8))
                .isInstanceOf(UnsupportedLayerException.class)
                .hasMessage("Layer 'layer_0' (LocalResponseNormalization) cannot be exported to ONNX");
        assertThatThrownBy(() -> export(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new Upsampling2D.Builder(2).build()), 8))
                .isInstanceOf(UnsupportedLayerException.class).hasMessageContaining("Upsampling2D");
        assertThatThrownBy(() -> export(TinyNetworks.chain(CNN2DFormat.NCHW, 8, new ActivationLayer(Activation.RATIONALTANH)),
                8))
                .isInstanceOf(UnsupportedLayerException.class).hasMessageContaining("'layer_0' (activation "
                        + "ActivationRationalTanh on feature maps)");
        assertThatThrownBy(() -> export(TinyNetworks.chain(CNN2DFormat.NCHW, 8,
                pool(PoolingType.SUM, ConvolutionMode.Truncate, 2, 2, 0)), 8))
                .isInstanceOf(UnsupportedLayerException.class).hasMessageContaining("SUM SubsamplingLayer");
        assertThat(dir).isEmptyDirectory();
    }

    private void assertAgrees(ComputationGraph network, CNN2DFormat format, int size, String featureLayer) throws Exception {
        Map<String, float[][]> outputs = OnnxRun.of(export(network, size), pixels(COUNT, size), COUNT, size);
        assertThat(relativeDifference(outputs.get("features"), run(network, format, size, featureLayer, false)))
                .as("features").isLessThan(TOLERANCE);
        assertThat(relativeDifference(outputs.get("probabilities"), run(network, format, size, "output", false)))
                .as("probabilities").isLessThan(1e-4);
    }

    private Path export(ComputationGraph network, int size) throws Exception {
        Path file = dir.resolve("model.onnx");
        OnnxExporter.export(network, size, file);
        return file;
    }

    /** What DL4J's own layer gives, one row an image. */
    private static float[][] run(ComputationGraph network, CNN2DFormat format, int size, String layer, boolean average) {
        INDArray input = Nd4j.create(pixels(COUNT, size), new long[] {COUNT, 3, size, size}, 'c');
        if (format == CNN2DFormat.NHWC) {
            input = input.permute(0, 2, 3, 1).dup('c');
        }
        INDArray output = network.feedForward(input, false).get(layer);
        return average ? output.mean(2, 3).toFloatMatrix() : output.dup('c').reshape('c', COUNT, -1).toFloatMatrix();
    }

    private static Arguments layers(CNN2DFormat format, int size, String what, Layer... layers) {
        return Arguments.of(format, size, what, List.of(layers));
    }

    private static ConvolutionLayer conv(ConvolutionMode mode, int kernel, int stride, int padding, int dilation) {
        return new ConvolutionLayer.Builder(kernel, kernel).stride(stride, stride).padding(padding, padding)
                .dilation(dilation, dilation)
                .nOut(5).convolutionMode(mode).activation(Activation.IDENTITY).build();
    }

    private static SeparableConvolution2D separable(ConvolutionMode mode, int kernel, int stride, int multiplier,
            boolean bias) {
        return new SeparableConvolution2D.Builder(kernel, kernel).stride(stride, stride).nOut(5).depthMultiplier(multiplier)
                .hasBias(bias)
                .convolutionMode(mode).activation(Activation.IDENTITY).build();
    }

    private static DepthwiseConvolution2D depthwise(int kernel, int stride, int multiplier) {
        return new DepthwiseConvolution2D.Builder().kernelSize(kernel, kernel).stride(stride, stride)
                .depthMultiplier(multiplier)
                .convolutionMode(ConvolutionMode.Same).activation(Activation.IDENTITY).build();
    }

    private static SubsamplingLayer pool(PoolingType type, ConvolutionMode mode, int kernel, int stride, int padding) {
        return new SubsamplingLayer.Builder(type).kernelSize(kernel, kernel).stride(stride, stride).padding(padding, padding)
                .convolutionMode(mode).build();
    }

    private static BatchNormalization norm() {
        return new BatchNormalization.Builder().useLogStd(false).eps(1.001e-5).build();
    }
}
