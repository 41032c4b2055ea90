package verger.networks.dl4j;

import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * Where the features of a network are: what goes into its classifier, or the average over its last feature map where it
 * has none. A classifier is a last dense layer, or a last 1×1 convolution whose maps are pooled, as SqueezeNet and
 * Darknet19 have it: there the features are the average over the maps that go into it.
 *
 * @param vertex     the vertex whose activations the features are made from
 * @param reduction  how the activations of one image become one row
 * @param flatten    what makes the rows with {@link Reduction#FLATTEN}, otherwise null
 * @param classifier the layer that makes a number for each class, or null where the network has none
 */
record FeatureTap(String vertex, Reduction reduction, InputPreProcessor flatten, String classifier) {

    /** How the activations of one image become one row. */
    enum Reduction {
        /** They are a row already. */
        NONE,
        /** Channels, height and width in one row. */
        FLATTEN,
        /** The average over height and width. */
        MEAN,
        /** The maximum over height and width. */
        MAX
    }

    static FeatureTap of(GraphView graph) {
        String convolution = convolutionalClassifier(graph);
        if (convolution != null) {
            return new FeatureTap(graph.behindDropout(graph.input(convolution)), Reduction.MEAN, null, convolution);
        }
        String classifier = classifier(graph);
        String rows = graph.behindDropout(classifier == null ? graph.output() : graph.input(classifier));
        String maps = graph.vertex(rows) instanceof PreprocessorVertex && graph.isMap(graph.input(rows))
                ? graph.behindDropout(graph.input(rows))
                : rows;

        PoolingType pooling = graph.wholeMapPooling(maps);
        if (pooling == PoolingType.AVG || pooling == PoolingType.MAX) {
            return new FeatureTap(graph.input(maps), pooling == PoolingType.AVG ? Reduction.MEAN : Reduction.MAX, null,
                    classifier);
        }
        InputPreProcessor flatten = classifier == null ? null : graph.preProcessor(classifier);
        if (flatten != null) {
            return new FeatureTap(rows, Reduction.FLATTEN, flatten, classifier);
        }
        return new FeatureTap(rows, graph.isMap(rows) ? Reduction.MEAN : Reduction.NONE, null, classifier);
    }

    /** The last dense layer, seen from the output through layers that only shape its result. */
    private static String classifier(GraphView graph) {
        String name = graph.output();
        Layer layer = graph.layer(name);
        while (layer instanceof LossLayer || layer instanceof ActivationLayer || layer instanceof DropoutLayer) {
            name = graph.input(name);
            layer = graph.layer(name);
        }
        return layer instanceof DenseLayer || layer instanceof OutputLayer ? name : null;
    }

    /**
     * The last 1×1 convolution, where all that follows it is a pooling of its whole maps and functions that make classes of it.
     */
    private static String convolutionalClassifier(GraphView graph) {
        boolean pooled = false;
        boolean softmax = false;
        boolean otherFunction = false;
        String name = graph.output();
        while (true) {
            Layer layer = graph.layer(name);
            IActivation function = function(layer);
            softmax |= function instanceof ActivationSoftmax;
            otherFunction |= !(function instanceof ActivationSoftmax) && !(function instanceof ActivationIdentity);
            if (layer instanceof ConvolutionLayer conv) {
                boolean pointwise = layer.getClass() == ConvolutionLayer.class && conv.getKernelSize()[0] == 1
                        && conv.getKernelSize()[1] == 1;
                return pointwise && pooled && (softmax || !otherFunction) ? name : null;
            }
            boolean pool = graph.wholeMapPooling(name) != null;
            if (!pool && !(layer instanceof LossLayer || layer instanceof ActivationLayer || layer instanceof DropoutLayer)) {
                return null;
            }
            pooled |= pool;
            name = graph.input(name);
        }
    }

    private static IActivation function(Layer layer) {
        if (layer instanceof ActivationLayer a) {
            return a.getActivationFn();
        }
        return layer instanceof LossLayer || layer instanceof ConvolutionLayer ? ((BaseLayer) layer).getActivationFn()
                : new ActivationIdentity();
    }
}
