package verger.networks.dl4j;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Answers questions about a network of one image input and one output: who feeds whom, in which shape. */
final class GraphView {

    private final ComputationGraphConfiguration conf;
    private final InputType inputType;
    private final Map<String, InputType> types;

    /** The order of the axes of the network's input and feature maps. */
    final CNN2DFormat format;

    /**
     * @param conf      the network
     * @param inputSize width and height in pixels of the images that it was trained on
     * @throws IllegalArgumentException if it has several inputs or outputs
     */
    GraphView(ComputationGraphConfiguration conf, int inputSize) {
        if (conf.getNetworkInputs().size() != 1 || conf.getNetworkOutputs().size() != 1) {
            throw new IllegalArgumentException("The network has inputs " + conf.getNetworkInputs() + " and outputs "
                    + conf.getNetworkOutputs() + ", and features need one of each");
        }
        // DL4J adds preprocessors to a configuration while it works out the shapes.
        this.conf = conf.clone();
        this.format = this.conf.getVertices().keySet().stream()
                .map(this::layer)
                .map(GraphView::format)
                .filter(f -> f != null)
                .findFirst()
                .orElse(CNN2DFormat.NCHW);
        this.inputType = InputType.convolutional(inputSize, inputSize, 3, format);
        this.types = types(this.conf);
    }

    private Map<String, InputType> types(ComputationGraphConfiguration network) {
        return network.getLayerActivationTypes(true, false, inputType);
    }

    /**
     * The part of the network that a vertex depends on, with a copy of that vertex's activations as its output, or the whole
     * network with that output before its own.
     *
     * <p>DL4J can be asked for the output of an inner vertex, but then it leaves workspaces open that it later stumbles
     * over, or misses some that a batch normalization needs.
     */
    ComputationGraphConfiguration upTo(String vertex, boolean whole) {
        Set<String> needed = new HashSet<>();
        Deque<String> toVisit = new ArrayDeque<>(whole ? List.of(vertex, output()) : List.of(vertex));
        while (!toVisit.isEmpty()) {
            String name = toVisit.pop();
            if (needed.add(name)) {
                toVisit.addAll(conf.getVertexInputs().getOrDefault(name, List.of()));
            }
        }
        ComputationGraphConfiguration part = conf.clone();
        part.getVertices().keySet().retainAll(needed);
        part.getVertexInputs().keySet().retainAll(needed);
        String copy = copy(part, vertex, vertex + "/copy");
        part.setNetworkOutputs(whole ? List.of(copy, output()) : List.of(copy));
        copyForActivations(part);
        part.setTopologicalOrder(null);
        part.setTopologicalOrderStr(null);
        // A clone forgets along which axis a MergeVertex merges; working out the shapes sets it again.
        types(part);
        return part;
    }

    /**
     * Gives each activation layer an input of its own where others read the same vertex.
     *
     * <p>Outside of training DL4J's ActivationLayer overwrites its input (M2.1's {@code activate} with leverageTo): in
     * Xception, whose sums go into a ReLU and past it, the way past it would be bent, too.
     */
    private void copyForActivations(ComputationGraphConfiguration part) {
        for (String name : List.copyOf(part.getVertexInputs().keySet())) {
            String input = part.getVertexInputs().get(name).get(0);
            boolean shared = part.getVertexInputs().values().stream().filter(inputs -> inputs.contains(input)).count() > 1;
            if (shared && vertex(name) != null && layer(name) instanceof ActivationLayer) {
                part.getVertexInputs().put(name, List.of(copy(part, input, input + "/copy-for-" + name)));
            }
        }
    }

    private static String copy(ComputationGraphConfiguration part, String vertex, String name) {
        part.getVertices().put(name, new ScaleVertex(1));
        part.getVertexInputs().put(name, List.of(vertex));
        return name;
    }

    /**
     * Whether the numbers that the network puts out are probabilities: the last function that was not the identity decides.
     *
     * @param classifier its last dense layer, or null where it has none
     */
    boolean endsInProbabilities(String classifier) {
        if (classifier == null) {
            return false;
        }
        String name = output();
        while (!name.equals(classifier) && activation(name) instanceof ActivationIdentity) {
            name = input(name);
        }
        return activation(name) instanceof ActivationSoftmax || activation(name) instanceof ActivationSigmoid;
    }

    private IActivation activation(String name) {
        Layer layer = layer(name);
        if (layer instanceof ActivationLayer a) {
            return a.getActivationFn();
        }
        return layer instanceof BaseLayer base ? base.getActivationFn() : new ActivationIdentity();
    }

    String output() {
        return conf.getNetworkOutputs().get(0);
    }

    GraphVertex vertex(String name) {
        return conf.getVertices().get(name);
    }

    /** The first input of a vertex. */
    String input(String name) {
        return inputs(name).get(0);
    }

    List<String> inputs(String name) {
        return conf.getVertexInputs().get(name);
    }

    /** The layer of a vertex, taken out of its freezer, or null where the vertex is none. */
    Layer layer(String name) {
        Layer layer = vertex(name) instanceof LayerVertex v ? v.getLayerConf().getLayer() : null;
        if (layer instanceof FrozenLayer frozen) {
            return frozen.getLayer();
        }
        return layer instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying() : layer;
    }

    /** What reshapes the input of a layer, or null. */
    InputPreProcessor preProcessor(String name) {
        return vertex(name) instanceof LayerVertex v ? v.getPreProcessor() : null;
    }

    /** The vertex that alone reads what this one puts out, or null where several or none do. */
    String onlyConsumer(String name) {
        List<String> consumers = conf.getVertexInputs().entrySet().stream()
                .filter(e -> e.getValue().contains(name))
                .map(Map.Entry::getKey)
                .toList();
        return consumers.size() == 1 && !name.equals(output()) ? consumers.get(0) : null;
    }

    /** Whether a vertex puts out maps (channels, height, width) and not rows. */
    boolean isMap(String name) {
        return types.get(name) instanceof InputTypeConvolutional;
    }

    /** Whether a vertex puts out maps of one pixel, as a global pooling that keeps its axes does. */
    boolean isPoint(String name) {
        return types.get(name) instanceof InputTypeConvolutional map && map.getHeight() == 1 && map.getWidth() == 1;
    }

    /** The number of channels of a vertex's maps, or the length of its rows. */
    long channels(String name) {
        return types.get(name) instanceof InputTypeConvolutional map ? map.getChannels() : types.get(name)
                .arrayElementsPerExample();
    }

    /**
     * The kind of pooling that makes one number of each whole map, or null where the layer does not.
     *
     * <p>A pooling window as large as the map that the network was trained on counts: at that size it is the same as
     * global pooling, and at others it would leave a part of the map out or fail.
     */
    PoolingType wholeMapPooling(String name) {
        Layer layer = layer(name);
        if (layer instanceof GlobalPoolingLayer global) {
            return global.getPoolingType();
        }
        if (layer == null || layer.getClass() != SubsamplingLayer.class) {
            return null;
        }
        SubsamplingLayer pool = (SubsamplingLayer) layer;
        InputTypeConvolutional map = (InputTypeConvolutional) types.get(input(name));
        boolean whole = pool.getConvolutionMode() != ConvolutionMode.Same
                && pool.getKernelSize()[0] == map.getHeight() && pool.getKernelSize()[1] == map.getWidth()
                && pool.getPadding()[0] == 0 && pool.getPadding()[1] == 0
                && pool.getDilation()[0] == 1 && pool.getDilation()[1] == 1;
        return whole ? pool.getPoolingType() : null;
    }

    /** Whether weights behind some flattened map tie the network to the size of image that it was trained on. */
    boolean isTiedToSize() {
        return conf.getVertices().keySet().stream()
                .filter(name -> vertex(name) instanceof PreprocessorVertex || preProcessor(name) != null)
                .map(name -> behindDropout(input(name)))
                .anyMatch(name -> isMap(name) && wholeMapPooling(name) == null);
    }

    /** The number of convolutions but one of a name, a separable one counted once. */
    int convolutions(String leftOut) {
        return (int) conf.getVertices().keySet().stream().filter(name -> !name.equals(leftOut)
                && layer(name) instanceof ConvolutionLayer).count();
    }

    /** The vertex itself, or the one that feeds it through dropout, which does nothing outside training. */
    String behindDropout(String name) {
        String behind = name;
        while (layer(behind) instanceof DropoutLayer) {
            behind = input(behind);
        }
        return behind;
    }

    /** The order of the axes that a layer expects, or null where it has no say. */
    static CNN2DFormat format(Layer layer) {
        if (layer instanceof ConvolutionLayer conv) {
            return conv.getCnn2dDataFormat();
        }
        if (layer instanceof SubsamplingLayer pool) {
            return pool.getCnn2dDataFormat();
        }
        if (layer instanceof ZeroPaddingLayer pad) {
            return pad.getDataFormat();
        }
        return layer instanceof BatchNormalization norm ? norm.getCnn2DFormat() : null;
    }
}
