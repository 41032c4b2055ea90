package verger.networks.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model in ONNX Runtime on the driver, to see what it makes of a few images before it is sent anywhere. */
final class OnnxTrial implements AutoCloseable {

    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;

    OnnxTrial(Path model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            // What fails here is tried otherwise, or said by an exception.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            session = ENVIRONMENT.createSession(model.toString(), options);
        }
    }

    /** The shapes of all outputs, -1 for a free length; an output that is no tensor is not there. */
    Map<String, long[]> shapes() throws OrtException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (NodeInfo output : session.getOutputInfo().values()) {
            if (output.getInfo() instanceof TensorInfo tensor) {
                shapes.put(output.getName(), tensor.getShape());
            }
        }
        return shapes;
    }

    /**
     * All outputs for a batch of images, a row for each.
     *
     * @param pixels {@code count × 3 × size × size}
     */
    Map<String, float[][]> run(float[] pixels, int count, int size) throws OrtException {
        try (OnnxTensor input = OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(pixels),
                new long[] {count, 3, size, size});
                OrtSession.Result result = session.run(Map.of("pixels", input))) {
            Map<String, float[][]> outputs = new LinkedHashMap<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                outputs.put(output.getKey(), (float[][]) output.getValue().getValue());
            }
            return outputs;
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
