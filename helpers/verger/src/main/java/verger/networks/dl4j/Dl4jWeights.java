package verger.networks.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import verger.networks.EngineKind;
import verger.networks.Network;
import verger.networks.UnreadableWeightsException;
import verger.networks.UnsupportedLayerException;
import verger.networks.onnx.GoldenFeatures;
import verger.networks.weights.ModelCache;

/**
 * Weights that DL4J can load, on their way to the file of an engine. They are read in a JVM of their own: see
 * {@link Conversion}.
 *
 * @param network the network's card
 * @param loader  loads the network, and refuses another one's weights
 */
record Dl4jWeights(Network network, Loader loader) {

    /** Goes up when other networks are refused, or the same one gives another file. */
    private static final int VERSION = 3;

    /** Loads a network with its weights. */
    interface Loader {

        /** @throws UnreadableWeightsException if they cannot be loaded, or are another network's */
        ComputationGraph load(Path weights) throws IOException;
    }

    ModelCache.Recipe onnx() {
        return new ModelCache.Recipe(OnnxExporter.VERSION,
                (weights, file) -> Conversion.run(network, EngineKind.ONNX, weights, file));
    }

    ModelCache.Recipe dl4j() {
        return new ModelCache.Recipe(VERSION, (weights, file) -> Conversion.run(network, EngineKind.DL4J, weights, file));
    }

    /**
     * Writes them as an ONNX file, with the features that DL4J computes.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     */
    void export(Path weights, Path onnx) throws IOException {
        ComputationGraph graph = loader.load(weights);
        try {
            OnnxExporter.export(graph, network.inputSize(), true, onnx);
        } catch (RuntimeException | IOException e) {
            graph.close();
            throw e;
        }
        try (Dl4jEngine reference = new Dl4jEngine(graph, network.inputSize())) {
            GoldenFeatures.of(reference, network.inputSize()).append(onnx);
        }
    }

    /**
     * Writes them as a zip of DL4J's, for DL4J itself: executors never read what the user gave.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     */
    void rewrite(Path weights, Path file) throws IOException {
        ComputationGraph graph = loader.load(weights);
        try {
            ModelSerializer.writeModel(graph, file.toFile(), false);
        } finally {
            graph.close();
        }
    }
}
