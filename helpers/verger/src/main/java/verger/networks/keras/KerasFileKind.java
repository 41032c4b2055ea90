package verger.networks.keras;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import verger.networks.UnreadableWeightsException;

/**
 * What kind of HDF5 file Keras wrote.
 *
 * @param hasConfiguration whether it holds the architecture, not weights only
 * @param version          of Keras, or unknown
 * @param isKeras3Weights  whether it is what {@code save_weights} of Keras 3 writes, whose layers are numbered through
 */
public record KerasFileKind(boolean hasConfiguration, String version, boolean isKeras3Weights) {

    /** @throws UnreadableWeightsException if it is no HDF5 file that can be read */
    public static KerasFileKind of(Path file) {
        // The HDF5 library is not thread-safe; this is the lock DL4J itself takes.
        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
                List<String> groups = archive.getGroups();
                return new KerasFileKind(
                        archive.hasAttribute("model_config"),
                        archive.hasAttribute("keras_version") ? archive.readAttributeAsString("keras_version") : "unknown",
                        !archive.hasAttribute("layer_names")
                                && (groups.contains("layers") || groups.contains("_layer_checkpoint_dependencies")));
            } catch (Exception e) {
                throw new UnreadableWeightsException(file, "an HDF5 file that is cut short or damaged",
                        "copy or download it again", e);
            }
        }
    }

    public boolean isWholeKeras2() {
        return hasConfiguration && version.startsWith("2.");
    }
}
