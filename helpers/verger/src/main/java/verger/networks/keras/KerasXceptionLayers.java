package verger.networks.keras;

/** Keras' Xception, told layer by layer; source: keras_applications/xception.py. */
public final class KerasXceptionLayers {

    /** Keras' default. */
    private static final double EPSILON = 1e-3;

    private final KerasLayers layers;
    private int residuals;

    private KerasXceptionLayers(KerasLayers layers) {
        this.layers = layers;
    }

    /** A {@link KerasArchitecture}. */
    public static String tell(KerasWeights weights, int size, KerasLayers layers) {
        return tell(weights.classes("predictions"), layers);
    }

    /**
     * Tells all layers after the input, which is called input_1. Those that Keras numbers through are called conv2d_1, …,
     * batch_normalization_1, … and add_1, ….
     *
     * @param classes of the classifier, or 0 for none
     * @return the name of the last layer
     */
    static String tell(int classes, KerasLayers layers) {
        return new KerasXceptionLayers(layers).tell(classes);
    }

    private String tell(int classes) {
        String last = stem("block1_conv1", "input_1", 32, 2);
        last = stem("block1_conv2", last, 64, 1);
        last = entry(2, last, 128, 128);
        last = entry(3, last, 256, 256);
        last = entry(4, last, 728, 728);
        for (int block = 5; block <= 12; block++) {
            last = middle(block, last);
        }
        last = entry(13, last, 728, 1024);
        last = separable("block14_sepconv1", last, 1536);
        layers.relu("block14_sepconv1_act", last);
        last = separable("block14_sepconv2", "block14_sepconv1_act", 2048);
        layers.relu("block14_sepconv2_act", last);
        if (classes == 0) {
            return "block14_sepconv2_act";
        }
        layers.globalAveragePooling("avg_pool", "block14_sepconv2_act");
        layers.softmax("predictions", "avg_pool", 2048, classes);
        return "predictions";
    }

    private String stem(String name, String input, int filters, int stride) {
        layers.convolution(name, input, filters, 3, stride, false, false, false);
        layers.batchNormalization(name + "_bn", name, filters, EPSILON);
        layers.relu(name + "_act", name + "_bn");
        return name + "_act";
    }

    private String separable(String name, String input, int filters) {
        layers.separableConvolution(name, input, filters);
        layers.batchNormalization(name + "_bn", name, filters, EPSILON);
        return name + "_bn";
    }

    /** Two separable convolutions and a pool, beside a 1×1 convolution; block 2 alone begins without a ReLU. */
    private String entry(int block, String input, int first, int second) {
        String name = "block" + block + "_";
        String number = Integer.toString(++residuals);
        layers.convolution("conv2d_" + number, input, second, 1, 2, true, false, false);
        layers.batchNormalization("batch_normalization_" + number, "conv2d_" + number, second, EPSILON);
        String last = input;
        if (block > 2) {
            layers.relu(name + "sepconv1_act", last);
            last = name + "sepconv1_act";
        }
        last = separable(name + "sepconv1", last, first);
        layers.relu(name + "sepconv2_act", last);
        last = separable(name + "sepconv2", name + "sepconv2_act", second);
        layers.maxPooling(name + "pool", last, 3, 2, true);
        String sum = "add_" + (block == 13 ? 12 : residuals);
        layers.add(sum, name + "pool", "batch_normalization_" + number);
        return sum;
    }

    private String middle(int block, String input) {
        String last = input;
        for (int i = 1; i <= 3; i++) {
            String name = "block" + block + "_sepconv" + i;
            layers.relu(name + "_act", last);
            last = separable(name, name + "_act", 728);
        }
        String sum = "add_" + (block - 1);
        layers.add(sum, last, input);
        return sum;
    }
}
