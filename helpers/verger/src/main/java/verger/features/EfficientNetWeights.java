package verger.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import verger.Settings;

/** Finds the weights of EfficientNet-Lite0: the file that the user names, or the one that the set-up has fetched. */
final class EfficientNetWeights {

    static final String FILE = "efficientnet-lite0-57934424.pth";

    private static final String WAY_OUT = "run notebooks/run --setup or set weights=<path or URI of " + FILE + ">";

    private EfficientNetWeights() {
    }

    /**
     * Finds the weights.
     *
     * @param weights a local path or a Hadoop URI; blank to look in {@link Settings#weightsFolders()}
     * @throws WeightsNotFoundException if there are none
     */
    static Weights find(String weights, Configuration hadoop) throws IOException {
        Network network = Networks.EFFICIENTNET_LITE0;
        if (!weights.isBlank()) {
            return new GivenWeights(Settings.cache().resolve("weights"), network.name(), WAY_OUT).find(weights.strip(), hadoop);
        }
        List<String> places = new ArrayList<>(List.of("weights= (not set)"));
        for (Path folder : Settings.weightsFolders()) {
            Path file = folder.resolve(FILE);
            if (!Files.isRegularFile(file)) {
                places.add(folder + " (no " + FILE + ")");
                continue;
            }
            String sha256 = Checksums.sha256(file);
            if (sha256.equals(network.sha256())) {
                return new Weights(file, sha256, file.toString());
            }
            places.add(folder + " (its " + FILE + " is not the published one)");
        }
        throw new WeightsNotFoundException(network.name() + " weights not found: looked in " + String.join(", ", places)
                + "; " + WAY_OUT + ".", null);
    }
}
