package verger.features;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;
import verger.networks.Networks;
import verger.networks.onnx.OnnxRuntime;
import verger.spark.StageProvenance;

/** Saves a stage as Spark saves its own, and says with it what is known of the network. */
final class StageWriter extends MLWriter {

    private final NetworkStage<?> stage;

    StageWriter(NetworkStage<?> stage) {
        this.stage = stage;
    }

    @Override
    public void saveImpl(String path) {
        DefaultParamsWriter.saveMetadata(stage, path, sc(), Option.apply(StageProvenance.entry(facts())), Option.empty());
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        boolean ownModel = !stage.getModel().isEmpty();
        boolean byName = !ownModel && !stage.getNetwork().equals(Networks.AUTO);
        facts.put("network", ownModel ? stage.getModel()
                : byName ? stage.getNetwork() : "auto: what is found where the stage is loaded (save pinned() to fix it)");
        facts.put("weightsSha256", stage.getWeightsSha256().isEmpty()
                ? "any: what is found where the stage is loaded (save pinned() to fix it)" : stage.getWeightsSha256());
        if (byName) {
            facts.put("source", Networks.named(stage.getNetwork()).source());
            facts.put("licence", Networks.named(stage.getNetwork()).licence());
        }
        facts.put("onnxruntime", OnnxRuntime.version());
        return facts;
    }
}
