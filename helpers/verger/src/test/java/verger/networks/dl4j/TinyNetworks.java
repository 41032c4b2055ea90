package verger.networks.dl4j;

import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Small networks with seeded parameters, for one layer or a few at a time. */
public final class TinyNetworks {

    private TinyNetworks() {
    }

    /** The layers one after the other, named layer_0, layer_1, …, and a softmax over 4 classes named output. */
    public static ComputationGraph chain(CNN2DFormat format, int size, Layer... layers) {
        GraphBuilder graph = builder();
        String last = "input";
        for (int i = 0; i < layers.length; i++) {
            graph.addLayer("layer_" + i, layers[i], last);
            last = "layer_" + i;
        }
        graph.addLayer("output", classifier(), last).setOutputs("output");
        return build(graph, format, size);
    }

    public static GraphBuilder builder() {
        return new NeuralNetConfiguration.Builder().seed(1).graphBuilder().addInputs("input");
    }

    static OutputLayer classifier() {
        return new OutputLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build();
    }

    public static ComputationGraph build(GraphBuilder graph, CNN2DFormat format, int size) {
        ComputationGraph network = new ComputationGraph(graph.setInputTypes(InputType.convolutional(size, size, 3, format))
                .build());
        network.init();
        Random random = new Random(2);
        network.paramTable().forEach((name, parameter) -> fill(name, parameter, random));
        return network;
    }

    /** Every number is in its place and none is the 0 or 1 that a lost parameter would leave behind. */
    private static void fill(String name, INDArray parameter, Random random) {
        boolean variance = name.endsWith("_var");
        double scale = name.endsWith("_W") ? Math.sqrt(2.0 * parameter.size(0) / parameter.length()) : 0.5;
        for (long i = 0; i < parameter.length(); i++) {
            parameter.putScalar(i, variance ? 0.5 + random.nextDouble() : scale * random.nextGaussian());
        }
    }
}
