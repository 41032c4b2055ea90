package verger.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Loads weights that are to be ResNet50's, and refuses those of other networks: images are normalized for Keras' ResNet50,
 * and others with 2048 features (Xception, InceptionV3, ResNet50V2) need it done otherwise.
 */
final class ResNet50Weights {

    /** Goes up when other networks are refused. */
    static final int VERSION = 1;

    /** All but the classifier, of the table in Keras' documentation; running statistics are counted. */
    private static final long WITHOUT_CLASSIFIER = 23_587_712;
    private static final long PER_CLASS = 2048 + 1;

    private ResNet50Weights() {
    }

    /**
     * Writes them as an ONNX file.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     */
    static void export(Path weights, Path onnx) throws IOException {
        ComputationGraph network = load(weights);
        try {
            OnnxExporter.export(network, Networks.RESNET50.inputSize(), onnx);
        } finally {
            network.close();
        }
    }

    /**
     * Copies them as they are, for DL4J itself; a link would change with a file that is written anew in place.
     *
     * @throws UnreadableWeightsException if they cannot be loaded, or are another network's
     */
    static void copy(Weights weights, Path file) throws IOException {
        load(weights.file()).close();
        Files.copy(weights.file(), file, StandardCopyOption.REPLACE_EXISTING);
        if (!Checksums.sha256(file).equals(weights.sha256())) {
            throw new IOException(weights.file() + " changed while it was read");
        }
    }

    private static ComputationGraph load(Path weights) throws IOException {
        ComputationGraph network = Dl4jModels.load(weights);
        long parameters = network.numParams();
        if (isResNet50(parameters)) {
            return network;
        }
        network.close();
        throw new UnreadableWeightsException(weights,
                String.format(Locale.ROOT, "a network of %,d parameters, and Keras' ResNet50 has 25,636,712 with its 1000 classes, or"
                        + " 23,587,712 without them and 2,049 for each class", parameters),
                "give weights of Keras' ResNet50, or set network=EfficientNet-Lite0", null);
    }

    /** Whether a network with so many parameters is ResNet50, with a classifier of any number of classes or none. */
    static boolean isResNet50(long parameters) {
        long classifier = parameters - WITHOUT_CLASSIFIER;
        return classifier >= 0 && classifier % PER_CLASS == 0;
    }
}
