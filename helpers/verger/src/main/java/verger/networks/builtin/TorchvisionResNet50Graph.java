package verger.networks.builtin;

import java.io.IOException;
import java.util.List;
import verger.networks.builtin.TorchWeights.FormatException;
import verger.networks.builtin.TorchWeights.Tensor;

/**
 * Torchvision's ResNet50, told layer by layer; source: torchvision/models/resnet.py, classes ResNet and Bottleneck.
 *
 * <p>It differs from Keras' and He's first one: a stage's stride is in its first 3×3 convolution, not in the 1×1 one before
 * it (ResNet 1.5), and the pool pads.
 */
final class TorchvisionResNet50Graph {

    /** Goes up when the same weights give another file. */
    static final int VERSION = 1;

    /** {@code torch.nn.BatchNorm2d}'s default. */
    private static final double BATCH_NORM_EPSILON = 1e-5;
    private static final List<Integer> BLOCKS = List.of(3, 4, 6, 3);
    /** {@code Bottleneck.expansion}. */
    private static final int EXPANSION = 4;

    private final TorchGraph graph;

    private TorchvisionResNet50Graph(TorchGraph graph) {
        this.graph = graph;
    }

    /**
     * Tells the network.
     *
     * @param features how many there are, 2,048: 32 times the filters of its first layer
     */
    static void tell(TorchGraph graph, int features) throws IOException {
        new TorchvisionResNet50Graph(graph).tell(features / 8 / EXPANSION);
    }

    private void tell(long width) throws IOException {
        String x = relu(convolution("pixels", "conv1", "bn1", 3, width, 7, 2));
        x = graph.onnx().node("MaxPool", "maxpool", x).with("kernel_shape", 3, 3).with("strides", 2, 2)
                .with("pads", 1, 1, 1, 1).output();
        long channels = width;
        for (int stage = 0; stage < BLOCKS.size(); stage++) {
            for (int block = 0; block < BLOCKS.get(stage); block++) {
                long planes = width << stage;
                x = block(x, "layer" + (stage + 1) + "." + block + ".", channels, planes, stage > 0 && block == 0 ? 2 : 1,
                        block == 0);
                channels = EXPANSION * planes;
            }
        }
        graph.classifier(x, channels, "fc");
    }

    private String block(String input, String name, long in, long planes, int stride, boolean downsample) throws IOException {
        long out = EXPANSION * planes;
        String x = relu(convolution(input, name + "conv1", name + "bn1", in, planes, 1, 1));
        x = relu(convolution(x, name + "conv2", name + "bn2", planes, planes, 3, stride));
        x = convolution(x, name + "conv3", name + "bn3", planes, out, 1, 1);
        String shortcut = downsample
                ? convolution(input, name + "downsample.0", name + "downsample.1", in, out, 1, stride)
                : input;
        return relu(graph.onnx().node("Add", name + "add", x, shortcut).output());
    }

    private String relu(String x) {
        return graph.onnx().node("Relu", x + ".relu", x).output();
    }

    private String convolution(String input, String name, String norm, long in, long out, int kernel, int stride)
            throws FormatException {
        Tensor weight = graph.weight(name + ".weight", out, in, kernel, kernel);
        int padding = kernel / 2;
        return graph.convolution(input, name, weight, norm, BATCH_NORM_EPSILON)
                .with("strides", stride, stride).with("pads", padding, padding, padding, padding).output();
    }
}
