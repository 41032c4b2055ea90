package verger.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** The engines of this JVM: one for each model file, shared by all tasks. */
final class Engines {

    private static final Map<Path, Engine> LOADED = new ConcurrentHashMap<>();

    private Engines() {
    }

    /**
     * The engine for a model file, loaded at the first call.
     *
     * @param localTasks how many tasks this JVM runs at a time in local mode; 0 on a cluster, where its settings say so
     */
    static Engine of(Path model, String engine, int localTasks) {
        return LOADED.computeIfAbsent(model, file -> engine.equals(ImageFeaturizer.DL4J)
                ? dl4j(file)
                : new OnnxEngine(file, poolSize(localTasks)));
    }

    private static Engine dl4j(Path file) {
        try {
            return new Dl4jEngine(Dl4jModels.load(file), Networks.RESNET50.inputSize());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
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
