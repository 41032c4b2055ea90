package verger.networks.keras;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;

/** Builds a network of Keras' applications as a DL4J graph in NCHW order, with Keras' names and no weights yet. */
public class KerasGraph implements KerasLayers {

    public final GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("input_1");

    /** The configuration of what has been told; parameters as in {@link #build}. */
    ComputationGraphConfiguration configuration(String output, int size) {
        return graph.setOutputs(output).setInputTypes(InputType.convolutional(size, size, 3)).build();
    }

    /**
     * The graph of what has been told.
     *
     * @param output name of its last layer
     * @param size   width and height in pixels of the images
     */
    ComputationGraph build(String output, int size) {
        ComputationGraph network = new ComputationGraph(configuration(output, size));
        network.init();
        return network;
    }

    private static ConvolutionMode mode(boolean same) {
        return same ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }

    @Override
    public void zeroPadding(String name, String input, int padding) {
        graph.addLayer(name, new ZeroPaddingLayer.Builder(padding, padding).build(), input);
    }

    @Override
    public void convolution(String name, String input, int filters, int kernel, int stride, boolean same, boolean bias,
            boolean relu) {
        graph.addLayer(name, new ConvolutionLayer.Builder(kernel, kernel).stride(stride, stride).nOut(filters).hasBias(bias)
                .convolutionMode(mode(same)).activation(relu ? Activation.RELU : Activation.IDENTITY).build(), input);
    }

    @Override
    public void separableConvolution(String name, String input, int filters) {
        graph.addLayer(name, new SeparableConvolution2D.Builder(3, 3).nOut(filters).hasBias(false)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.IDENTITY).build(), input);
    }

    @Override
    public void depthwiseConvolution(String name, String input, int stride) {
        graph.addLayer(name, new DepthwiseConvolution2D.Builder(3, 3).stride(stride, stride).depthMultiplier(1).hasBias(false)
                .convolutionMode(ConvolutionMode.Same).activation(Activation.IDENTITY).build(), input);
    }

    @Override
    public void batchNormalization(String name, String input, int channels, double epsilon) {
        graph.addLayer(name, new BatchNormalization.Builder().eps(epsilon).useLogStd(false).build(), input);
    }

    @Override
    public void relu(String name, String input) {
        graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
    }

    @Override
    public void relu6(String name, String input) {
        graph.addLayer(name, new ActivationLayer(Activation.RELU6), input);
    }

    @Override
    public void add(String name, String a, String b) {
        graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), a, b);
    }

    @Override
    public void maxPooling(String name, String input, int window, int stride, boolean same) {
        graph.addLayer(name, new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(window, window).stride(stride, stride)
                .convolutionMode(mode(same)).build(), input);
    }

    @Override
    public void averagePooling(String name, String input, int window) {
        graph.addLayer(name, new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(window, window)
                .stride(window, window).build(), input);
    }

    @Override
    public void flatten(String name, String input, int size, int channels) {
        graph.addVertex(name, new PreprocessorVertex(new TensorFlowCnnToFeedForwardPreProcessor(size, size, channels)), input);
    }

    @Override
    public void globalAveragePooling(String name, String input) {
        graph.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), input);
    }

    @Override
    public void denseRelu(String name, String input, int inputs, int units) {
        graph.addLayer(name, new DenseLayer.Builder().nIn(inputs).nOut(units).activation(Activation.RELU).build(), input);
    }

    @Override
    public void softmax(String name, String input, int inputs, int classes) {
        graph.addLayer(name, new OutputLayer.Builder().nIn(inputs).nOut(classes).activation(Activation.SOFTMAX).build(), input);
    }
}
