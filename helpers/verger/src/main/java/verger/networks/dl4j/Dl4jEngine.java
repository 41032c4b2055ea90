package verger.networks.dl4j;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.Engine;
import verger.networks.Output;

/**
 * Runs a network by DL4J itself, about ten times slower than ONNX Runtime: the reference, and the way for networks that
 * cannot be exported.
 */
public final class Dl4jEngine implements Engine {

    private final ComputationGraph graph;
    private final CNN2DFormat format;
    private final FeatureTap tap;
    private final int fixedSize;
    private final int classCount;

    /**
     * A graph is not safe to share between threads, and each thread that runs it keeps hundreds of megabytes of ND4J
     * workspaces for as long as it lives: one thread serves all tasks.
     */
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread t = new Thread(task, "verger-dl4j");
        t.setDaemon(true);
        return t;
    });

    /**
     * @param graph     the network, which the engine closes when it has taken its parameters
     * @param inputSize width and height in pixels of the images that it was trained on
     * @throws IllegalArgumentException if the network has several inputs or outputs
     */
    public Dl4jEngine(ComputationGraph graph, int inputSize) {
        GraphView view = new GraphView(graph.getConfiguration(), inputSize);
        this.format = view.format;
        this.tap = FeatureTap.of(view);
        this.fixedSize = view.isTiedToSize() ? inputSize : 0;
        this.classCount = view.endsInProbabilities(tap.classifier()) ? (int) view.channels(view.output()) : 0;
        this.graph = part(view.upTo(tap.vertex(), classCount > 0), graph);
        graph.close();
    }

    /**
     * The engine for a network that its own file describes.
     *
     * @param inputSize width and height in pixels of the images that it was trained on
     */
    public static Dl4jEngine load(Path file, int inputSize) throws IOException {
        return new Dl4jEngine(Dl4jModels.load(file), inputSize);
    }

    private static ComputationGraph part(ComputationGraphConfiguration conf, ComputationGraph graph) {
        ComputationGraph part = new ComputationGraph(conf);
        part.init();
        part.paramTable().forEach((name, parameter) -> parameter.assign(graph.getParam(name)));
        return part;
    }

    @Override
    public float[][] run(Output output, FloatBuffer pixels, int count, int size) {
        float[] array = new float[pixels.remaining()];
        pixels.duplicate().get(array);
        try {
            return thread.submit(() -> run(output, array, count, size)).get();
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("The DL4J engine is closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while DL4J computed " + output.tensor() + " of " + count + " images",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("DL4J cannot compute " + output.tensor() + " of " + count + " images of " + size
                    + "×" + size
                    + " pixels: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private float[][] run(Output output, float[] pixels, int count, int size) {
        try (INDArray nchw = Nd4j.create(pixels, new long[] {count, 3, size, size}, 'c');
                INDArray input = format == CNN2DFormat.NHWC ? nchw.permute(0, 2, 3, 1).dup('c') : nchw.dup()) {
            INDArray[] outputs = graph.output(false, input);
            try (INDArray rows = (output == Output.FEATURES ? rows(outputs[0], count) : outputs[1]).dup()) {
                return rows.toFloatMatrix();
            } finally {
                for (INDArray activations : outputs) {
                    activations.close();
                }
            }
        }
    }

    private INDArray rows(INDArray activations, int count) {
        int[] heightAndWidth = format == CNN2DFormat.NHWC ? new int[] {1, 2} : new int[] {2, 3};
        return switch (tap.reduction()) {
            case NONE -> activations;
            case FLATTEN -> tap.flatten().preProcess(activations, count, LayerWorkspaceMgr.noWorkspaces());
            case MEAN -> activations.mean(heightAndWidth);
            case MAX -> activations.max(heightAndWidth);
        };
    }

    @Override
    public int fixedSize() {
        return fixedSize;
    }

    @Override
    public int classCount() {
        return classCount;
    }

    @Override
    public void close() {
        if (!thread.isShutdown()) {
            thread.execute(graph::close);
            thread.shutdown();
        }
    }
}
