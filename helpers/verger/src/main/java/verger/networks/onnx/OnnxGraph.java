package verger.networks.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import onnx.Onnx;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * Collects the nodes of an ONNX graph and writes it.
 *
 * <p>The protobuf classes are those that nd4j-api carries in a package of their own: the class path of a Spark job has a
 * protobuf of Hadoop's choice.
 */
public final class OnnxGraph {

    /** ONNX 1.8's operator set: the oldest with everything used here, and read by every ONNX Runtime since 1.6. */
    private static final int OPSET = 13;
    /** The file format that goes with {@link #OPSET}. */
    private static final int IR_VERSION = 7;

    private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder();
    private int constants;

    public OnnxGraph(String name) {
        graph.setName(name);
    }

    /**
     * Adds an input of floats.
     *
     * @param dims its shape: a Number for a fixed length, a String that names a free one
     */
    public void input(String name, Object... dims) {
        graph.addInput(value(name, dims));
    }

    /** Gives a result the name of an output; its shape as in {@link #input}. */
    public void output(String name, String result, Object... dims) {
        graph.addOutput(value(name, dims));
        add("Identity", name, result);
    }

    private static Onnx.ValueInfoProto value(String name, Object... dims) {
        Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            Onnx.TensorShapeProto.Dimension.Builder d = shape.addDimBuilder();
            if (dim instanceof Number n) {
                d.setDimValue(n.longValue());
            } else {
                d.setDimParam((String) dim);
            }
        }
        return Onnx.ValueInfoProto.newBuilder().setName(name)
                .setType(Onnx.TypeProto.newBuilder().setTensorType(Onnx.TypeProto.Tensor.newBuilder()
                        .setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE).setShape(shape)))
                .build();
    }

    /** Adds a constant and returns its name. */
    public String constant(float[] values, long... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(bytes, Onnx.TensorProto.DataType.FLOAT_VALUE, dims);
    }

    /** Adds a vector of integers and returns its name. */
    public String constant(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(bytes, Onnx.TensorProto.DataType.INT64_VALUE, values.length);
    }

    private String constant(ByteBuffer bytes, int type, long... dims) {
        String name = "constant_" + constants++;
        Onnx.TensorProto.Builder tensor = graph.addInitializerBuilder().setName(name).setDataType(type)
                .setRawData(UnsafeByteOperations.unsafeWrap(bytes));
        Arrays.stream(dims).forEach(tensor::addDims);
        return name;
    }

    /**
     * Adds a node with one output.
     *
     * @param op     the ONNX operator
     * @param name   a name that no other node has; what {@link Node#output()} returns differs from it
     * @param inputs what other nodes and constants returned, or the name of an input
     */
    public Node node(String op, String name, String... inputs) {
        // A layer may be called features or constant_1.
        return add(op, "/" + name, inputs);
    }

    private Node add(String op, String output, String... inputs) {
        return new Node(graph.addNodeBuilder().setOpType(op).setName(output).addOutput(output)
                .addAllInput(Arrays.asList(inputs)), output);
    }

    /** A node that takes attributes, and what its result is called. */
    public record Node(Onnx.NodeProto.Builder proto, String output) {

        public Node with(String attribute, long... values) {
            Onnx.AttributeProto.Builder a = proto.addAttributeBuilder().setName(attribute)
                    .setType(Onnx.AttributeProto.AttributeType.INTS);
            Arrays.stream(values).forEach(a::addInts);
            return this;
        }

        public Node with(String attribute, int... values) {
            return with(attribute, Arrays.stream(values).asLongStream().toArray());
        }

        public Node withOne(String attribute, long value) {
            proto.addAttributeBuilder().setName(attribute).setType(Onnx.AttributeProto.AttributeType.INT).setI(value);
            return this;
        }

        public Node withOne(String attribute, float value) {
            proto.addAttributeBuilder().setName(attribute).setType(Onnx.AttributeProto.AttributeType.FLOAT).setF(value);
            return this;
        }

        public Node withOne(String attribute, String value) {
            proto.addAttributeBuilder().setName(attribute).setType(Onnx.AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(value));
            return this;
        }
    }

    /** Writes the model, over a file that is already there. */
    public void write(Path file, String producerVersion) throws IOException {
        Onnx.ModelProto model = Onnx.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("verger")
                .setProducerVersion(producerVersion)
                .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph)
                .build();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            model.writeTo(out);
        }
    }
}
