package verger.networks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;

/**
 * A network that can be asked for by name: its card, where its weights are found, and how they become the file that executors
 * load. To add one is a class of this kind and a line in {@link Networks}.
 */
public interface NetworkSource {

    /** The network's card. */
    Network network();

    /**
     * Whether a file of weights that is given for {@code network=auto} is taken for this network's by its name.
     *
     * @param file path or URI of the file
     */
    default boolean takes(String file) {
        return false;
    }

    /** The local files that {@link #find} looks at where the user names none; a choice is made anew when one of them changes. */
    List<Path> places();

    /**
     * Finds the weights.
     *
     * @param weights a local path or a Hadoop URI; blank to look in the usual places
     * @param hadoop  the settings of Hadoop's file systems
     * @throws WeightsNotFoundException if there are none; the message names the places looked in and the way out
     * @throws IOException              if a local copy cannot be written
     */
    Weights find(String weights, Configuration hadoop) throws IOException;

    /** How they become an ONNX file; it may throw {@link UnsupportedLayerException}, and then {@link #dl4j()} is asked. */
    ModelCache.Recipe onnx();

    /**
     * How they become a file for DL4J itself.
     *
     * @throws IllegalArgumentException if DL4J cannot run this network
     */
    default ModelCache.Recipe dl4j() {
        throw new IllegalArgumentException("The engine dl4j runs networks of DL4J's zoo only: set engine=onnx for "
                + network().name());
    }
}
