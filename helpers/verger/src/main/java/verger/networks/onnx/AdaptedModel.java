package verger.networks.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@link OnnxAdapter} found out about a model; the adapted file carries it.
 *
 * @param inputSize    width and height in pixels of the images
 * @param takesBytes   whether the model takes pixels as they are, 0 … 255
 * @param featureLayer the tensor that features are made of, and how
 * @param featureSize  number of features of an image
 * @param classCount   number of classes, or 0 where it has no classifier
 */
public record AdaptedModel(int inputSize, boolean takesBytes, String featureLayer, int featureSize, int classCount) {

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("verger.inputSize", Integer.toString(inputSize));
        properties.put("verger.takesBytes", Boolean.toString(takesBytes));
        properties.put("verger.featureLayer", featureLayer);
        properties.put("verger.featureSize", Integer.toString(featureSize));
        properties.put("verger.classCount", Integer.toString(classCount));
        return properties;
    }

    /** Reads it back from an adapted file. */
    public static AdaptedModel of(Path file) throws IOException {
        Map<String, String> properties = new HashMap<>();
        OnnxFile.read(file, file.toString(), name -> null).model().getMetadataPropsList()
                .forEach(p -> properties.put(p.getKey(), p.getValue()));
        return new AdaptedModel(Integer.parseInt(properties.get("verger.inputSize")),
                Boolean.parseBoolean(properties.get("verger.takesBytes")),
                properties.get("verger.featureLayer"), Integer.parseInt(properties.get("verger.featureSize")),
                Integer.parseInt(properties.get("verger.classCount")));
    }
}
