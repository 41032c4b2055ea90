package verger.networks.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import verger.networks.UnreadableWeightsException;
import verger.networks.UnsupportedLayerException;
import verger.networks.weights.Checksums;
import verger.networks.weights.ModelCache;
import verger.networks.weights.Weights;

/**
 * Weights that DL4J can load, on their way to the file of an engine.
 *
 * @param inputSize  width and height in pixels of the images that the network was trained on
 * @param isSelfTold whether a file needs nothing but itself to be loaded
 * @param loader     loads the network, and refuses another one's weights
 */
record Dl4jWeights(int inputSize, Check isSelfTold, Loader loader) {

    /** Goes up when other networks are refused. */
    private static final int VERSION = 2;

    /** Loads a network with its weights. */
    interface Loader {

        /** @throws UnreadableWeightsException if they cannot be loaded, or are another network's */
        ComputationGraph load(Path weights) throws IOException;
    }

    /** Tells something of a file. */
    interface Check {

        boolean of(Path weights) throws IOException;
    }

    ModelCache.Recipe onnx() {
        return new ModelCache.Recipe(OnnxExporter.VERSION, this::export);
    }

    ModelCache.Recipe dl4j() {
        return new ModelCache.Recipe(VERSION, this::copy);
    }

    /**
     * Writes them as an ONNX file.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     */
    private void export(Weights weights, Path onnx) throws IOException {
        ComputationGraph network = loader.load(weights.file());
        try {
            OnnxExporter.export(network, inputSize, true, onnx);
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
    private void copy(Weights weights, Path file) throws IOException {
        ComputationGraph network = loader.load(weights.file());
        try {
            if (isSelfTold.of(weights.file())) {
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
}
