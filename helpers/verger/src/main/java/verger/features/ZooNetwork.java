package verger.features;

import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;

/**
 * A network whose ImageNet weights DL4J's model zoo publishes, and how it is known from others.
 *
 * <p>Images are normalized for one network, and another one with as many features (ResNet50, Xception, InceptionV3) needs it
 * done otherwise: so its weights must not be taken for it.
 *
 * @param network      its card
 * @param zoo          where the zoo keeps its weights; what {@code zoo.init()} makes differs from the published network in
 *                     places and is not used
 * @param parameters   of all layers but the classifier, running statistics counted: the total that
 *                     keras.io/api/applications gives, and for SqueezeNet and Darknet19 the shapes of their layers, less
 *                     1000 × (features + 1)
 * @param convolutions number of convolutions but a classifier, a separable one counted once
 */
record ZooNetwork(Network network, ZooModel zoo, long parameters, int convolutions) {

    private static final List<ZooNetwork> ALL = List.of(
            new ZooNetwork(Networks.RESNET50, ResNet50.builder().build(), 23_587_712, 53),
            new ZooNetwork(Networks.VGG16, VGG16.builder().build(), 134_260_544, 13),
            new ZooNetwork(Networks.VGG19, VGG19.builder().build(), 139_570_240, 16),
            new ZooNetwork(Networks.SQUEEZENET, SqueezeNet.builder().build(), 722_496, 25),
            new ZooNetwork(Networks.XCEPTION, Xception.builder().build(), 20_861_480, 40),
            new ZooNetwork(Networks.DARKNET19, Darknet19.builder().build(), 19_831_776, 18));

    /** @throws IllegalArgumentException if the zoo has no such network */
    static ZooNetwork of(Network network) {
        return ALL.stream().filter(zoo -> zoo.network.name().equals(network.name())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(network.name() + " is not in DL4J's model zoo"));
    }

    /** Parameters with the 1000 classes of ImageNet. */
    long parametersWithClasses() {
        return parameters + 1000 * perClass();
    }

    private long perClass() {
        return network.featureSize() + 1;
    }

    /** Whether a network with so many parameters can be this one, with a classifier of any number of classes or none. */
    boolean hasParameters(long count) {
        long classifier = count - parameters;
        return classifier >= 0 && classifier % perClass() == 0;
    }

    /**
     * What another network is, in words that go on after "it is"; null where it is this one.
     *
     * @param graph a network of one image input and one output
     */
    String mismatch(ComputationGraph graph) {
        long count = graph.numParams();
        if (!hasParameters(count)) {
            return String.format(Locale.ROOT,
                    "a network of %,d parameters, and %s has %,d with its 1000 classes, or %,d without them"
                    + " and %,d for each class", count, network.name(), parametersWithClasses(), parameters, perClass());
        }
        GraphView view = new GraphView(graph.getConfiguration(), network.inputSize());
        FeatureTap tap = FeatureTap.of(view);
        if (view.convolutions(tap.classifier()) != convolutions) {
            return "a network of " + view.convolutions(tap.classifier()) + " convolution(s), and " + network.name() + " has "
                    + convolutions;
        }
        if (view.channels(tap.vertex()) != network.featureSize()) {
            return "a network of " + view.channels(tap.vertex()) + " features, and " + network.name() + " has "
                    + network.featureSize();
        }
        return null;
    }

    /** Which one of the zoo's a network is, or null. */
    static ZooNetwork recognize(ComputationGraph graph) {
        return ALL.stream().filter(zoo -> zoo.hasParameters(graph.numParams()) && zoo.mismatch(graph) == null)
                .findFirst().orElse(null);
    }
}
