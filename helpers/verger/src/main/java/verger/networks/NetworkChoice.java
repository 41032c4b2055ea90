package verger.networks;

import java.io.Serializable;

/**
 * Which network makes the features, from which weights, and why that one.
 *
 * @param network       the network
 * @param engine        {@code onnx} or {@code dl4j}
 * @param weightsFrom   where the weights were found
 * @param weightsSha256 SHA-256 of the weights file
 * @param model         local path, on the driver, of the file that executors are given
 * @param why           why this network and not another, in a few words
 * @param fallback      whether another network was wanted and could not be had for now
 * @param details       the whole story where a network could not be had, or an empty string
 */
public record NetworkChoice(
        Network network,
        String engine,
        String weightsFrom,
        String weightsSha256,
        String model,
        String why,
        boolean fallback,
        String details) implements Serializable {

    /** For the line below a chart's title. */
    public String subtitle() {
        return network.name() + ", " + network.featureSize() + " features (" + why + ")";
    }

    @Override
    public String toString() {
        return network.name() + " (" + network.featureSize() + " features, engine " + engine + "): " + why
                + ". Weights: " + weightsFrom + ", SHA-256 " + weightsSha256.substring(0, 12) + "…";
    }
}
