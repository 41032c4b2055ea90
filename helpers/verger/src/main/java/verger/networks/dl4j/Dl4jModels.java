package verger.networks.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.util.ModelSerializer;
import verger.networks.UnreadableWeightsException;
import verger.networks.keras.KerasFileKind;
import verger.networks.keras.KerasWeights;

/** Loads a network with its weights from a DL4J zip or a Keras {@code .h5} file. */
public final class Dl4jModels {

    private static final String ACCEPTED = "give a DL4J zip (ModelSerializer) or a Keras .h5 (model.save)";
    private static final String SAVE_WITH_KERAS_2 =
            "save the whole model with TensorFlow 2.15 or older: model.save('<name>.h5')";
    /** Run with Keras 3.15 on PyTorch, where a model is exported only once it has been called. */
    private static final String SAVE_FROM_KERAS_3 =
            "write it as ONNX, model(images) once and then model.export('<name>.onnx', format='onnx'), and set model to that";
    private static final String OR_AS_H5 =
            ", or model.save('<name>.h5') for ResNet50, VGG16, VGG19, Xception and MobileNetV2 as "
                    + "keras.applications has them";

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    /** The magic number of torch.save before PyTorch 1.6; since then it writes a zip. */
    private static final byte[] TORCH = {(byte) 0x80, 2, (byte) 0x8a, 0x0a, 'l'};
    private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    private Dl4jModels() {
    }

    /**
     * Loads a network with the configuration that its own file carries.
     *
     * @param file a DL4J zip as ModelSerializer writes it, or a Keras {@code .h5} that holds configuration and weights
     * @return the network; a Keras file gives one in NHWC order
     * @throws UnreadableWeightsException if the file is anything else, or damaged
     * @throws IOException                if the file cannot be read at all
     */
    public static ComputationGraph load(Path file) throws IOException {
        return load(file, null);
    }

    /**
     * The same, or a network whose weights alone are in a Keras {@code .h5}, or with a configuration of Keras 3.
     *
     * @param network what the weights are to be of, or null
     */
    public static ComputationGraph load(Path file, ZooNetwork network) throws IOException {
        byte[] head = head(file);
        if (startsWith(head, ZIP)) {
            return loadZip(file, network);
        }
        if (startsWith(head, HDF5)) {
            return loadKeras(file, network);
        }
        if (startsWith(head, TORCH) || file.toString().endsWith(".safetensors")) {
            throw ofTorch(file);
        }
        throw new UnreadableWeightsException(file, head.length == 0 ? "empty" : "neither a zip nor an HDF5 file", ACCEPTED,
                null);
    }

    static boolean isZip(Path file) throws IOException {
        return startsWith(head(file), ZIP);
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HDF5.length);
        }
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static UnreadableWeightsException ofTorch(Path file) {
        return new UnreadableWeightsException(file, "a file of PyTorch's weights, not of DL4J or Keras",
                "set network=ResNet50-torchvision for torchvision's ResNet50, whose features are others", null);
    }

    private static ComputationGraph loadZip(Path file, ZooNetwork network) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry("model.weights.h5") != null) {
                throw new UnreadableWeightsException(file, "a .keras file",
                        "load it there, keras.saving.load_model('<name>.keras'), and "
                                + SAVE_FROM_KERAS_3 + OR_AS_H5,
                        null);
            }
            if (zip.stream().anyMatch(entry -> entry.getName().endsWith("/data.pkl"))) {
                throw ofTorch(file);
            }
            if (zip.getEntry(ModelSerializer.CONFIGURATION_JSON) == null
                    || zip.getEntry(ModelSerializer.COEFFICIENTS_BIN) == null) {
                throw new UnreadableWeightsException(file, "a zip without a DL4J model in it", ACCEPTED, null);
            }
        } catch (ZipException e) {
            throw new UnreadableWeightsException(file, "a zip that is cut short or damaged", "copy or download it again", e);
        }
        try {
            return Dl4jZip.restore(file, network);
        } catch (UnreadableWeightsException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableWeightsException(file,
                    "a zip that DL4J cannot restore a ComputationGraph from (" + reason(e) + ")", ACCEPTED, e);
        }
    }

    private static ComputationGraph loadKeras(Path file, ZooNetwork network) {
        KerasFileKind kind = KerasFileKind.of(file);
        if (!kind.isWholeKeras2() && !kind.isKeras3Weights() && network != null && network.keras() != null) {
            return KerasWeights.load(file, network.network().name(), network.keras(), network.network().inputSize());
        }
        if (kind.isKeras3Weights()) {
            throw new UnreadableWeightsException(file, "a .weights.h5 of Keras 3",
                    "load it there, model.load_weights('<name>.weights.h5'), and "
                            + SAVE_FROM_KERAS_3 + OR_AS_H5,
                    null);
        }
        if (!kind.hasConfiguration()) {
            throw new UnreadableWeightsException(file, "an HDF5 file without a Keras model configuration (weights only, or not "
                    + "Keras)",
                    SAVE_WITH_KERAS_2, null);
        }
        if (!kind.isWholeKeras2()) {
            throw new UnreadableWeightsException(file, "a file of Keras " + kind.version() + ", and DL4J imports Keras 2",
                    SAVE_FROM_KERAS_3, null);
        }
        try {
            return KerasModelImport.importKerasModelAndWeights(file.toString(), false);
        } catch (Exception e) {
            throw new UnreadableWeightsException(file, "a Keras 2 file that DL4J cannot import (" + reason(e) + ")",
                    "give a plain functional model, or a DL4J zip", e);
        }
    }

    /** The first line of what went wrong: DL4J's messages run on for pages. */
    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("").strip();
    }
}
