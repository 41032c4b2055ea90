package verger.networks.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;

/** Tells of ONNX Runtime what can be known without loading its native library. */
public final class OnnxRuntime {

    private OnnxRuntime() {
    }

    /**
     * Loads its native library, and returns the version of that.
     *
     * @throws LinkageError          if it does not load here
     * @throws IllegalStateException likewise
     */
    public static String load() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /** Its version as its jar says, such as {@code 1.28.0}. */
    public static String version() {
        return OrtSession.class.getPackage().getImplementationVersion();
    }
}
