package verger.networks.builtin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import verger.Settings;
import verger.networks.Network;
import verger.networks.NetworkSource;
import verger.networks.weights.ModelCache;
import verger.networks.weights.PublishedFile;
import verger.networks.weights.Sum;
import verger.networks.weights.Weights;
import verger.networks.weights.WeightsSearch;

/**
 * A ResNet50 of torchvision's: a {@code .pth} or {@code .safetensors} that the user names, or the published file of this
 * training, in PyTorch's cache, a mirror or from PyTorch's host.
 *
 * @param network its card
 * @param file    name of the published file, which ends in the first digits of its SHA-256
 */
public record TorchvisionResNet50(Network network, String file) implements NetworkSource {

    private static final Pattern NAMED = Pattern.compile(".*resnet[-_]?50.*\\.(pth|pt|bin)|.*\\.safetensors");
    private static final Pattern SECOND_TRAINING = Pattern.compile(".*(11ad3fa6|imagenet1k[-_]v2).*");
    private static final String WAY_OUT =
            "set weights=<path or s3a:// URI of torchvision's ResNet50, a .pth of its state dict or a .safetensors>";
    /** As https://download.pytorch.org/models/resnet50-0676ba61.pth has it. */
    private static final long BYTES = 102_530_333;

    /** Whether a file's name is that of a ResNet50 in a format of PyTorch's. */
    static boolean isNamedIn(String given) {
        return NAMED.matcher(name(given)).matches();
    }

    private static String name(String given) {
        return given.substring(given.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    /** Any other than the second training's, by its name, is taken for the first one's. */
    @Override
    public boolean takes(String given) {
        return isNamedIn(given) && SECOND_TRAINING.matcher(name(given)).matches() == network.name().endsWith("-V2");
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
        String digits = file.substring(file.lastIndexOf('-') + 1, file.lastIndexOf('.'));
        PublishedFile published = new PublishedFile(Settings.torchCheckpoints(),
                URI.create("https://download.pytorch.org/models/" + file),
                List.of(Sum.sha256(network.sha256() == null ? digits : network.sha256())), BYTES);
        return WeightsSearch.of(network, WAY_OUT, List.of(published));
    }

    @Override
    public ModelCache.Recipe onnx() {
        return new ModelCache.Recipe(TorchvisionResNet50Graph.VERSION, (weights, onnx) -> TorchGraph.export(network,
                graph -> TorchvisionResNet50Graph.tell(graph, network.featureSize()), TorchvisionResNet50Graph.VERSION,
                weights.file(), "give torchvision's ResNet50, or set network to theirs", onnx));
    }
}
