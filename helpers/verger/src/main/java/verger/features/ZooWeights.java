package verger.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/** Loads weights that are to be those of a network of DL4J's zoo, and refuses those of other networks. */
final class ZooWeights {

    /** Goes up when other networks are refused. */
    static final int VERSION = 2;

    private final ZooNetwork zoo;

    ZooWeights(ZooNetwork zoo) {
        this.zoo = zoo;
    }

    /**
     * Writes them as an ONNX file.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     */
    void export(Weights weights, Path onnx) throws IOException {
        ComputationGraph network = load(weights.file());
        try {
            OnnxExporter.export(network, zoo.network().inputSize(), true, onnx);
        } finally {
            network.close();
        }
    }

    /**
     * Copies them as they are, for DL4J itself, or as a zip where they are weights only; a link would change with a file that
     * is written anew in place.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     */
    void copy(Weights weights, Path file) throws IOException {
        ComputationGraph network = load(weights.file());
        try {
            if (Dl4jModels.isWhole(weights.file())) {
                Files.copy(weights.file(), file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                ModelSerializer.writeModel(network, file.toFile(), false);
            }
        } finally {
            network.close();
        }
        if (!Checksums.sha256(weights.file()).equals(weights.sha256())) {
            throw new IOException(weights.file() + " changed while it was read");
        }
    }

    private ComputationGraph load(Path weights) throws IOException {
        ComputationGraph graph = Dl4jModels.load(weights, zoo.network());
        try {
            String mismatch = zoo.mismatch(graph);
            if (mismatch == null) {
                return graph;
            }
            ZooNetwork other = ZooNetwork.recognize(graph);
            throw new UnreadableWeightsException(weights, mismatch, "give weights of " + zoo.network().name()
                    + ", or set network="
                    + (other == null ? Networks.EFFICIENTNET_LITE0 : other.network()).name(), null);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }
}
