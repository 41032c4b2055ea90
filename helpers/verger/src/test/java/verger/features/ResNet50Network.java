package verger.features;

import java.util.List;

/** The published ResNet50, told layer by layer to whoever builds it: with the names and the pooling of an edition of Keras. */
final class ResNet50Network {

    /** The layers that the network is made of; each names its input. */
    interface Builder {
        void zeroPadding(String name, String input, int padding);

        void convolution(String name, String input, int filters, int kernel, int stride, boolean same);

        void batchNormalization(String name, String input, int channels);

        void relu(String name, String input);

        void add(String name, String a, String b);

        void maxPooling(String name, String input, int window, int stride);

        void averagePooling(String name, String input, int window);

        void flatten(String name, String input, int channels);

        void globalAveragePooling(String name, String input);

        void softmax(String name, String input, int inputs, int classes);
    }

    /** Editions of Keras, which differ in names, in a padding and in how the maps become features. */
    enum Edition {
        /** Keras 2.0 to 2.1: res2a_branch2a, no padding before the pool, a 7×7 average pool and Flatten. */
        OLD,
        /** Keras 2.2.4 and later: conv2_block1_1_conv, pool1_pad, GlobalAveragePooling2D. */
        NEW
    }

    private static final List<Integer> BLOCKS = List.of(3, 4, 6, 3);

    private final Edition edition;
    private final Builder builder;
    private int activations;
    private int additions;

    private ResNet50Network(Edition edition, Builder builder) {
        this.edition = edition;
        this.builder = builder;
    }

    /** The layer whose output the features are. */
    static String featureLayer(Edition edition) {
        return edition == Edition.OLD ? "flatten_1" : "avg_pool";
    }

    static String outputLayer(Edition edition) {
        return edition == Edition.OLD ? "fc1000" : "predictions";
    }

    /** Tells all layers after the input, which is called input_1. */
    static void tell(Edition edition, Builder builder) {
        new ResNet50Network(edition, builder).tell();
    }

    private boolean old() {
        return edition == Edition.OLD;
    }

    private void tell() {
        builder.zeroPadding(old() ? "zero_padding2d_1" : "conv1_pad", "input_1", 3);
        builder.convolution(old() ? "conv1" : "conv1_conv", old() ? "zero_padding2d_1" : "conv1_pad", 64, 7, 2, false);
        builder.batchNormalization(old() ? "bn_conv1" : "conv1_bn", old() ? "conv1" : "conv1_conv", 64);
        String last = relu("conv1_relu", old() ? "bn_conv1" : "conv1_bn");
        if (old()) {
            builder.maxPooling("max_pooling2d_1", last, 3, 2);
            last = "max_pooling2d_1";
        } else {
            builder.zeroPadding("pool1_pad", last, 1);
            builder.maxPooling("pool1_pool", "pool1_pad", 3, 2);
            last = "pool1_pool";
        }
        for (int stage = 0; stage < BLOCKS.size(); stage++) {
            for (int block = 0; block < BLOCKS.get(stage); block++) {
                last = block(stage, block, last);
            }
        }
        if (old()) {
            builder.averagePooling("avg_pool", last, 7);
            builder.flatten("flatten_1", "avg_pool", 2048);
        } else {
            builder.globalAveragePooling("avg_pool", last);
        }
        builder.softmax(outputLayer(edition), featureLayer(edition), 2048, 1000);
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
        builder.convolution(convolution, input, filters, kernel, stride, kernel > 1);
        return convolution;
    }

    private String batchNormalization(int stage, int block, int index, String input, int channels) {
        String normalization = old() ? "bn" + branch(stage, block, index) : name(stage, block, index + "_bn");
        builder.batchNormalization(normalization, input, channels);
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
