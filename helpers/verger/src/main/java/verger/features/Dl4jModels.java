package verger.features;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.util.ModelSerializer;

/** Loads a network with its weights from a DL4J zip or a Keras 2 {@code .h5} file. */
final class Dl4jModels {

    private static final String ACCEPTED = "give a DL4J zip (ModelSerializer) or a Keras 2 .h5 (model.save)";
    private static final String SAVE_WITH_KERAS_2 =
            "save the whole model with TensorFlow 2.15 or older: model.save('<name>.h5')";

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    private Dl4jModels() {
    }

    /**
     * Loads a network with the configuration that its own file carries.
     *
     * @param file a DL4J zip as ModelSerializer writes it, or a Keras 2 {@code .h5} that holds configuration and weights
     * @return the network; a Keras file gives one in NHWC order
     * @throws UnreadableWeightsException if the file is anything else, or damaged
     * @throws IOException                if the file cannot be read at all
     */
    static ComputationGraph load(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HDF5.length);
        }
        if (startsWith(head, ZIP)) {
            return loadZip(file);
        }
        if (startsWith(head, HDF5)) {
            return loadKeras(file);
        }
        throw new UnreadableWeightsException(file, head.length == 0 ? "empty" : "neither a zip nor an HDF5 file", ACCEPTED, null);
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static ComputationGraph loadZip(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry("model.weights.h5") != null) {
                throw new UnreadableWeightsException(file, "a .keras file", SAVE_WITH_KERAS_2, null);
            }
            if (zip.getEntry(ModelSerializer.CONFIGURATION_JSON) == null || zip.getEntry(ModelSerializer.COEFFICIENTS_BIN) == null) {
                throw new UnreadableWeightsException(file, "a zip without a DL4J model in it", ACCEPTED, null);
            }
        } catch (ZipException e) {
            throw new UnreadableWeightsException(file, "a zip that is cut short or damaged", "copy or download it again", e);
        }
        try {
            return ModelSerializer.restoreComputationGraph(file.toFile(), false);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableWeightsException(file,
                    "a zip that DL4J cannot restore a ComputationGraph from (" + reason(e) + ")", ACCEPTED, e);
        }
    }

    private static ComputationGraph loadKeras(Path file) {
        requireKeras2(file);
        try {
            return KerasModelImport.importKerasModelAndWeights(file.toString(), false);
        } catch (Exception e) {
            throw new UnreadableWeightsException(file, "a Keras 2 file that DL4J cannot import (" + reason(e) + ")",
                    "give a plain functional model, or a DL4J zip", e);
        }
    }

    private static void requireKeras2(Path file) {
        String version;
        // The HDF5 library is not thread-safe; this is the lock DL4J itself takes.
        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
                if (!archive.hasAttribute("model_config")) {
                    throw new UnreadableWeightsException(file, "an HDF5 file without a Keras model configuration"
                            + " (weights only, or not Keras)", SAVE_WITH_KERAS_2, null);
                }
                version = archive.hasAttribute("keras_version") ? archive.readAttributeAsString("keras_version") : "unknown";
            } catch (UnreadableWeightsException e) {
                throw e;
            } catch (Exception e) {
                throw new UnreadableWeightsException(file, "an HDF5 file that is cut short or damaged",
                        "copy or download it again", e);
            }
        }
        if (!version.startsWith("2.")) {
            throw new UnreadableWeightsException(file, "a file of Keras " + version + ", and DL4J imports Keras 2",
                    SAVE_WITH_KERAS_2, null);
        }
    }

    /** The first line of what went wrong: DL4J's messages run on for pages. */
    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("").strip();
    }
}
