package verger.networks.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import verger.networks.Engine;
import verger.networks.Output;

/** Runs a network in ONNX Runtime; tasks may call it at the same time. */
public final class OnnxEngine implements Engine {

    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;
    /** Whether the model is one that could not be opened to several images, see {@link OnnxAdapter}. */
    private final boolean oneAtATime;

    /**
     * @param model   an ONNX file with input {@code pixels}, output {@code features} and, if it has a classifier,
     *                {@code probabilities}
     * @param threads size of the pool that helps the calling threads, the caller counted in
     * @throws IllegalArgumentException if ONNX Runtime refuses the model
     */
    public OnnxEngine(Path model, int threads) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Its warnings are of constants that an exporter left over, a line for each.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            // Idle threads that spin would take the cores from the tasks that decode.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = ENVIRONMENT.createSession(model.toString(), options);
            oneAtATime = fixed(session.getInputInfo().get("pixels"), 0) == 1;
        } catch (OrtException e) {
            throw new IllegalArgumentException("ONNX Runtime cannot load " + model + ": " + e.getMessage(), e);
        }
    }

    /**
     * Computes the features that the model carries, and compares: for the first use on a machine.
     *
     * @throws IllegalStateException if this machine computes others; a model without any is taken as it is
     */
    public void requireGoldenFeatures(String model) {
        GoldenFeatures golden;
        try {
            golden = GoldenFeatures.of(session.getMetadata().getCustomMetadata());
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
        if (golden != null) {
            golden.requireSame(this, model);
        }
    }

    @Override
    public float[][] run(Output output, FloatBuffer pixels, int count, int size) {
        if (count == 1 || !oneAtATime) {
            return runBatch(output, pixels, count, size);
        }
        float[][] rows = new float[count][];
        int image = pixels.remaining() / count;
        for (int i = 0; i < count; i++) {
            rows[i] = runBatch(output, pixels.slice(pixels.position() + i * image, image), 1, size)[0];
        }
        return rows;
    }

    private float[][] runBatch(Output output, FloatBuffer pixels, int count, int size) {
        try (OnnxTensor input = OnnxTensor.createTensor(ENVIRONMENT, pixels, new long[] {count, 3, size, size});
                OrtSession.Result result = session.run(Map.of("pixels", input), Set.of(output.tensor()))) {
            return (float[][]) result.get(0).getValue();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed on " + count + " images of " + size + " × " + size
                    + " pixels: " + e.getMessage(), e);
        }
    }

    @Override
    public int fixedSize() {
        try {
            return fixed(session.getInputInfo().get("pixels"), 2);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int classCount() {
        try {
            NodeInfo probabilities = session.getOutputInfo().get(Output.PROBABILITIES.tensor());
            return probabilities == null ? 0 : fixed(probabilities, 1);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The length of a tensor along an axis, or 0 where the model leaves it free. */
    private static int fixed(NodeInfo tensor, int axis) {
        return (int) Math.max(0, ((TensorInfo) tensor.getInfo()).getShape()[axis]);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
