package verger.networks.onnx;

import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;

/** Gives tensors of a graph other names where theirs are to be those of its inputs and outputs. */
final class OnnxNames {

    /** No exporter's own: Keras, for one, has a scope called model. */
    private static final String PREFIX = "verger/moved/";

    private OnnxNames() {
    }

    /** The model with other names for the tensors that have one of those. */
    static ModelProto moved(ModelProto model, Set<String> reserved) {
        return model.toBuilder().setGraph(moved(model.getGraph(), reserved)).build();
    }

    /** What a tensor is called in the model now. */
    static String inner(String name, Set<String> reserved) {
        return reserved.contains(name) ? PREFIX + name : name;
    }

    /** What a tensor was called before. */
    static String original(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    private static GraphProto moved(GraphProto graph, Set<String> reserved) {
        GraphProto.Builder moved = graph.toBuilder();
        moved.getInputBuilderList().forEach(value -> value.setName(inner(value.getName(), reserved)));
        moved.getOutputBuilderList().forEach(value -> value.setName(inner(value.getName(), reserved)));
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            String name = graph.getInitializer(i).getName();
            if (reserved.contains(name)) {
                moved.getInitializerBuilder(i).setName(inner(name, reserved));
            }
        }
        for (int i = 0; i < graph.getNodeCount(); i++) {
            moved.setNode(i, moved(graph.getNode(i), reserved));
        }
        return moved.build();
    }

    private static NodeProto moved(NodeProto node, Set<String> reserved) {
        NodeProto.Builder moved = node.toBuilder().clearInput().clearOutput();
        node.getInputList().forEach(name -> moved.addInput(inner(name, reserved)));
        node.getOutputList().forEach(name -> moved.addOutput(inner(name, reserved)));
        for (AttributeProto.Builder attribute : moved.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                attribute.setG(moved(attribute.getG(), reserved));
            }
            for (int i = 0; i < attribute.getGraphsCount(); i++) {
                attribute.setGraphs(i, moved(attribute.getGraphs(i), reserved));
            }
        }
        return moved.build();
    }
}
