package verger.networks.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import verger.networks.UnsupportedLayerException;
import verger.networks.onnx.BatchNorm;
import verger.networks.onnx.OnnxGraph;

/**
 * Writes a DL4J network as an ONNX file for {@code OnnxEngine}.
 *
 * <p>The input {@code pixels} is [batch, 3, height, width] whatever the order of the network's own axes, of any height
 * and width where its layers allow it. The output {@code features} is what {@link FeatureTap} says, [batch, d]; the
 * output {@code probabilities} [batch, classes] is there if the network ends in a softmax or sigmoid.
 */
public final class OnnxExporter {

    /** Goes up when the same network gives another file, or other networks are refused. */
    public static final int VERSION = 4;

    private final ComputationGraph network;
    private final GraphView graph;
    private final FeatureTap tap;
    private final boolean classifies;
    private final OnnxGraph onnx = new OnnxGraph("verger");
    /** What each vertex is called in the ONNX graph. */
    private final Map<String, String> tensors = new HashMap<>();
    /** Batch normalizations that went into the convolution before them. */
    private final Set<String> folded = new HashSet<>();

    private OnnxExporter(ComputationGraph network, int inputSize, boolean classifies) {
        this.network = network;
        this.classifies = classifies;
        this.graph = new GraphView(network.getConfiguration(), inputSize);
        this.tap = FeatureTap.of(graph);
    }

    /**
     * Writes a network to a file.
     *
     * @param network   a network of one image input and one output
     * @param inputSize width and height in pixels of the images that it was trained on
     * @param file      the ONNX file, replaced if it is there
     * @throws UnsupportedLayerException if the network has a layer that is not known here
     * @throws IllegalArgumentException  if it has several inputs or outputs
     * @throws IOException               if the file cannot be written
     */
    public static void export(ComputationGraph network, int inputSize, Path file) throws IOException {
        export(network, inputSize, false, file);
    }

    /**
     * The same.
     *
     * @param classifies whether the network is known to classify: what its last layer puts out without a softmax are logits
     */
    public static void export(ComputationGraph network, int inputSize, boolean classifies, Path file) throws IOException {
        OnnxExporter exporter = new OnnxExporter(network, inputSize, classifies);
        exporter.add(inputSize);
        exporter.onnx.write(file, Integer.toString(VERSION));
    }

    private void add(int inputSize) {
        if (graph.isTiedToSize()) {
            onnx.input("pixels", "batch", 3, inputSize, inputSize);
        } else {
            onnx.input("pixels", "batch", 3, "height", "width");
        }

        String input = network.getConfiguration().getNetworkInputs().get(0);
        for (int index : network.topologicalSortOrder()) {
            String name = network.getVertices()[index].getVertexName();
            tensors.put(name, name.equals(input) ? "pixels" : vertex(name));
        }
        String output = graph.output();
        if (tap.classifier() == null) {
            String features = graph.isMap(output) ? pooled("GlobalAveragePool", output, tensors.get(output))
                    : tensors.get(output);
            onnx.output("features", features, "batch", graph.channels(output));
        } else if (graph.endsInProbabilities(tap.classifier()) || classifies) {
            String rows = graph.isMap(output) ? flatten(output + "/rows", tensors.get(output), false) : tensors.get(output);
            String probabilities = graph.endsInProbabilities(tap.classifier()) ? rows
                    : onnx.node("Softmax", output + "/softmax", rows).withOne("axis", -1).output();
            onnx.output("probabilities", probabilities, "batch", ((FeedForwardLayer) graph.layer(tap.classifier())).getNOut());
        }
    }

    private String vertex(String name) {
        GraphVertex vertex = graph.vertex(name);
        List<String> inputs = graph.inputs(name).stream().map(tensors::get).toList();
        String input = inputs.get(0);
        if (vertex instanceof LayerVertex layer) {
            return layer(name, layer.getPreProcessor() == null ? input : reshape(name, layer.getPreProcessor(), input));
        }
        if (vertex instanceof PreprocessorVertex reshape) {
            return reshape(name, reshape.getPreProcessor(), input);
        }
        if (vertex instanceof ElementWiseVertex wise) {
            return elementWise(name, wise.getOp(), inputs);
        }
        if (vertex instanceof MergeVertex merge) {
            int channels = graph.isMap(name) && graph.format == CNN2DFormat.NHWC ? 3 : 1;
            if (merge.getMergeAxis() != channels) {
                throw new UnsupportedLayerException(name, "MergeVertex along axis " + merge.getMergeAxis());
            }
            return onnx.node("Concat", name, inputs.toArray(String[]::new)).withOne("axis", 1).output();
        }
        if (vertex instanceof ScaleVertex scale) {
            return onnx.node("Mul", name, input, onnx.constant(new float[] {(float) scale.getScaleFactor()})).output();
        }
        if (vertex instanceof ShiftVertex shift) {
            return onnx.node("Add", name, input, onnx.constant(new float[] {(float) shift.getShiftFactor()})).output();
        }
        throw new UnsupportedLayerException(name, vertex.getClass().getSimpleName());
    }

    private String elementWise(String name, ElementWiseVertex.Op op, List<String> inputs) {
        boolean two = inputs.size() == 2;
        String operator = switch (op) {
            case Add -> two ? "Add" : "Sum";
            case Average -> "Mean";
            case Max -> "Max";
            case Subtract -> two ? "Sub" : null;
            case Product -> two ? "Mul" : null;
            default -> null;
        };
        if (operator == null) {
            throw new UnsupportedLayerException(name, "ElementWiseVertex " + op + " of " + inputs.size() + " inputs");
        }
        return onnx.node(operator, name, inputs.toArray(String[]::new)).output();
    }

    private String reshape(String name, InputPreProcessor reshape, String input) {
        boolean map = graph.isMap(graph.input(name));
        String output = name + "/rows";
        if (reshape instanceof TensorFlowCnnToFeedForwardPreProcessor && map) {
            return flatten(output, input, true);
        }
        if (reshape.getClass() == CnnToFeedForwardPreProcessor.class && map) {
            return flatten(output, input, graph.format == CNN2DFormat.NHWC);
        }
        // For images that come as rows, which ours do not.
        if (reshape instanceof FeedForwardToCnnPreProcessor && map) {
            return input;
        }
        // What Keras' Flatten of a row becomes.
        if (reshape instanceof ReshapePreprocessor same && !map && Arrays.equals(same.getInputShape(), same.getTargetShape())) {
            return input;
        }
        throw new UnsupportedLayerException(name, reshape.getClass().getSimpleName());
    }

    private String flatten(String output, String input, boolean channelsLast) {
        String map = channelsLast ? onnx.node("Transpose", output + "/nhwc", input).with("perm", 0, 2, 3, 1).output() : input;
        return onnx.node("Flatten", output, map).withOne("axis", 1).output();
    }

    private String layer(String name, String input) {
        Layer layer = graph.layer(name);
        Class<?> type = layer.getClass();
        boolean map = graph.isMap(name);
        if (map && GraphView.format(layer) != null && GraphView.format(layer) != graph.format) {
            throw new UnsupportedLayerException(name, type.getSimpleName() + " in " + GraphView.format(layer)
                    + " order in a network in "
                    + graph.format + " order");
        }
        if (name.equals(tap.classifier())) {
            String rows = map ? pooled("GlobalAveragePool", name + "/input", input) : input;
            onnx.output("features", rows, "batch", ((FeedForwardLayer) layer).getNIn());
        }
        if (type == SeparableConvolution2D.class) {
            return separableConvolution(name, (SeparableConvolution2D) layer, input);
        }
        if (type == DepthwiseConvolution2D.class) {
            return depthwiseConvolution(name, (DepthwiseConvolution2D) layer, input);
        }
        if (type == ConvolutionLayer.class || type == Convolution2D.class) {
            return convolution(name, (ConvolutionLayer) layer, input);
        }
        if (layer instanceof BatchNormalization norm) {
            return folded.contains(name) ? input : batchNormalization(name, norm, input);
        }
        if (type == ZeroPaddingLayer.class) {
            int[] p = ((ZeroPaddingLayer) layer).getPadding();
            // DL4J: top, bottom, left, right; ONNX: where each axis begins, then where each ends.
            return onnx.node("Pad", name, input, onnx.constant(0L, 0, p[0], p[2], 0, 0, p[1], p[3])).output();
        }
        if (type == SubsamplingLayer.class || type == Pooling2D.class) {
            return pooling(name, (SubsamplingLayer) layer, input);
        }
        if (layer instanceof GlobalPoolingLayer global) {
            return globalPooling(name, global, input);
        }
        if (layer instanceof ActivationLayer a) {
            return OnnxActivations.add(onnx, a.getActivationFn(), name, map && !graph.isPoint(name), input);
        }
        if (layer instanceof LossLayer a) {
            return OnnxActivations.add(onnx, a.getActivationFn(), name, map && !graph.isPoint(name), input);
        }
        if (layer instanceof DropoutLayer) {
            return input;
        }
        if (type == DenseLayer.class && !((DenseLayer) layer).isHasLayerNorm()) {
            return dense(name, (DenseLayer) layer, ((DenseLayer) layer).hasBias(), input);
        }
        if (type == OutputLayer.class) {
            return dense(name, (OutputLayer) layer, ((OutputLayer) layer).hasBias(), input);
        }
        throw new UnsupportedLayerException(name, type.getSimpleName());
    }

    private String convolution(String name, ConvolutionLayer conv, String input) {
        INDArray weights = parameter(name, ConvolutionParamInitializer.WEIGHT_KEY);
        // [out, in, height, width] in a network of either order.
        return convolution(name, conv, input, floats(weights), weights.shape(), 1);
    }

    /** Depthwise, then pointwise: two convolutions, the first with a group for each channel. */
    private String separableConvolution(String name, SeparableConvolution2D conv, String input) {
        INDArray depthwise = parameter(name, SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY);
        // [multiplier, in, height, width] here; in ONNX the outputs of one channel follow each other.
        INDArray byChannel = depthwise.permute(1, 0, 2, 3);
        long filters = depthwise.size(0) * depthwise.size(1);
        OnnxGraph.Node node = onnx.node("Conv", name + "/depthwise", input,
                onnx.constant(floats(byChannel), filters, 1, depthwise.size(2), depthwise.size(3)))
                .withOne("group", depthwise.size(1))
                .with("kernel_shape", conv.getKernelSize())
                .with("strides", conv.getStride())
                .with("dilations", conv.getDilation());
        window(node, name, conv.getConvolutionMode(), conv.getPadding(), conv.getKernelSize(), conv.getStride(),
                conv.getDilation());

        INDArray pointwise = parameter(name, SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY);
        Weighted weighted = weighted(name, conv, floats(pointwise), (int) pointwise.size(0));
        String output = onnx.node("Conv", name, node.output(), onnx.constant(weighted.weights(), pointwise.shape()),
                onnx.constant(weighted.bias(), pointwise.size(0))).output();
        return OnnxActivations.add(onnx, conv.getActivationFn(), name, true, output);
    }

    private String depthwiseConvolution(String name, DepthwiseConvolution2D conv, String input) {
        // [height, width, in, multiplier]
        INDArray weights = parameter(name, DepthwiseConvolutionParamInitializer.WEIGHT_KEY);
        INDArray byChannel = weights.permute(2, 3, 0, 1);
        long[] shape = {weights.size(2) * weights.size(3), 1, weights.size(0), weights.size(1)};
        return convolution(name, conv, input, floats(byChannel), shape, weights.size(2));
    }

    /** @param shape of the weights, [out, in / groups, height, width] */
    private String convolution(String name, ConvolutionLayer conv, String input, float[] weights, long[] shape, long groups) {
        Weighted weighted = weighted(name, conv, weights, (int) shape[0]);
        OnnxGraph.Node node = onnx.node("Conv", name, input, onnx.constant(weighted.weights(), shape),
                onnx.constant(weighted.bias(), shape[0]))
                .withOne("group", groups)
                .with("kernel_shape", conv.getKernelSize())
                .with("strides", conv.getStride())
                .with("dilations", conv.getDilation());
        window(node, name, conv.getConvolutionMode(), conv.getPadding(), conv.getKernelSize(), conv.getStride(),
                conv.getDilation());
        return OnnxActivations.add(onnx, conv.getActivationFn(), name, true, node.output());
    }

    /** The numbers of a convolution, those of a batch normalization that alone reads it worked in. */
    private Weighted weighted(String name, ConvolutionLayer conv, float[] weights, int filters) {
        float[] bias = conv.hasBias() ? floats(parameter(name, ConvolutionParamInitializer.BIAS_KEY)) : new float[filters];
        String next = graph.onlyConsumer(name);
        if (next != null && graph.layer(next) instanceof BatchNormalization norm && graph.preProcessor(next) == null
                && conv.getActivationFn() instanceof ActivationIdentity) {
            Dl4jBatchNorm.of(network, next, norm).foldInto(weights, bias);
            folded.add(next);
        }
        return new Weighted(weights, bias);
    }

    private record Weighted(float[] weights, float[] bias) {
    }

    private String batchNormalization(String name, BatchNormalization layer, String input) {
        BatchNorm norm = Dl4jBatchNorm.of(network, name, layer);
        int n = norm.gamma().length;
        return onnx.node("BatchNormalization", name, input, onnx.constant(norm.gamma(), n), onnx.constant(norm.beta(), n),
                onnx.constant(norm.mean(), n), onnx.constant(norm.variance(), n)).withOne("epsilon", (float) norm.epsilon())
                .output();
    }

    private String pooling(String name, SubsamplingLayer pool, String input) {
        boolean max = pool.getPoolingType() == PoolingType.MAX;
        boolean average = pool.getPoolingType() == PoolingType.AVG;
        boolean dilated = pool.getDilation()[0] != 1 || pool.getDilation()[1] != 1;
        if (!max && !average || average && dilated) {
            throw new UnsupportedLayerException(name, (dilated ? "dilated " : "") + pool.getPoolingType()
                    + " SubsamplingLayer");
        }
        if (graph.wholeMapPooling(name) != null) {
            return onnx.node(max ? "GlobalMaxPool" : "GlobalAveragePool", name, input).output();
        }
        OnnxGraph.Node node = onnx.node(max ? "MaxPool" : "AveragePool", name, input)
                .with("kernel_shape", pool.getKernelSize())
                .with("strides", pool.getStride());
        if (max) {
            node.with("dilations", pool.getDilation());
        } else {
            node.withOne("count_include_pad", pool.isAvgPoolIncludePadInDivisor() ? 1 : 0);
        }
        window(node, name, pool.getConvolutionMode(), pool.getPadding(), pool.getKernelSize(), pool.getStride(),
                pool.getDilation());
        return node.output();
    }

    /** Where a window may stand: DL4J's Same pads as ONNX's SAME_UPPER does, its other modes as told. */
    private static void window(OnnxGraph.Node node, String name, ConvolutionMode mode, int[] padding, int[] kernel,
            int[] stride,
            int[] dilation) {
        boolean dilated = dilation[0] != 1 || dilation[1] != 1;
        if (mode == ConvolutionMode.Same && !dilated) {
            node.withOne("auto_pad", "SAME_UPPER");
        } else if (mode == ConvolutionMode.Same && stride[0] == 1 && stride[1] == 1) {
            // ONNX Runtime has no SAME_UPPER with dilation; without strides the padding is the same for every size.
            int height = (kernel[0] - 1) * dilation[0];
            int width = (kernel[1] - 1) * dilation[1];
            node.with("pads", height / 2, width / 2, height - height / 2, width - width / 2);
        } else if (mode == ConvolutionMode.Truncate || mode == ConvolutionMode.Strict) {
            node.with("pads", padding[0], padding[1], padding[0], padding[1]);
        } else {
            throw new UnsupportedLayerException(name, "convolution mode " + mode
                    + (dilated ? " with dilation and strides" : ""));
        }
    }

    private String globalPooling(String name, GlobalPoolingLayer pool, String input) {
        String operator = switch (pool.getPoolingType()) {
            case AVG -> "GlobalAveragePool";
            case MAX -> "GlobalMaxPool";
            default -> null;
        };
        int[] heightAndWidth = graph.format == CNN2DFormat.NHWC ? new int[] {1, 2} : new int[] {2, 3};
        int[] dims = pool.getPoolingDimensions() == null ? new int[] {2, 3} : pool.getPoolingDimensions();
        if (operator == null || !Arrays.equals(dims, heightAndWidth) || !graph.isMap(graph.input(name))) {
            throw new UnsupportedLayerException(name, pool.getPoolingType() + " GlobalPoolingLayer over axes "
                    + Arrays.toString(dims));
        }
        return pool.isCollapseDimensions() ? pooled(operator, name, input) : onnx.node(operator, name, input).output();
    }

    private String pooled(String operator, String name, String input) {
        return onnx.node("Flatten", name + "/rows", onnx.node(operator, name + "/pooled", input).output()).withOne("axis", 1)
                .output();
    }

    private String dense(String name, BaseLayer layer, boolean hasBias, String input) {
        INDArray weights = parameter(name, DefaultParamInitializer.WEIGHT_KEY);
        // [in, out], the order that Gemm multiplies in.
        String w = onnx.constant(floats(weights), weights.shape());
        String output = hasBias
                ? onnx.node("Gemm", name, input, w, onnx.constant(floats(parameter(name, DefaultParamInitializer.BIAS_KEY)),
                        weights.size(1))).output()
                : onnx.node("MatMul", name, input, w).output();
        return OnnxActivations.add(onnx, layer.getActivationFn(), name, false, output);
    }

    private INDArray parameter(String name, String key) {
        return network.getLayer(name).getParam(key);
    }

    /** All numbers of an array, the last axis running fastest. */
    static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
