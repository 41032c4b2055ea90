package verger.networks.keras;

/**
 * Tells a network at an eighth of its width, with the classes that it has: the same layers in the same order, of which a test
 * computes the numbers in a fraction of the time.
 */
record NarrowLayers(KerasLayers told) implements KerasLayers {

    static final int PART = 8;

    @Override
    public void zeroPadding(String name, String input, int padding) {
        told.zeroPadding(name, input, padding);
    }

    @Override
    public void convolution(String name, String input, int filters, int kernel, int stride, boolean same, boolean bias,
            boolean relu) {
        told.convolution(name, input, filters / PART, kernel, stride, same, bias, relu);
    }

    @Override
    public void separableConvolution(String name, String input, int filters) {
        told.separableConvolution(name, input, filters / PART);
    }

    @Override
    public void depthwiseConvolution(String name, String input, int stride) {
        told.depthwiseConvolution(name, input, stride);
    }

    @Override
    public void batchNormalization(String name, String input, int channels, double epsilon) {
        told.batchNormalization(name, input, channels / PART, epsilon);
    }

    @Override
    public void relu(String name, String input) {
        told.relu(name, input);
    }

    @Override
    public void relu6(String name, String input) {
        told.relu6(name, input);
    }

    @Override
    public void add(String name, String a, String b) {
        told.add(name, a, b);
    }

    @Override
    public void maxPooling(String name, String input, int window, int stride, boolean same) {
        told.maxPooling(name, input, window, stride, same);
    }

    @Override
    public void averagePooling(String name, String input, int window) {
        told.averagePooling(name, input, window);
    }

    @Override
    public void flatten(String name, String input, int size, int channels) {
        told.flatten(name, input, size, channels / PART);
    }

    @Override
    public void globalAveragePooling(String name, String input) {
        told.globalAveragePooling(name, input);
    }

    @Override
    public void denseRelu(String name, String input, int inputs, int units) {
        told.denseRelu(name, input, inputs / PART, units / PART);
    }

    @Override
    public void softmax(String name, String input, int inputs, int classes) {
        told.softmax(name, input, inputs / PART, classes);
    }
}
