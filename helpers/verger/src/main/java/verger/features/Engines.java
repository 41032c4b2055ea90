package verger.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/** The engines of this JVM: one for each model, shared by all tasks. */
final class Engines {

    /** By the name of the model's file, which stands for its content. */
    private static final Map<String, Engine> LOADED = new ConcurrentHashMap<>();
    private static final Map<String, Integer> FIXED_SIZES = new ConcurrentHashMap<>();

    private Engines() {
    }

    /**
     * The engine for a model, loaded at the first call.
     *
     * @param model      name of its file in {@link ModelCache}, under which SparkFiles has it
     * @param localTasks how many tasks this JVM runs at a time in local mode; 0 on a cluster, where its settings say so
     */
    static Engine of(String model, String engine, int localTasks) {
        return LOADED.computeIfAbsent(model, name -> {
            Path file = Path.of(SparkFiles.get(name));
            return load(file, engine, poolSize(localTasks));
        });
    }

    /** The only width and height that a model takes, or 0: the model is loaded to see, at the first call. */
    static int fixedSize(Path model, String engine) {
        return FIXED_SIZES.computeIfAbsent(model.getFileName().toString(), name -> {
            try (Engine loaded = load(model, engine, 1)) {
                return loaded.fixedSize();
            }
        });
    }

    private static Engine load(Path file, String engine, int threads) {
        return engine.equals(ImageFeaturizer.DL4J) ? dl4j(file) : new OnnxEngine(file, threads);
    }

    private static Engine dl4j(Path file) {
        try {
            return new Dl4jEngine(Dl4jModels.load(file), Networks.RESNET50.inputSize());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("DL4J is not on the class path of this executor (" + e.getMessage() + "), which has what "
                    + "ONNX Runtime needs only: set engine=onnx, or spark.jars to DL4J's jars too", e);
        }
    }

    /**
     * The pool that makes tasks × threads = cores: each task brings a thread of its own, the pool counts one of them in and
     * adds what is left of the cores.
     */
    private static int poolSize(int localTasks) {
        SparkConf conf = SparkEnv.get().conf();
        int cores = localTasks > 0
                ? Runtime.getRuntime().availableProcessors()
                : conf.getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors());
        int tasks = localTasks > 0 ? localTasks : Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
        return Math.max(1, cores - tasks + 1);
    }
}
