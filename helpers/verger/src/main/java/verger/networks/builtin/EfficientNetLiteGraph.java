package verger.networks.builtin;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import verger.networks.builtin.TorchWeights.Tensor;

/**
 * An EfficientNet-Lite as an ONNX model, from its published PyTorch weights.
 *
 * <p>The architecture is that of {@code efficientnet_lite} in TensorFlow's TPU model garden: a stem, seven stages of inverted
 * residual blocks without squeeze-and-excite, a head, ReLU6 throughout, "same" padding as TensorFlow does it (the odd pixel after
 * the image), batch norm with epsilon 1e-3. Widths, kernel sizes and which blocks expand are read from the weights.
 */
final class EfficientNetLiteGraph {

    /** Goes up when the same weights give another file. */
    static final int VERSION = 4;

    private static final double BATCH_NORM_EPSILON = 1e-3;
    /** Of the first block of each stage. */
    private static final List<Integer> STRIDES = List.of(1, 2, 2, 2, 1, 2, 1);
    private static final Pattern BLOCK = Pattern.compile("_blocks\\.(\\d+)\\..*");

    private final EfficientNetLite network;
    private final TorchGraph graph;
    private final String zero;
    private final String six;

    private EfficientNetLiteGraph(EfficientNetLite network, TorchGraph graph) {
        this.network = network;
        this.graph = graph;
        zero = graph.onnx().constant(new float[] {0});
        six = graph.onnx().constant(new float[] {6});
    }

    /** Tells the network. */
    static void tell(EfficientNetLite network, TorchGraph graph) throws IOException {
        new EfficientNetLiteGraph(network, graph).tell();
    }

    private void tell() throws IOException {
        String x = relu6(convolution("pixels", "_conv_stem", "_bn0", 2));
        requireBlocks();
        int block = 0;
        for (int stage = 0; stage < STRIDES.size(); stage++) {
            for (int i = 0; i < network.repeats().get(stage); i++) {
                x = block(x, "_blocks." + block++ + ".", i == 0 ? STRIDES.get(stage) : 1);
            }
        }
        x = relu6(convolution(x, "_conv_head", "_bn1", 1));
        graph.classifier(x, graph.weight("_conv_head.weight").shape()[0], "_fc");
    }

    /** Those of a larger network would be left out without a word. */
    private void requireBlocks() throws IOException {
        long found =
                graph.names().stream().map(BLOCK::matcher).filter(Matcher::matches).map(name -> name.group(1)).distinct()
                        .count();
        int wanted = network.repeats().stream().mapToInt(Integer::intValue).sum();
        if (found != wanted) {
            throw graph.notThis("it has " + found + " blocks, not " + wanted);
        }
    }

    private String block(String input, String name, int stride) throws IOException {
        boolean expands = graph.names().contains(name + "_expand_conv.weight");
        String x = expands ? relu6(convolution(input, name + "_expand_conv", name + "_bn0", 1)) : input;
        x = relu6(convolution(x, name + "_depthwise_conv", name + "_bn1", stride));
        x = convolution(x, name + "_project_conv", name + "_bn2", 1);
        long in = graph.weight(name + (expands ? "_expand_conv.weight" : "_depthwise_conv.weight")).shape()[expands ? 1 : 0];
        boolean sameShape = stride == 1 && in == graph.weight(name + "_project_conv.weight").shape()[0];
        return sameShape ? graph.onnx().node("Add", name + "add", x, input).output() : x;
    }

    private String relu6(String x) {
        return graph.onnx().node("Clip", x + ".relu6", x, zero, six).output();
    }

    private String convolution(String input, String name, String norm, int stride) throws IOException {
        Tensor kernel = graph.weight(name + ".weight");
        boolean depthwise = name.endsWith("_depthwise_conv");
        return graph.convolution(input, name, kernel, norm, BATCH_NORM_EPSILON)
                .withOne("auto_pad", "SAME_UPPER")
                .with("strides", stride, stride)
                .withOne("group", depthwise ? kernel.shape()[0] : 1)
                .output();
    }
}
