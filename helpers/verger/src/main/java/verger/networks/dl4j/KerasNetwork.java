package verger.networks.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import verger.Settings;
import verger.networks.Network;
import verger.networks.WeightsNotFoundException;
import verger.networks.keras.KerasArchitecture;
import verger.networks.keras.KerasWeights;
import verger.networks.weights.GivenWeights;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;

/**
 * A network of Keras' applications whose weights the user brings as a Keras {@code .h5}: {@code model.save_weights("x.h5")}
 * of Keras 2, or a whole file of Keras 2 or 3, with its classifier or without.
 *
 * @param network its card
 * @param keras   its layers
 */
public record KerasNetwork(Network network, KerasArchitecture keras) implements Conversion.Converted {

    private static final String WAY_OUT = "set weights=<path or s3a:// URI of a Keras .h5>";

    @Override
    public List<Path> places() {
        return List.of();
    }

    @Override
    public Weights find(String weights, Configuration hadoop) throws IOException {
        if (weights.isBlank()) {
            throw new WeightsNotFoundException(network.name() + " weights not found: looked in weights= (not set); " + WAY_OUT
                    + ".", null);
        }
        return new GivenWeights(Settings.cache().resolve("weights"), network.name(), WAY_OUT).find(weights.strip(), hadoop);
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
    public long mostParameterBytes() {
        return 0; // no zip of DL4J's is read
    }

    /** Always by the layers that are known here: DL4J's import of Keras does not know all of them. */
    @Override
    public Dl4jWeights weights() {
        return new Dl4jWeights(network,
                file -> KerasWeights.load(file, network.name(), keras, network.inputSize()));
    }
}
