package verger.networks.builtin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import verger.networks.Network;
import verger.networks.UnreadableWeightsException;
import verger.networks.builtin.TorchWeights.FormatException;
import verger.networks.builtin.TorchWeights.Tensor;
import verger.networks.onnx.BatchNorm;
import verger.networks.onnx.GoldenFeatures;
import verger.networks.onnx.OnnxGraph;

/** The ONNX graph of a network of PyTorch's that is being told, and the weights that its nodes take by name. */
final class TorchGraph {

    private final Network network;
    private final Map<String, Tensor> weights;
    private final Set<String> taken = new HashSet<>();
    private final OnnxGraph graph;

    private TorchGraph(Network network, Map<String, Tensor> weights) {
        this.network = network;
        this.weights = weights;
        graph = new OnnxGraph(network.name());
        graph.input("pixels", "batch", 3, "height", "width");
    }

    /** Tells the layers from the input {@code pixels} to {@link #classifier}. */
    interface Architecture {
        void tell(TorchGraph graph) throws IOException;
    }

    /**
     * Writes a network as an ONNX model.
     *
     * @param version of the architecture's class: goes up when the same weights give another file
     * @param weights a file that {@link TorchWeights} reads
     * @param wayOut  what the user can give instead of others
     * @throws UnreadableWeightsException if it is none, or another network's
     */
    static void export(Network network, Architecture architecture, int version, Path weights, String wayOut, Path onnx)
            throws IOException {
        TorchGraph model;
        try {
            model = new TorchGraph(network, TorchWeights.read(weights));
            architecture.tell(model);
            model.requireAllTaken();
        } catch (FormatException e) {
            throw new UnreadableWeightsException(weights, e.getMessage(), wayOut, e);
        }
        model.graph.write(onnx, Integer.toString(version));
        GoldenFeatures.appendOwn(onnx, network.inputSize());
    }

    OnnxGraph onnx() {
        return graph;
    }

    /** Names of all tensors in the file. */
    Set<String> names() {
        return weights.keySet();
    }

    /** A tensor by its name. */
    Tensor weight(String name) throws FormatException {
        Tensor tensor = weights.get(name);
        if (tensor == null) {
            throw notThis("it has no tensor " + name);
        }
        taken.add(name);
        return tensor;
    }

    /** A tensor by its name, of a shape that the architecture wants. */
    Tensor weight(String name, long... shape) throws FormatException {
        Tensor tensor = weight(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw notThis("its tensor " + name + " is " + Arrays.toString(tensor.shape()) + ", not " + Arrays.toString(shape));
        }
        return tensor;
    }

    FormatException notThis(String why) {
        return new FormatException("not " + network.name() + ", since " + why, null);
    }

    /** A larger network has all tensors of a smaller one, and more, which would be left out without a word. */
    private void requireAllTaken() throws FormatException {
        String left = weights.keySet().stream().filter(name -> !taken.contains(name)).findFirst().orElse(null);
        if (left != null) {
            throw notThis("it has a tensor " + left + " too many");
        }
    }

    /**
     * A convolution without a bias of its own, with the batch norm after it folded in.
     *
     * @param name    of the convolution, to which {@code .weight} is added
     * @param kernel  its weight
     * @param norm    name of the batch norm
     * @param epsilon of the batch norm
     * @return the node, without strides, padding and groups
     */
    OnnxGraph.Node convolution(String input, String name, Tensor kernel, String norm, double epsilon) throws FormatException {
        int filters = (int) kernel.shape()[0];
        float[] folded = kernel.values().clone();
        float[] bias = new float[filters];
        new BatchNorm(weight(norm + ".weight", filters).values(), weight(norm + ".bias", filters).values(),
                weight(norm + ".running_mean", filters).values(), weight(norm + ".running_var", filters).values(), epsilon)
                .foldInto(folded, bias);
        return graph.node("Conv", name, input, graph.constant(folded, kernel.shape()), graph.constant(bias, filters))
                .with("kernel_shape", kernel.shape()[2], kernel.shape()[3]);
    }

    /**
     * The end: the average over maps, which are the features, and a softmax over classes unless the file has no classifier.
     *
     * @param maps     the last ones
     * @param channels how many there are
     * @param name     of the dense layer
     */
    void classifier(String maps, long channels, String name) throws FormatException {
        String pooled = graph.node("GlobalAveragePool", "pool", maps).output();
        String features = graph.node("Flatten", "flatten", pooled).output();
        graph.output("features", features, "batch", channels);
        if (!weights.containsKey(name + ".weight")) {
            return;
        }
        Tensor dense = weight(name + ".weight");
        long classes = dense.shape()[0];
        String logits = graph.node("Gemm", name, features,
                graph.constant(weight(name + ".weight", classes, channels).values(), classes, channels),
                graph.constant(weight(name + ".bias", classes).values(), classes))
                .withOne("transB", 1).output();
        graph.output("probabilities", graph.node("Softmax", "softmax", logits).withOne("axis", 1).output(), "batch", classes);
    }
}
