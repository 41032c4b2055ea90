package verger.networks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.Settings;
import verger.networks.weights.GivenWeights;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;

/** Decides which network makes the features, finds its weights and makes the file that executors load. */
public final class NetworkChooser {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkChooser.class);

    /** What {@code auto} stands for, and what it takes where that cannot be had. */
    private static final NetworkSource WANTED = Networks.source(Networks.RESNET50.name());
    private static final NetworkSource INSTEAD = Networks.source(Networks.EFFICIENTNET_LITE0.name());

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
    public static NetworkChoice choose(String name, String weights, String engine, Configuration hadoop) {
        try {
            List<String> key = List.of(name, weights, engine, stamp(name, weights, hadoop));
            return MEMO.get(key, () -> new NetworkChooser(weights, engine, hadoop).choose(name));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + name + " ready in " + Settings.cache() + ": " + e.getMessage(), e);
        }
    }

    /** Another text when a file that the choice depends on comes, goes or is replaced. */
    private static String stamp(String name, String weights, Configuration hadoop) {
        if (!weights.isBlank()) {
            return GivenWeights.stamp(weights.strip(), hadoop);
        }
        Stream<NetworkSource> sources =
                Networks.AUTO.equals(name) ? Stream.of(WANTED, INSTEAD) : Stream.of(Networks.source(name));
        return sources.flatMap(source -> source.places().stream()).map(GivenWeights::stamp)
                .collect(Collectors.joining("\n", Settings.weightsUrl() + "\n", ""));
    }

    private NetworkChoice choose(String name) throws IOException {
        if (!Networks.AUTO.equals(name)) {
            return ready(Networks.source(name), "asked for by name", false, "");
        }
        if (!weights.isEmpty()) {
            NetworkSource given =
                    Networks.sources().stream().filter(source -> source.takes(weights)).findFirst().orElse(WANTED);
            return ready(given, "its weights were given", false, "");
        }
        try {
            return ready(WANTED, "its weights were found", false, "");
        } catch (WeightsNotFoundException e) {
            if (engine.equals(EngineKind.DL4J)) {
                throw e;
            }
            String wanted = WANTED.network().name();
            NetworkChoice instead = ready(INSTEAD, wanted + "'s weights were not found", true, e.getMessage());
            LOG.warn("Taking {}, whose features are others: {}'s weights cannot be had here", instead.network().name(), wanted);
            return instead;
        }
    }

    private NetworkChoice ready(NetworkSource source, String why, boolean fallback, String details) throws IOException {
        if (engine.equals(EngineKind.DL4J)) {
            ModelCache.Recipe recipe = source.dl4j(); // it refuses before anything is looked for
            return choice(source, EngineKind.DL4J, recipe, source.find(weights, hadoop), why, fallback, details);
        }
        Weights found = source.find(weights, hadoop);
        try {
            return choice(source, EngineKind.ONNX, source.onnx(), found, why, fallback, details);
        } catch (UnsupportedLayerException e) {
            String slower = e.getMessage() + ": DL4J runs this network instead, some ten times slower";
            LOG.warn(slower);
            return choice(source, EngineKind.DL4J, source.dl4j(), found, why, fallback, slower);
        }
    }

    /**
     * Keeps a file whose name stands for its content, since Spark and the engines know a file by its name. The network is in
     * it: weights that one network has taken are still to be checked, and refused, by another.
     */
    private static NetworkChoice choice(NetworkSource source, String engine, ModelCache.Recipe recipe, Weights found,
            String why,
            boolean fallback, String details) throws IOException {
        String suffix = "-" + source.network().name().toLowerCase(Locale.ROOT) + "." + engine;
        Path model = new ModelCache(Settings.cache().resolve(engine), recipe.version(), suffix).of(found, recipe.maker());
        return new NetworkChoice(source.network(), engine, found.from(), found.sha256(), model.toString(), why, fallback,
                details);
    }
}
