package verger.networks.onnx;

import java.util.Arrays;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import verger.networks.Output;

/** Adds the outputs {@code features} and {@code probabilities} to a graph. */
final class OnnxOutputs {

    private final GraphProto.Builder graph;

    OnnxOutputs(GraphProto.Builder graph) {
        this.graph = graph;
    }

    /**
     * Makes the features of a tensor.
     *
     * @param shape of the tensor, -1 for a free length
     * @return how, in words that follow its name
     */
    String features(String tensor, long[] shape) {
        String name = Output.FEATURES.tensor();
        graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        String last = floats(tensor, name);
        if (shape.length == 2) {
            add("Identity", last, name);
            return "";
        }
        if (shape.length != 4) {
            flatten(last, name);
            return ", in a row";
        }
        // Images are squares: the two equal lengths are height and width, both free maybe.
        if (shape[1] == shape[2] && shape[2] != shape[3]) {
            add("Transpose", last, "verger/nchw").addAttribute(ints("perm", 0, 3, 1, 2));
            last = "verger/nchw";
        }
        add("GlobalAveragePool", last, "verger/average");
        flatten("verger/average", name);
        return ", averaged over its map";
    }

    /** Makes the probabilities of a tensor that ends in a function. */
    void probabilities(String tensor, long[] shape, OnnxModel.Ending ending) {
        String name = Output.PROBABILITIES.tensor();
        graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        String row = floats(tensor, name);
        if (shape.length != 2) {
            flatten(row, "verger/classes");
            row = "verger/classes";
        }
        switch (ending) {
            case NONE -> add("Softmax", row, name).addAttribute(one("axis", 1));
            case LOG_SOFTMAX -> add("Exp", row, name);
            default -> add("Identity", row, name);
        }
    }

    /** Cast even where it is of floats already, which costs nothing. */
    private String floats(String tensor, String output) {
        add("Cast", tensor, "verger/" + output).addAttribute(one("to", TensorProto.DataType.FLOAT_VALUE));
        return "verger/" + output;
    }

    private void flatten(String input, String output) {
        add("Flatten", input, output).addAttribute(one("axis", 1));
    }

    /** Gives the two outputs their shapes. */
    void declare(Object batch, long features, long classes) {
        graph.clearOutput().addOutput(value(Output.FEATURES.tensor(), batch, features));
        if (classes > 0) {
            graph.addOutput(value(Output.PROBABILITIES.tensor(), batch, classes));
        }
    }

    private NodeProto.Builder add(String op, String input, String output) {
        return graph.addNodeBuilder().setOpType(op).setName("verger/" + op + "/" + output).addInput(input).addOutput(output);
    }

    private static AttributeProto one(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
    }

    static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    /** A tensor of floats; its shape: a Number for a fixed length, a String that names a free one. */
    static ValueInfoProto value(String name, Object... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            if (dim instanceof Number n) {
                shape.addDimBuilder().setDimValue(n.longValue());
            } else {
                shape.addDimBuilder().setDimParam((String) dim);
            }
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape)))
                .build();
    }
}
