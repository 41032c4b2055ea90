package verger.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import verger.networks.Engine;
import verger.networks.ModelFacts;
import verger.networks.EngineKind;
import verger.networks.NetworkChoice;
import verger.networks.dl4j.Dl4jEngine;
import verger.networks.onnx.OnnxEngine;

/** The engines of this JVM: one for each model, shared by all tasks. */
final class Engines {

    /** By the name of the model's file, which stands for its content. */
    private static final Map<String, Engine> LOADED = new ConcurrentHashMap<>();
    private static final Map<String, ModelFacts> FACTS = new ConcurrentHashMap<>();

    private Engines() {
    }

    /** The engine for a model that this JVM was sent, loaded at the first call. */
    static Engine of(SentModel model) {
        return LOADED.computeIfAbsent(model.file(),
                name -> load(Path.of(SparkFiles.get(name)), model.engine(), model.inputSize(), poolSize(model.localTasks())));
    }

    /** What is known of a model on this machine: it is loaded to see, at the first call. */
    static ModelFacts facts(NetworkChoice choice) {
        Path model = Path.of(choice.model());
        return FACTS.computeIfAbsent(model.getFileName().toString(), name -> {
            try (Engine loaded = load(model, choice.engine(), choice.network().inputSize(), 1)) {
                return new ModelFacts(loaded.fixedSize(), loaded.classCount());
            }
        });
    }

    private static Engine load(Path file, String engine, int inputSize, int threads) {
        return engine.equals(EngineKind.DL4J) ? dl4j(file, inputSize) : onnx(file, threads);
    }

    /** Whatever the processor and the library of this machine are, they have to compute what was computed at the conversion. */
    private static Engine onnx(Path file, int threads) {
        OnnxEngine engine = new OnnxEngine(file, threads);
        try {
            engine.requireGoldenFeatures(file.getFileName().toString());
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private static Engine dl4j(Path file, int inputSize) {
        try {
            return Dl4jEngine.load(file, inputSize);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("DL4J is not on the class path of this executor (" + e.getMessage()
                    + "), which has what ONNX Runtime needs only: set engine=onnx, or spark.jars to DL4J's jars too", e);
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
