package verger.networks.builtin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import verger.networks.UnreadableWeightsException;
import verger.networks.builtin.TorchWeights.Tensor;
import verger.networks.onnx.BatchNorm;
import verger.networks.onnx.GoldenFeatures;
import verger.networks.onnx.OnnxGraph;

/**
 * An EfficientNet-Lite as an ONNX model, from its published PyTorch weights.
 *
 * <p>The architecture is that of {@code efficientnet_lite} in TensorFlow's TPU model garden: a stem, seven stages of inverted
 * residual blocks without squeeze-and-excite, a head, ReLU6 throughout, "same" padding as TensorFlow does it (the odd pixel after
 * the image), batch norm with epsilon 1e-3. Widths, kernel sizes and which blocks expand are read from the weights.
 */
final class EfficientNetLiteGraph {

    /** Goes up when the same weights give another file. */
    static final int VERSION = 3;

    private static final double BATCH_NORM_EPSILON = 1e-3;
    /** Of the first block of each stage. */
    private static final List<Integer> STRIDES = List.of(1, 2, 2, 2, 1, 2, 1);
    private static final Pattern BLOCK = Pattern.compile("_blocks\\.(\\d+)\\..*");

    private final EfficientNetLite network;
    private final Map<String, Tensor> weights;
    private final OnnxGraph graph;
    private final String zero;
    private final String six;

    private EfficientNetLiteGraph(EfficientNetLite network, Map<String, Tensor> weights) {
        this.network = network;
        this.weights = weights;
        graph = new OnnxGraph(network.network().name());
        zero = graph.constant(new float[] {0});
        six = graph.constant(new float[] {6});
    }

    /**
     * Writes the model.
     *
     * @param weights the published {@code .pth}, or one of the same network and format
     * @throws UnreadableWeightsException if it is none
     */
    static void export(EfficientNetLite network, Path weights, Path onnx) throws IOException {
        OnnxGraph model;
        try {
            model = new EfficientNetLiteGraph(network, TorchWeights.read(weights)).build();
        } catch (TorchWeights.FormatException e) {
            throw new UnreadableWeightsException(weights, e.getMessage(), "give " + network.file(), e);
        }
        model.write(onnx, Integer.toString(VERSION));
        GoldenFeatures.appendOwn(onnx, network.network().inputSize());
    }

    private OnnxGraph build() throws IOException {
        graph.input("pixels", "batch", 3, "height", "width");
        String x = relu6(convolution("pixels", "_conv_stem", "_bn0", 2));
        requireBlocks();
        int block = 0;
        for (int stage = 0; stage < STRIDES.size(); stage++) {
            for (int i = 0; i < network.repeats().get(stage); i++) {
                x = block(x, "_blocks." + block++ + ".", i == 0 ? STRIDES.get(stage) : 1);
            }
        }
        x = relu6(convolution(x, "_conv_head", "_bn1", 1));
        x = graph.node("GlobalAveragePool", "_avg_pooling", x).output();
        String features = graph.node("Flatten", "flatten", x).output();
        Tensor classifier = weight("_fc.weight");
        long classes = classifier.shape()[0];
        String logits = graph.node("Gemm", "_fc", features,
                graph.constant(classifier.values(), classifier.shape()),
                graph.constant(weight("_fc.bias").values(), classes))
                .withOne("transB", 1).output();
        String probabilities = graph.node("Softmax", "softmax", logits).withOne("axis", 1).output();
        graph.output("features", features, "batch", classifier.shape()[1]);
        graph.output("probabilities", probabilities, "batch", classes);
        return graph;
    }

    /** Those of a larger network would be left out without a word. */
    private void requireBlocks() throws IOException {
        long found =
                weights.keySet().stream().map(BLOCK::matcher).filter(Matcher::matches).map(name -> name.group(1)).distinct()
                        .count();
        int wanted = network.repeats().stream().mapToInt(Integer::intValue).sum();
        if (found != wanted) {
            throw notThis("it has " + found + " blocks, not " + wanted);
        }
    }

    private TorchWeights.FormatException notThis(String why) {
        return new TorchWeights.FormatException("not " + network.network().name() + ", since " + why, null);
    }

    private String block(String input, String name, int stride) throws IOException {
        boolean expands = weights.containsKey(name + "_expand_conv.weight");
        String x = expands ? relu6(convolution(input, name + "_expand_conv", name + "_bn0", 1)) : input;
        x = relu6(convolution(x, name + "_depthwise_conv", name + "_bn1", stride));
        x = convolution(x, name + "_project_conv", name + "_bn2", 1);
        long in = weight(name + (expands ? "_expand_conv.weight" : "_depthwise_conv.weight")).shape()[expands ? 1 : 0];
        boolean sameShape = stride == 1 && in == weight(name + "_project_conv.weight").shape()[0];
        return sameShape ? graph.node("Add", name + "add", x, input).output() : x;
    }

    private String relu6(String x) {
        return graph.node("Clip", x + ".relu6", x, zero, six).output();
    }

    /** A convolution, which has no bias of its own, with the batch norm after it folded in. */
    private String convolution(String input, String name, String norm, int stride) throws IOException {
        Tensor kernel = weight(name + ".weight");
        int filters = (int) kernel.shape()[0];
        float[] folded = kernel.values().clone();
        float[] bias = new float[filters];
        new BatchNorm(weight(norm + ".weight").values(), weight(norm + ".bias").values(),
                weight(norm + ".running_mean").values(), weight(norm + ".running_var").values(), BATCH_NORM_EPSILON)
                .foldInto(folded, bias);
        boolean depthwise = name.endsWith("_depthwise_conv");
        return graph.node("Conv", name, input, graph.constant(folded, kernel.shape()), graph.constant(bias, filters))
                .withOne("auto_pad", "SAME_UPPER")
                .with("kernel_shape", kernel.shape()[2], kernel.shape()[3])
                .with("strides", stride, stride)
                .withOne("group", depthwise ? filters : 1)
                .output();
    }

    private Tensor weight(String name) throws IOException {
        Tensor tensor = weights.get(name);
        if (tensor == null) {
            throw notThis("it has no tensor " + name);
        }
        return tensor;
    }
}
