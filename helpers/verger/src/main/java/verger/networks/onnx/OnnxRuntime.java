package verger.networks.onnx;

import ai.onnxruntime.OrtSession;

/** Tells of ONNX Runtime what can be known without loading its native library. */
public final class OnnxRuntime {

    private OnnxRuntime() {
    }

    /** Its version as its jar says, such as {@code 1.28.0}. */
    public static String version() {
        return OrtSession.class.getPackage().getImplementationVersion();
    }
}
