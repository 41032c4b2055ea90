package verger.networks.keras;

import java.util.List;

/**
 * Keras' ResNet50, told layer by layer to whoever builds it: with the names and the pooling of an edition of Keras.
 *
 * <p>Sources: keras_applications/resnet50.py, and resnet_common.py since it has taken its place.
 */
public final class KerasResNet50Layers {

    /** Editions of Keras, which differ in names, in a padding and in how the maps become features. */
    public enum Edition {
        /**
         * Keras 2.0 to 2.1: res2a_branch2a, no padding before the pool, a 7×7 average pool and Flatten, Keras' default epsilon.
         */
        OLD,
        /** Keras 2.2.4 and later: conv2_block1_1_conv, pool1_pad, GlobalAveragePooling2D. */
        NEW
    }

    private static final List<Integer> BLOCKS = List.of(3, 4, 6, 3);

    private final Edition edition;
    private final KerasLayers builder;
    private final int classes;
    private int activations;
    private int additions;

    private KerasResNet50Layers(Edition edition, int classes, KerasLayers builder) {
        this.edition = edition;
        this.classes = classes;
        this.builder = builder;
    }

    /** The layer whose output the features are. */
    static String featureLayer(Edition edition) {
        return edition == Edition.OLD ? "flatten_1" : "avg_pool";
    }

    static String outputLayer(Edition edition) {
        return edition == Edition.OLD ? "fc1000" : "predictions";
    }

    /** A {@link KerasArchitecture}: the edition is told by the names in the file. */
    public static String tell(KerasWeights weights, int size, KerasLayers builder) {
        Edition edition = weights.has("res2a_branch2a") ? Edition.OLD : Edition.NEW;
        return tell(edition, weights.classes(outputLayer(edition)), builder);
    }

    /**
     * Tells all layers after the input, which is called input_1.
     *
     * @param classes of the classifier, or 0 for none
     * @return the name of the last layer
     */
    static String tell(Edition edition, int classes, KerasLayers builder) {
        return new KerasResNet50Layers(edition, classes, builder).tell();
    }

    /** Of its batch normalizations. */
    private double epsilon() {
        return old() ? 1e-3 : 1.001e-5;
    }

    private boolean old() {
        return edition == Edition.OLD;
    }

    private String tell() {
        builder.zeroPadding(old() ? "zero_padding2d_1" : "conv1_pad", "input_1", 3);
        builder.convolution(old() ? "conv1" : "conv1_conv", old() ? "zero_padding2d_1" : "conv1_pad", 64, 7, 2, false, true,
                false);
        builder.batchNormalization(old() ? "bn_conv1" : "conv1_bn", old() ? "conv1" : "conv1_conv", 64, epsilon());
        String last = relu("conv1_relu", old() ? "bn_conv1" : "conv1_bn");
        if (old()) {
            builder.maxPooling("max_pooling2d_1", last, 3, 2, false);
            last = "max_pooling2d_1";
        } else {
            builder.zeroPadding("pool1_pad", last, 1);
            builder.maxPooling("pool1_pool", "pool1_pad", 3, 2, false);
            last = "pool1_pool";
        }
        for (int stage = 0; stage < BLOCKS.size(); stage++) {
            for (int block = 0; block < BLOCKS.get(stage); block++) {
                last = block(stage, block, last);
            }
        }
        if (classes == 0) {
            return last;
        }
        if (old()) {
            builder.averagePooling("avg_pool", last, 7);
            builder.flatten("flatten_1", "avg_pool", 1, 2048);
        } else {
            builder.globalAveragePooling("avg_pool", last);
        }
        builder.softmax(outputLayer(edition), featureLayer(edition), 2048, classes);
        return outputLayer(edition);
    }

    private String block(int stage, int block, String input) {
        int filters = 64 << stage;
        // Keras has the stride in the first 1×1 convolution of a stage and not, as later work has it, in the 3×3 one.
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String last = convolution(stage, block, 1, input, filters, 1, stride);
        last = relu(name(stage, block, "1_relu"), batchNormalization(stage, block, 1, last, filters));
        last = convolution(stage, block, 2, last, filters, 3, 1);
        last = relu(name(stage, block, "2_relu"), batchNormalization(stage, block, 2, last, filters));

        String sum = old() ? "add_" + ++additions : name(stage, block, "add");
        if (block > 0) {
            last = convolution(stage, block, 3, last, 4 * filters, 1, 1);
            last = batchNormalization(stage, block, 3, last, 4 * filters);
            add(sum, last, input);
        } else {
            // A file of Keras has its layers in the order of their depth, those of one depth as they were made.
            String main = last;
            String[] ends = new String[4];
            List<Integer> branches = old() ? List.of(3, 0) : List.of(0, 3);
            for (int branch : branches) {
                ends[branch] = branch == 3
                        ? convolution(stage, block, 3, main, 4 * filters, 1, 1)
                        : convolution(stage, block, 0, input, 4 * filters, 1, stride);
            }
            for (int branch : branches) {
                ends[branch] = batchNormalization(stage, block, branch, ends[branch], 4 * filters);
            }
            add(sum, ends[3], ends[0]);
        }
        return relu(name(stage, block, "out"), sum);
    }

    private void add(String name, String main, String shortcut) {
        builder.add(name, old() ? main : shortcut, old() ? shortcut : main);
    }

    private String convolution(int stage, int block, int index, String input, int filters, int kernel, int stride) {
        String convolution = old() ? "res" + branch(stage, block, index) : name(stage, block, index + "_conv");
        builder.convolution(convolution, input, filters, kernel, stride, kernel > 1, true, false);
        return convolution;
    }

    private String batchNormalization(int stage, int block, int index, String input, int channels) {
        String normalization = old() ? "bn" + branch(stage, block, index) : name(stage, block, index + "_bn");
        builder.batchNormalization(normalization, input, channels, epsilon());
        return normalization;
    }

    private static String branch(int stage, int block, int index) {
        return (stage + 2) + "" + (char) ('a' + block) + "_branch" + List.of("1", "2a", "2b", "2c").get(index);
    }

    private static String name(int stage, int block, String layer) {
        return "conv" + (stage + 2) + "_block" + (block + 1) + "_" + layer;
    }

    private String relu(String name, String input) {
        String activation = old() ? "activation_" + ++activations : name;
        builder.relu(activation, input);
        return activation;
    }
}
