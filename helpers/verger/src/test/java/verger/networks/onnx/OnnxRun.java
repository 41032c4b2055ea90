package verger.networks.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs an ONNX file on ONNX Runtime. */
public final class OnnxRun {

    private OnnxRun() {
    }

    /** All outputs by name, for a batch of square images in NCHW order. */
    public static Map<String, float[][]> of(Path model, float[] pixels, int count, int size) throws OrtException {
        OrtEnvironment env = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = env.createSession(model.toString(), options);
                    OnnxTensor input =
                            OnnxTensor.createTensor(env, FloatBuffer.wrap(pixels), new long[] {count, 3, size, size});
                    OrtSession.Result result = session.run(Map.of("pixels", input))) {
                Map<String, float[][]> outputs = new HashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), (float[][]) output.getValue().getValue());
                }
                return outputs;
            }
        }
    }
}
