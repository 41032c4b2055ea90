package verger.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import verger.features.TorchWeights.Tensor;

/**
 * EfficientNet-Lite0 as an ONNX model, from its published PyTorch weights.
 *
 * <p>The architecture is that of {@code efficientnet_lite0} in TensorFlow's TPU model garden: a stem, 16 inverted residual
 * blocks without squeeze-and-excite, a head, ReLU6 throughout, "same" padding as TensorFlow does it (the odd pixel after
 * the image), batch norm with epsilon 1e-3. Widths, kernel sizes and which blocks expand are read from the weights.
 */
final class EfficientNetLite0 {

    /** Goes up when the same weights give another file. */
    static final int VERSION = 1;

    private static final double BATCH_NORM_EPSILON = 1e-3;
    private static final int BLOCKS = 16;
    private static final Set<Integer> BLOCKS_WITH_STRIDE_2 = Set.of(1, 3, 5, 11);

    private final Map<String, Tensor> weights;
    private final OnnxGraph graph = new OnnxGraph("EfficientNet-Lite0");
    private final String zero = graph.constant(new float[] {0});
    private final String six = graph.constant(new float[] {6});

    private EfficientNetLite0(Map<String, Tensor> weights) {
        this.weights = weights;
    }

    /**
     * Writes the model.
     *
     * @param weights the published {@code .pth}, or one of the same network and format
     * @throws UnreadableWeightsException if it is none
     */
    static void export(Path weights, Path onnx) throws IOException {
        OnnxGraph model;
        try {
            model = new EfficientNetLite0(TorchWeights.read(weights)).build();
        } catch (TorchWeights.FormatException e) {
            throw new UnreadableWeightsException(weights, e.getMessage(), "give " + EfficientNetWeights.FILE, e);
        }
        model.write(onnx, Integer.toString(VERSION));
    }

    private OnnxGraph build() throws IOException {
        graph.input("pixels", "batch", 3, "height", "width");
        String x = relu6(convolution("pixels", "_conv_stem", "_bn0", 2));
        for (int i = 0; i < BLOCKS; i++) {
            x = block(x, "_blocks." + i + ".", BLOCKS_WITH_STRIDE_2.contains(i) ? 2 : 1);
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
            throw new TorchWeights.FormatException("not EfficientNet-Lite0, since it has no tensor " + name, null);
        }
        return tensor;
    }
}
