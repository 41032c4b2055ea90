package verger.networks.keras;

import java.util.List;

/** Keras' VGG16 and VGG19, told layer by layer; source: keras_applications/vgg16.py and vgg19.py. */
public final class KerasVggLayers {

    private static final List<Integer> FILTERS = List.of(64, 128, 256, 512, 512);
    private static final int UNITS = 4096;

    private KerasVggLayers() {
    }

    /** VGG16 as a {@link KerasArchitecture}. */
    public static String vgg16(KerasWeights weights, int size, KerasLayers layers) {
        return tell(List.of(2, 2, 3, 3, 3), size, weights.requiredClasses("predictions"), layers);
    }

    /** VGG19 as a {@link KerasArchitecture}. */
    public static String vgg19(KerasWeights weights, int size, KerasLayers layers) {
        return tell(List.of(2, 2, 4, 4, 4), size, weights.requiredClasses("predictions"), layers);
    }

    /**
     * Tells all layers after the input, which is called input_1.
     *
     * @param convolutions in each block: 2, 2, 3, 3, 3 in VGG16
     * @param size         width and height in pixels of the images
     * @param classes      of the classifier
     * @return the name of the last layer
     */
    static String tell(List<Integer> convolutions, int size, int classes, KerasLayers layers) {
        String last = "input_1";
        for (int block = 0; block < FILTERS.size(); block++) {
            for (int i = 1; i <= convolutions.get(block); i++) {
                String name = "block" + (block + 1) + "_conv" + i;
                layers.convolution(name, last, FILTERS.get(block), 3, 1, true, true, true);
                last = name;
            }
            String pool = "block" + (block + 1) + "_pool";
            layers.maxPooling(pool, last, 2, 2, false);
            last = pool;
        }
        int map = size >> FILTERS.size();
        layers.flatten("flatten", last, map, 512);
        layers.denseRelu("fc1", "flatten", map * map * 512, UNITS);
        layers.denseRelu("fc2", "fc1", UNITS, UNITS);
        layers.softmax("predictions", "fc2", UNITS, classes);
        return "predictions";
    }
}
