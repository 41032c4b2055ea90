package verger.networks.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/** Answers questions about somebody else's ONNX graph: what feeds what, and where its classifier is. */
final class OnnxModel {

    /** What only gives numbers another shape or type, or adds and multiplies by the same numbers for all images. */
    private static final Set<String> SHAPING = Set.of("Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Cast",
            "Dropout", "Transpose", "QuantizeLinear", "DequantizeLinear");
    private static final Set<String> SCALING = Set.of("Add", "Sub", "Mul", "Div");
    private static final Set<String> POOLING = Set.of("GlobalAveragePool", "ReduceMean", "AveragePool", "GlobalMaxPool");

    private static final long IMAGENET_CLASSES = 1000;

    private final GraphProto graph;
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    /** Tensors that are the same for all images. */
    private final Set<String> constants = new HashSet<>();

    OnnxModel(GraphProto graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        graph.getSparseInitializerList().forEach(tensor -> constants.add(tensor.getValues().getName()));
        constants.addAll(initializers.keySet());
        for (NodeProto node : graph.getNodeList()) { // in topological order, as ONNX wants it
            node.getOutputList().forEach(output -> producers.put(output, node));
            if (constants.containsAll(read(node))) {
                constants.addAll(node.getOutputList());
            }
        }
    }

    /** What a node and the graphs within it read, of this graph's tensors and maybe of their own. */
    static Set<String> read(NodeProto node) {
        Set<String> names = new LinkedHashSet<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            List<GraphProto> inner = new ArrayList<>(attribute.getGraphsList());
            if (attribute.hasG()) {
                inner.add(attribute.getG());
            }
            inner.forEach(g -> {
                g.getNodeList().forEach(n -> names.addAll(read(n)));
                g.getOutputList().forEach(output -> names.add(output.getName()));
            });
        }
        names.remove("");
        return names;
    }

    /** Inputs that have to be fed: older files list their weights as inputs, too. */
    List<ValueInfoProto> inputs() {
        return graph.getInputList().stream().filter(input -> !initializers.containsKey(input.getName())).toList();
    }

    boolean hasTensor(String name) {
        return producers.containsKey(name) && !constants.contains(name);
    }

    /** A constant of the graph, or null where it is none or computed from others. */
    TensorProto constant(String name) {
        TensorProto tensor = initializers.get(name);
        NodeProto node = producers.get(name);
        if (tensor == null && node != null && node.getOpType().equals("Constant")) {
            tensor = node.getAttributeList().stream().filter(a -> a.getName().equals("value"))
                    .map(AttributeProto::getT).findFirst().orElse(null);
        }
        return tensor;
    }

    /** The nodes that some tensors depend on, in the graph's order. */
    List<NodeProto> needed(List<String> tensors) {
        Set<NodeProto> needed = new HashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> toVisit = new ArrayDeque<>(tensors);
        while (!toVisit.isEmpty()) {
            String name = toVisit.pop();
            NodeProto node = seen.add(name) ? producers.get(name) : null;
            if (node != null && needed.add(node)) {
                toVisit.addAll(read(node));
            }
        }
        return graph.getNodeList().stream().filter(needed::contains).toList();
    }

    /** The function after which the numbers of an output are probabilities or not. */
    enum Ending {
        NONE, SOFTMAX, LOG_SOFTMAX, SIGMOID
    }

    /**
     * How an output comes about.
     *
     * @param ending     the function at its end
     * @param classifier whether a dense layer, or a 1×1 convolution in its place, makes a number for each class
     * @param features   what goes into the classifier, a row or a map; null where there is none
     */
    record Tail(Ending ending, boolean classifier, String features) {
    }

    /**
     * Goes back from an output to the layer that makes its numbers.
     *
     * @param classes whether the output is known to have a number for each class
     */
    Tail tail(String output, boolean classes) {
        Ending ending = Ending.NONE;
        boolean pooled = false;
        boolean shaped = false;
        String name = output;
        while (producers.containsKey(name)) {
            NodeProto node = producers.get(name);
            String op = node.getOpType();
            Ending here = ending(op);
            if (here != Ending.NONE && ending == Ending.NONE && !pooled) {
                ending = here;
            } else if (op.equals("Gemm") || op.equals("MatMul")) {
                boolean dense = !pooled && constants.contains(node.getInput(1)) && !constants.contains(node.getInput(0));
                return new Tail(ending, dense, dense ? node.getInput(0) : null);
            } else if (op.equals("Conv")) {
                // torchvision's SqueezeNet ends in a ReLU and a pool, as networks without a classifier do, too.
                boolean known = classes || ending != Ending.NONE || filters(node) == IMAGENET_CLASSES;
                boolean dense = isPointwise(node) && (pooled && known || shaped && isPooled(node.getInput(0)));
                return new Tail(ending, dense, dense ? node.getInput(0) : null);
            } else if (POOLING.contains(op) && !pooled) {
                pooled = true;
            } else if (!SHAPING.contains(op) && !(SCALING.contains(op) && constantSide(node) >= 0)
                    && !(pooled && op.equals("Relu"))) {
                break;
            }
            shaped |= SHAPING.contains(op);
            name = node.getInput(SCALING.contains(op) && constantSide(node) == 0 ? 1 : 0);
        }
        return new Tail(ending, false, null);
    }

    private static Ending ending(String op) {
        return switch (op) {
            case "Softmax" -> Ending.SOFTMAX;
            case "LogSoftmax" -> Ending.LOG_SOFTMAX;
            case "Sigmoid" -> Ending.SIGMOID;
            default -> Ending.NONE;
        };
    }

    private int constantSide(NodeProto node) {
        return constants.contains(node.getInput(1)) ? 1 : constants.contains(node.getInput(0)) ? 0 : -1;
    }

    private long filters(NodeProto conv) {
        TensorProto kernel = initializers.get(conv.getInput(1));
        return kernel == null || kernel.getDimsCount() == 0 ? 0 : kernel.getDims(0);
    }

    private boolean isPointwise(NodeProto conv) {
        TensorProto kernel = initializers.get(conv.getInput(1));
        return conv.getAttributeList().stream().filter(a -> a.getName().equals("kernel_shape")).findFirst()
                .map(a -> a.getIntsList().stream().allMatch(size -> size == 1))
                .orElse(kernel != null && kernel.getDimsCount() == 4 && kernel.getDims(2) == 1 && kernel.getDims(3) == 1);
    }

    /** Whether a map has been pooled, functions of single numbers after it left aside. */
    private boolean isPooled(String name) {
        NodeProto node = producers.get(name);
        while (node != null && node.getInputCount() > 0 && !POOLING.contains(node.getOpType())) {
            if (!Set.of("Relu", "HardSwish", "Clip", "Dropout", "Identity", "Reshape", "Unsqueeze")
                    .contains(node.getOpType())) {
                return false;
            }
            node = producers.get(node.getInput(0));
        }
        return node != null && POOLING.contains(node.getOpType());
    }

    /** All tensors that depend on the image and that an output depends on, the last first. */
    List<String> before(String output) {
        List<String> names = new ArrayList<>();
        List<NodeProto> nodes = needed(List.of(output));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).getOutputList().stream().filter(name -> !name.isEmpty() && !constants.contains(name))
                    .forEach(names::add);
        }
        return names;
    }
}
