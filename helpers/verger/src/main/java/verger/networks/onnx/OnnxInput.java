package verger.networks.onnx;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import verger.networks.UnusableModelException;

/**
 * The image input of somebody else's model.
 *
 * @param name     of the tensor
 * @param type     of its elements, a number of {@link TensorProto.DataType}
 * @param channels index of the axis with the 3 channels, 1 or 3
 * @param dims     its 4 lengths, 0 for a free one
 */
record OnnxInput(String name, int type, int channels, List<Long> dims) {

    private static final List<Integer> TYPES = List.of(TensorProto.DataType.FLOAT_VALUE, TensorProto.DataType.FLOAT16_VALUE,
            TensorProto.DataType.BFLOAT16_VALUE, TensorProto.DataType.DOUBLE_VALUE, TensorProto.DataType.UINT8_VALUE);
    private static final int DEFAULT_SIZE = 224;

    /**
     * Finds it.
     *
     * @param inputs of the graph, without its weights
     * @param model  as the user named it, for errors
     * @param layout {@code NCHW}, {@code NHWC}, or null: by where the 3 is
     * @throws UnusableModelException unless there is one, and nothing else that must be fed
     */
    static OnnxInput of(List<ValueInfoProto> inputs, String model, String layout) {
        if (inputs.size() != 1 || inputs.get(0).getType().getTensorType().getShape().getDimCount() != 4
                || !TYPES.contains(inputs.get(0).getType().getTensorType().getElemType())) {
            throw new UnusableModelException(model, "it is to have one input, an image of 4 axes (float or uint8), and has "
                    + (inputs.isEmpty() ? "none" : inputs.stream().map(OnnxInput::describe).collect(Collectors.joining(", "))),
                    "export the part of it that takes images", null);
        }
        ValueInfoProto input = inputs.get(0);
        List<Long> dims = dims(input);
        int channels = "NCHW".equals(layout) ? 1 : "NHWC".equals(layout) ? 3 : dims.get(1) == 3 ? 1 : dims.get(3) == 3 ? 3 : 0;
        if (channels == 0 || dims.get(channels) != 3 && dims.get(channels) != 0) {
            throw new UnusableModelException(model, "its input " + describe(input) + " has no axis of 3 channels"
                    + (layout == null ? "" : " where layout=" + layout + " has it"),
                    channels == 0 && dims.stream().skip(1).anyMatch(length -> length == 0)
                            ? "set layout in its card to NCHW or NHWC" : "take one for colour images",
                    null);
        }
        return new OnnxInput(input.getName(), input.getType().getTensorType().getElemType(), channels, dims);
    }

    private static List<Long> dims(ValueInfoProto input) {
        return input.getType().getTensorType().getShape().getDimList().stream()
                .map(d -> d.getValueCase() == Dimension.ValueCase.DIM_VALUE ? Math.max(0, d.getDimValue()) : 0L).toList();
    }

    private static String describe(ValueInfoProto input) {
        TypeProto.Tensor tensor = input.getType().getTensorType();
        TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getElemType());
        return input.getName() + " " + (type == null ? "?" : type.name().toLowerCase(Locale.ROOT)) + dims(input).stream()
                .map(length -> length == 0 ? "?" : length.toString()).collect(Collectors.joining("×", "[", "]"));
    }

    private long spatial(int index) {
        return dims.get(channels == 1 ? 2 + index : 1 + index);
    }

    /** As {@link OnnxOutputs#value} takes it. */
    Object height() {
        return spatial(0) == 0 ? "height" : (Object) spatial(0);
    }

    Object width() {
        return spatial(1) == 0 ? "width" : (Object) spatial(1);
    }

    boolean hasFreeBatch() {
        return dims.get(0) == 0;
    }

    long batch() {
        return dims.get(0);
    }

    /** The first length as the model has it, a number or a name. */
    Object declared() {
        return hasFreeBatch() ? "batch" : (Object) batch();
    }

    /** Whether it takes pixels as they are in a file, 0 … 255. */
    boolean takesBytes() {
        return type == TensorProto.DataType.UINT8_VALUE;
    }

    /**
     * Width and height of the images in pixels.
     *
     * @param wanted by the card, or 0
     * @throws UnusableModelException if the model takes no square images, or not of the size that is wanted
     */
    int size(int wanted, String model) {
        long height = spatial(0);
        long width = spatial(1);
        if (height != 0 && width != 0 && height != width) {
            throw new UnusableModelException(model, "it takes images of " + width + " × " + height
                    + " pixels, and Verger makes squares",
                    "export it for squares, or with free width and height", null);
        }
        long fixed = Math.max(height, width);
        if (fixed != 0 && wanted != 0 && fixed != wanted) {
            throw new UnusableModelException(model, "it takes images of " + fixed + " × " + fixed
                    + " pixels, and its card has inputSize " + wanted,
                    "leave inputSize out of the card", null);
        }
        return fixed != 0 ? Math.toIntExact(fixed) : wanted != 0 ? wanted : DEFAULT_SIZE;
    }

    /** Adds what makes the model's input of {@code pixels}. */
    void addTo(GraphProto.Builder graph) {
        String last = "pixels";
        if (channels == 3) {
            graph.addNode(node("Transpose", last, "verger/nhwc").addAttribute(OnnxOutputs.ints("perm", 0, 2, 3, 1)));
            last = "verger/nhwc";
        }
        if (type == TensorProto.DataType.FLOAT_VALUE) {
            graph.addNode(node("Identity", last, name));
        } else {
            graph.addNode(node("Cast", last, name).addAttribute(AttributeProto.newBuilder().setName("to")
                    .setType(AttributeProto.AttributeType.INT).setI(type)));
        }
    }

    private static NodeProto.Builder node(String op, String input, String output) {
        return NodeProto.newBuilder().setOpType(op).setName("verger/" + op + "/" + output).addInput(input).addOutput(output);
    }
}
