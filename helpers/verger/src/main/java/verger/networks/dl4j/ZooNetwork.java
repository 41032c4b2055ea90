package verger.networks.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import verger.Settings;
import verger.networks.Network;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.keras.KerasArchitecture;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;
import verger.networks.weights.WeightsSearch;

/**
 * A network whose ImageNet weights DL4J's model zoo publishes, and how it is known from others.
 *
 * <p>Images are normalized for one network, and another one with as many features (ResNet50, Xception, InceptionV3) needs it
 * done otherwise: so its weights must not be taken for it.
 *
 * @param network      its card
 * @param parameters   of all layers but the classifier, running statistics counted: the total that
 *                     keras.io/api/applications gives, and for SqueezeNet and Darknet19 the shapes of their layers, less
 *                     1000 × (features + 1)
 * @param convolutions number of convolutions but a classifier, a separable one counted once
 * @param keras        its layers where Keras' applications have it, for files that hold its weights alone; else null
 */
public record ZooNetwork(Network network, long parameters, int convolutions, KerasArchitecture keras)
        implements Conversion.Converted {

    /** @throws IllegalArgumentException if the zoo has no such network */
    public static ZooNetwork of(Network network) {
        return all().filter(zoo -> zoo.network.name().equals(network.name())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(network.name() + " is not in DL4J's model zoo"));
    }

    private static Stream<ZooNetwork> all() {
        return Networks.sources().stream().filter(ZooNetwork.class::isInstance).map(ZooNetwork.class::cast);
    }

    @Override
    public List<Path> places() {
        return List.of(ZooModels.file(this).file());
    }

    @Override
    public Weights find(String weights, Configuration hadoop) throws IOException {
        return new WeightsSearch(Settings.cache().resolve("weights"), network.name(), ZooModels.file(this)).find(weights,
                hadoop);
    }

    @Override
    public ModelCache.Recipe onnx() {
        return weights().onnx();
    }

    @Override
    public ModelCache.Recipe dl4j() {
        return weights().dl4j();
    }

    @Override
    public Dl4jWeights weights() {
        return new Dl4jWeights(network, this::load);
    }

    private ComputationGraph load(Path weights) throws IOException {
        ComputationGraph graph = Dl4jModels.load(weights, this);
        try {
            String mismatch = mismatch(graph);
            if (mismatch == null) {
                return graph;
            }
            ZooNetwork other = recognize(graph);
            throw new UnreadableWeightsException(weights, mismatch, "give weights of " + network.name() + ", or set network="
                    + (other == null ? Networks.EFFICIENTNET_LITE0 : other.network()).name(), null);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /** Parameters with the 1000 classes of ImageNet. */
    long parametersWithClasses() {
        return parameters + 1000 * perClass();
    }

    private long perClass() {
        return network.featureSize() + 1L;
    }

    /** Whether a network with so many parameters can be this one, with a classifier of any number of classes or none. */
    public boolean hasParameters(long count) {
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
                            + " and %,d for each class",
                    count, network.name(), parametersWithClasses(), parameters, perClass());
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
        return all().filter(zoo -> zoo.hasParameters(graph.numParams()) && zoo.mismatch(graph) == null)
                .findFirst().orElse(null);
    }
}
