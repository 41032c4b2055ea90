package verger.networks.keras;

import verger.networks.ClassNames;
import verger.networks.Network;

/**
 * Keras' MobileNetV2 with its whole width (alpha = 1), told layer by layer; source: keras/applications/mobilenet_v2.py.
 *
 * <p>Keras pads before a stride of 2 so that it comes to what its padding "same" does, for sizes odd and even.
 */
public final class KerasMobileNetV2 {

    /** {@code mobilenet_v2.preprocess_input} is {@code imagenet_utils}' mode "tf": x / 127.5 − 1, RGB. */
    public static final Network CARD = new Network(
            "MobileNetV2", 224, Network.ChannelOrder.RGB,
            new float[] {127.5f, 127.5f, 127.5f}, new float[] {127.5f, 127.5f, 127.5f},
            "global average pool", 1280, 1000, ClassNames.IMAGENET,
            "Keras applications (mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5)",
            "Apache-2.0 (Keras applications, Sandler et al.)", null);

    private static final double EPSILON = 1e-3;
    private static final int EXPANSION = 6;

    private final KerasLayers layers;
    private String last = "input_1";
    private int channels;
    private int blocks;

    private KerasMobileNetV2(KerasLayers layers) {
        this.layers = layers;
    }

    /** A {@link KerasArchitecture}. */
    public static String tell(KerasWeights weights, int size, KerasLayers layers) {
        return tell(weights.classes("predictions"), layers);
    }

    /**
     * Tells all layers after the input, which is called input_1.
     *
     * @param classes of the classifier, or 0 for none
     * @return the name of the last layer
     */
    static String tell(int classes, KerasLayers layers) {
        return new KerasMobileNetV2(layers).tell(classes);
    }

    private String tell(int classes) {
        convolution("Conv1", "bn_Conv1", 32, 3, 2);
        relu6("Conv1_relu");
        stage(16, 1, 1);
        stage(24, 2, 2);
        stage(32, 3, 2);
        stage(64, 4, 2);
        stage(96, 3, 1);
        stage(160, 3, 2);
        stage(320, 1, 1);
        convolution("Conv_1", "Conv_1_bn", 1280, 1, 1);
        relu6("out_relu");
        if (classes == 0) {
            return last;
        }
        layers.globalAveragePooling("global_average_pooling2d", last);
        layers.softmax("predictions", "global_average_pooling2d", 1280, classes);
        return "predictions";
    }

    private void stage(int filters, int count, int stride) {
        for (int i = 0; i < count; i++) {
            block(filters, i == 0 ? stride : 1);
        }
    }

    /** An inverted residual; the first one does not expand. */
    private void block(int filters, int stride) {
        String input = last;
        int width = channels;
        boolean first = blocks == 0;
        String name = first ? "expanded_conv_" : "block_" + blocks + "_";
        blocks++;
        if (!first) {
            convolution(name + "expand", name + "expand_BN", EXPANSION * width, 1, 1);
            relu6(name + "expand_relu");
        }
        layers.depthwiseConvolution(name + "depthwise", last, stride);
        normalization(name + "depthwise", name + "depthwise_BN", channels);
        relu6(name + "depthwise_relu");
        convolution(name + "project", name + "project_BN", filters, 1, 1);
        if (stride == 1 && width == filters) {
            layers.add(name + "add", input, last);
            last = name + "add";
        }
    }

    private void convolution(String name, String normalization, int filters, int kernel, int stride) {
        layers.convolution(name, last, filters, kernel, stride, true, false, false);
        normalization(name, normalization, filters);
    }

    private void normalization(String input, String name, int width) {
        layers.batchNormalization(name, input, width, EPSILON);
        channels = width;
        last = name;
    }

    private void relu6(String name) {
        layers.relu6(name, last);
        last = name;
    }
}
