package verger.features;

import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * Where the features of a network are: what goes into its last dense layer, or the average over its last feature map
 * where it has none.
 *
 * @param vertex     the vertex whose activations the features are made from
 * @param reduction  how the activations of one image become one row
 * @param flatten    what makes the rows with {@link Reduction#FLATTEN}, otherwise null
 * @param classifier the last dense layer, or null where the network has none
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
        String classifier = classifier(graph);
        String rows = graph.behindDropout(classifier == null ? graph.output() : graph.input(classifier));
        String maps = graph.vertex(rows) instanceof PreprocessorVertex && graph.isMap(graph.input(rows))
                ? graph.behindDropout(graph.input(rows))
                : rows;

        PoolingType pooling = graph.wholeMapPooling(maps);
        if (pooling == PoolingType.AVG || pooling == PoolingType.MAX) {
            return new FeatureTap(graph.input(maps), pooling == PoolingType.AVG ? Reduction.MEAN : Reduction.MAX, null, classifier);
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
}
