package verger.networks.keras;

/** The layers that networks of Keras' applications are made of; each names its input. */
public interface KerasLayers {

    void zeroPadding(String name, String input, int padding);

    /**
     * @param bias whether it has one
     * @param relu whether it ends in one
     */
    void convolution(String name, String input, int filters, int kernel, int stride, boolean same, boolean bias, boolean relu);

    /** 3×3, padding same, one filter a channel, then 1×1 with {@code filters}; no bias. */
    void separableConvolution(String name, String input, int filters);

    /** 3×3, padding same, one filter a channel, no bias. */
    void depthwiseConvolution(String name, String input, int stride);

    void batchNormalization(String name, String input, int channels, double epsilon);

    void relu(String name, String input);

    /** {@code min(max(x, 0), 6)}. */
    void relu6(String name, String input);

    void add(String name, String a, String b);

    void maxPooling(String name, String input, int window, int stride, boolean same);

    void averagePooling(String name, String input, int window);

    /** Rows of maps of {@code size × size}, the channels of a pixel side by side. */
    void flatten(String name, String input, int size, int channels);

    void globalAveragePooling(String name, String input);

    void denseRelu(String name, String input, int inputs, int units);

    void softmax(String name, String input, int inputs, int classes);
}
