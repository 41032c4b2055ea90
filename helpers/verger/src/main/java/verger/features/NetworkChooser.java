package verger.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.Settings;

/** Decides which network makes the features, finds its weights and makes the file that executors load. */
final class NetworkChooser {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkChooser.class);

    private static final String NOT_FOUND = "ResNet50's weights were not found";

    private static final ChoiceMemo MEMO = new ChoiceMemo(System::nanoTime);

    private final String weights;
    private final String engine;
    private final Configuration hadoop;

    private NetworkChooser(String weights, String engine, Configuration hadoop) {
        this.weights = weights;
        this.engine = engine;
        this.hadoop = hadoop;
    }

    /**
     * @param name    of a network, or {@code auto}
     * @param weights path or URI, or an empty string
     * @param engine  {@code onnx} or {@code dl4j}
     * @throws WeightsNotFoundException    if the network's weights cannot be had
     * @throws UnreadableWeightsException  if they are none
     * @throws IllegalArgumentException    if the network is unknown, or the engine cannot run it
     */
    static NetworkChoice choose(String name, String weights, String engine, Configuration hadoop) {
        try {
            List<String> key = List.of(name, weights, engine, stamp(name, weights, hadoop));
            return MEMO.get(key, () -> new NetworkChooser(weights, engine, hadoop).choose(name));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + name + " ready in " + Settings.cache() + ": " + e.getMessage(), e);
        }
    }

    /** Whether another network was wanted and could not be had for now. */
    static boolean isFallback(NetworkChoice choice) {
        return choice.why().equals(NOT_FOUND);
    }

    /** Another text when a file that the choice depends on comes, goes or is replaced. */
    private static String stamp(String name, String weights, Configuration hadoop) {
        if (!weights.isBlank()) {
            return GivenWeights.stamp(weights.strip(), hadoop);
        }
        Network network = Networks.AUTO.equals(name) ? Networks.RESNET50 : Networks.named(name);
        List<Path> files = new ArrayList<>();
        if (network != Networks.EFFICIENTNET_LITE0) {
            files.add(ZooFile.of(ZooNetwork.of(network).zoo()).file());
        }
        Settings.weightsFolders().forEach(folder -> files.add(folder.resolve(EfficientNetWeights.FILE)));
        return String.join("\n", files.stream().map(GivenWeights::stamp).toList());
    }

    private NetworkChoice choose(String name) throws IOException {
        if (!Networks.AUTO.equals(name)) {
            return ready(Networks.named(name), "asked for by name", "");
        }
        if (!weights.isEmpty()) {
            return ready(networkOf(weights), "its weights were given", "");
        }
        try {
            return ready(Networks.RESNET50, "its weights were found", "");
        } catch (WeightsNotFoundException e) {
            if (engine.equals(NetworkStage.DL4J)) {
                throw e;
            }
            NetworkChoice instead = ready(Networks.EFFICIENTNET_LITE0, NOT_FOUND, e.getMessage());
            LOG.warn("Taking {}, whose features are others: {}'s weights cannot be had here", instead.network().name(),
                    Networks.RESNET50.name());
            return instead;
        }
    }

    private static Network networkOf(String weights) {
        return weights.toLowerCase(Locale.ROOT).endsWith(".pth") ? Networks.EFFICIENTNET_LITE0 : Networks.RESNET50;
    }

    private NetworkChoice ready(Network network, String why, String details) throws IOException {
        return network == Networks.EFFICIENTNET_LITE0 ? efficientNet(why, details) : zoo(ZooNetwork.of(network), why, details);
    }

    private NetworkChoice zoo(ZooNetwork zoo, String why, String details) throws IOException {
        Weights found = new WeightsSearch(Settings.cache().resolve("weights"), zoo).find(weights, hadoop);
        if (engine.equals(NetworkStage.ONNX)) {
            try {
                return choice(zoo.network(), NetworkStage.ONNX, found, onnx(found, zoo.network(), OnnxExporter.VERSION,
                        new ZooWeights(zoo)::export), why, details);
            } catch (UnsupportedLayerException e) {
                String fallback = e.getMessage() + ": DL4J runs this network instead, some ten times slower";
                LOG.warn(fallback);
                return choice(zoo.network(), NetworkStage.DL4J, found, dl4j(found, zoo), why, fallback);
            }
        }
        return choice(zoo.network(), NetworkStage.DL4J, found, dl4j(found, zoo), why, details);
    }

    private NetworkChoice efficientNet(String why, String details) throws IOException {
        if (engine.equals(NetworkStage.DL4J)) {
            throw new IllegalArgumentException("The engine dl4j runs networks of DL4J's zoo only: set engine=onnx for "
                    + "EfficientNet-Lite0");
        }
        Weights found = EfficientNetWeights.find(weights, hadoop);
        return choice(Networks.EFFICIENTNET_LITE0, NetworkStage.ONNX, found, onnx(found, Networks.EFFICIENTNET_LITE0,
                EfficientNetLite0.VERSION, (in, out) -> EfficientNetLite0.export(in.file(), out)), why, details);
    }

    private static Path onnx(Weights found, Network network, int version, ModelCache.Maker exporter) throws IOException {
        return cached("onnx", found, network, version, exporter);
    }

    /** A copy whose name stands for its content: Spark and the engines know a file by its name. */
    private static Path dl4j(Weights found, ZooNetwork zoo) throws IOException {
        return cached("dl4j", found, zoo.network(), ZooWeights.VERSION, new ZooWeights(zoo)::copy);
    }

    /** The network is in the name: weights that one network has taken are still to be checked, and refused, by another. */
    private static Path cached(String kind, Weights found, Network network, int version,
            ModelCache.Maker maker) throws IOException {
        String suffix = "-" + network.name().toLowerCase(Locale.ROOT) + "." + kind;
        return new ModelCache(Settings.cache().resolve(kind), version, suffix).of(found, maker);
    }

    private static NetworkChoice choice(Network network, String engine, Weights found, Path model, String why, String details) {
        return new NetworkChoice(network, engine, found.from(), found.sha256(), model.toString(), why, details);
    }
}
