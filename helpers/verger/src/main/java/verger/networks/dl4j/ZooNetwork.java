package verger.networks.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
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

    private static final String WAY_OUT = "set weights=<path or s3a:// URI of a DL4J zip or Keras .h5>";

    /** Three times those of the whole ImageNet, 21,841. */
    private static final long MOST_CLASSES = 1 << 16;

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
        return search().places();
    }

    @Override
    public Weights find(String weights, Configuration hadoop) throws IOException {
        return search().find(weights, hadoop);
    }

    private WeightsSearch search() {
        return WeightsSearch.of(network, WAY_OUT, ZooModels.files(this));
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
            require(weights, graph.getConfiguration(), graph.numParams());
            return graph;
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /** @throws UnreadableWeightsException if a network of so many parameters is another one */
    private void require(Path weights, ComputationGraphConfiguration configuration, long count) {
        String mismatch = mismatch(configuration, count);
        if (mismatch != null) {
            ZooNetwork other = recognize(configuration, count);
            throw new UnreadableWeightsException(weights, mismatch, "give weights of " + network.name() + ", or set network="
                    + (other == null ? Networks.EFFICIENTNET_LITE0 : other.network()).name(), null);
        }
    }

    /**
     * Says by the number of parameters alone, before there are any, that a network is another one.
     *
     * @throws UnreadableWeightsException if it is
     */
    void requireParameters(Path weights, ComputationGraphConfiguration configuration, long count) {
        if (!hasParameters(count)) {
            require(weights, configuration, count);
        }
    }

    @Override
    public long mostParameterBytes() {
        return mostParameters() * Float.BYTES;
    }

    /** Parameters with the 1000 classes of ImageNet. */
    long parametersWithClasses() {
        return parameters + 1000 * perClass();
    }

    private long mostParameters() {
        return parameters + MOST_CLASSES * perClass();
    }

    private long perClass() {
        return network.featureSize() + 1L;
    }

    /** Whether a network with so many parameters can be this one, with a classifier of any real number of classes or none. */
    public boolean hasParameters(long count) {
        long classifier = count - parameters;
        return classifier >= 0 && classifier % perClass() == 0 && classifier / perClass() <= MOST_CLASSES;
    }

    /**
     * What another network is, in words that go on after "it is"; null where it is this one.
     *
     * @param configuration of a network of one image input and one output
     * @param count         of its parameters
     */
    String mismatch(ComputationGraphConfiguration configuration, long count) {
        if (!hasParameters(count)) {
            return String.format(Locale.ROOT,
                    "a network of %,d parameters, and %s has %,d with its 1000 classes, or %,d without them"
                            + " and %,d for each class%s",
                    count, network.name(), parametersWithClasses(), parameters, perClass(),
                    count > mostParameters() ? String.format(Locale.ROOT, ", of which %,d are the most", MOST_CLASSES) : "");
        }
        GraphView view = new GraphView(configuration, network.inputSize());
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
    static ZooNetwork recognize(ComputationGraphConfiguration configuration, long count) {
        return all().filter(zoo -> zoo.hasParameters(count) && zoo.mismatch(configuration, count) == null)
                .findFirst().orElse(null);
    }
}
