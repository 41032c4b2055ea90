package verger.features;

import java.io.Serializable;
import java.nio.file.Path;
import org.apache.spark.SparkContext;
import scala.runtime.AbstractFunction1;
import verger.networks.Engine;
import verger.networks.EngineKind;
import verger.networks.NetworkChoice;
import verger.networks.weights.ModelCache;

/**
 * A model that was sent to all executors.
 *
 * @param file       the name under which SparkFiles has it, and which stands for its content
 * @param engine     {@code onnx} or {@code dl4j}
 * @param inputSize  width and height in pixels of the images that it was trained on
 * @param localTasks how many tasks this JVM runs at a time in local mode; 0 on a cluster, where its settings say so
 */
record SentModel(String file, String engine, int inputSize, int localTasks) implements Serializable {

    /** Sends a file of {@link ModelCache} to all executors, once however often it is asked for, and DL4J where it is needed. */
    static SentModel send(NetworkChoice choice, SparkContext context) {
        if (choice.engine().equals(EngineKind.DL4J)) {
            Dl4jJars.send(context);
        }
        Path path = Path.of(choice.model());
        String name = path.getFileName().toString();
        boolean sent = context.listFiles().exists(new AbstractFunction1<String, Object>() {
            @Override
            public Object apply(String uri) {
                return uri.endsWith("/" + name);
            }
        });
        if (!sent) {
            context.addFile(path.toUri().toString());
        }
        int localTasks = context.isLocal() ? context.defaultParallelism() : 0;
        return new SentModel(name, choice.engine(), choice.network().inputSize(), localTasks);
    }

    /** What runs it in this JVM, loaded at the first call. */
    Engine load() {
        return Engines.of(this);
    }
}
