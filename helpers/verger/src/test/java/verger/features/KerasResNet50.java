package verger.features;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The published ResNet50 as a DL4J network in NCHW order with seeded weights, as the zoo's zip has it. */
final class KerasResNet50 {

    /** Keras' ResNet50 has this and not its default of 1e-3. */
    static final double EPSILON = 1.001e-5;

    private KerasResNet50() {
    }

    static ComputationGraph network(ResNet50Network.Edition edition) {
        return network(edition, layers -> layers);
    }

    /** With some layers told otherwise. */
    static ComputationGraph network(ResNet50Network.Edition edition, UnaryOperator<Layers> otherwise) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input_1");
        ResNet50Network.tell(edition, otherwise.apply(new Layers(graph)));
        ComputationGraph network = new ComputationGraph(graph.setOutputs(ResNet50Network.outputLayer(edition))
                .setInputTypes(InputType.convolutional(224, 224, 3)).build());
        network.init();
        SplittableRandom random = new SplittableRandom(50);
        network.paramTable().forEach((name, parameter) -> fill(name, parameter, random));
        return network;
    }

    /** He's initialization, and statistics that are not those of an untrained network; the signal neither grows nor dies. */
    static void fill(String name, INDArray parameter, SplittableRandom random) {
        double low = -0.1;
        double high = 0.1;
        if (name.endsWith("_W")) {
            boolean dense = parameter.rank() == 2;
            double inputs = dense ? parameter.size(0) : (double) parameter.length() / parameter.size(0);
            // A softmax that is sure of its class would hide all differences.
            high = Math.sqrt(6 / inputs) * (dense ? 0.05 : 1);
            low = -high;
        } else if (name.endsWith("_gamma")) {
            low = 0.4;
            high = 0.9;
        } else if (name.endsWith("_var")) {
            low = 0.5;
            high = 1.5;
        }
        float[] values = new float[(int) parameter.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        parameter.assign(Nd4j.create(values, parameter.shape(), 'c'));
    }

    /** The layers as Keras has them. */
    static class Layers implements ResNet50Network.Builder {

        final GraphBuilder graph;

        private Layers(GraphBuilder graph) {
            this.graph = graph;
        }

        Layers(Layers same) {
            this(same.graph);
        }

        @Override
        public void zeroPadding(String name, String input, int padding) {
            graph.addLayer(name, new ZeroPaddingLayer.Builder(padding, padding).build(), input);
        }

        @Override
        public void convolution(String name, String input, int filters, int kernel, int stride, boolean same) {
            graph.addLayer(name, new ConvolutionLayer.Builder(kernel, kernel).stride(stride, stride).nOut(filters)
                    .convolutionMode(same ? ConvolutionMode.Same : ConvolutionMode.Truncate).activation(Activation.IDENTITY).build(), input);
        }

        @Override
        public void batchNormalization(String name, String input, int channels) {
            graph.addLayer(name, new BatchNormalization.Builder().eps(EPSILON).useLogStd(false).build(), input);
        }

        @Override
        public void relu(String name, String input) {
            graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
        }

        @Override
        public void add(String name, String a, String b) {
            graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), a, b);
        }

        @Override
        public void maxPooling(String name, String input, int window, int stride) {
            graph.addLayer(name, new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(window, window).stride(stride, stride).build(), input);
        }

        @Override
        public void averagePooling(String name, String input, int window) {
            graph.addLayer(name, new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(window, window).stride(window, window).build(), input);
        }

        @Override
        public void flatten(String name, String input, int channels) {
            graph.addVertex(name, new PreprocessorVertex(new TensorFlowCnnToFeedForwardPreProcessor(1, 1, channels)), input);
        }

        @Override
        public void globalAveragePooling(String name, String input) {
            graph.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), input);
        }

        @Override
        public void softmax(String name, String input, int inputs, int classes) {
            graph.addLayer(name, new OutputLayer.Builder().nIn(inputs).nOut(classes).activation(Activation.SOFTMAX).build(), input);
        }
    }
}
