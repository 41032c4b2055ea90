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
    private final WeightsSearch search = new WeightsSearch(Settings.cache().resolve("weights"));

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
            List<String> key = List.of(name, weights, engine, stamp(weights, hadoop));
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
    private static String stamp(String weights, Configuration hadoop) {
        if (!weights.isBlank()) {
            return GivenWeights.stamp(weights.strip(), hadoop);
        }
        List<Path> files = new ArrayList<>(List.of(ZooFile.resNet50().file()));
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
            return ready(Networks.EFFICIENTNET_LITE0, NOT_FOUND, e.getMessage());
        }
    }

    private static Network networkOf(String weights) {
        return weights.toLowerCase(Locale.ROOT).endsWith(".pth") ? Networks.EFFICIENTNET_LITE0 : Networks.RESNET50;
    }

    private NetworkChoice ready(Network network, String why, String details) throws IOException {
        return network == Networks.RESNET50 ? resNet50(why, details) : efficientNet(why, details);
    }

    private NetworkChoice resNet50(String why, String details) throws IOException {
        Weights found = search.find(weights, hadoop);
        if (engine.equals(NetworkStage.ONNX)) {
            try {
                return choice(Networks.RESNET50, NetworkStage.ONNX, found, onnx(found, OnnxExporter.VERSION,
                        (in, out) -> ResNet50Weights.export(in.file(), out)), why, details);
            } catch (UnsupportedLayerException e) {
                String fallback = e.getMessage() + ": DL4J runs this network instead, some ten times slower";
                LOG.warn(fallback);
                return choice(Networks.RESNET50, NetworkStage.DL4J, found, dl4j(found), why, fallback);
            }
        }
        return choice(Networks.RESNET50, NetworkStage.DL4J, found, dl4j(found), why, details);
    }

    private NetworkChoice efficientNet(String why, String details) throws IOException {
        if (engine.equals(NetworkStage.DL4J)) {
            throw new IllegalArgumentException("The engine dl4j runs ResNet50 only: set engine=onnx for EfficientNet-Lite0");
        }
        Weights found = EfficientNetWeights.find(weights, hadoop);
        return choice(Networks.EFFICIENTNET_LITE0, NetworkStage.ONNX, found, onnx(found, EfficientNetLite0.VERSION,
                (in, out) -> EfficientNetLite0.export(in.file(), out)), why, details);
    }

    private static Path onnx(Weights found, int version, ModelCache.Maker exporter) throws IOException {
        return new ModelCache(Settings.cache().resolve("onnx"), version, ".onnx").of(found, exporter);
    }

    /** A copy whose name stands for its content: Spark and the engines know a file by its name. */
    private static Path dl4j(Weights found) throws IOException {
        return new ModelCache(Settings.cache().resolve("dl4j"), ResNet50Weights.VERSION, ".weights").of(found, ResNet50Weights::copy);
    }

    private static NetworkChoice choice(Network network, String engine, Weights found, Path model, String why, String details) {
        return new NetworkChoice(network, engine, found.from(), found.sha256(), model.toString(), why, details);
    }
}
