package verger.networks.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/**
 * Opens a graph that was exported for a fixed number of images to any: its Reshape nodes have that number written in their
 * shapes, as what torch.onnx makes of {@code x.reshape(x.size(0), -1)}.
 */
final class FreeBatch {

    private final OnnxModel graph;
    private final long batch;

    FreeBatch(OnnxModel graph, long batch) {
        this.graph = graph;
        this.batch = batch;
    }

    /** The node, or for a Reshape to a fixed number of rows one before it with the open shape, and it. */
    List<NodeProto> opened(NodeProto node) {
        long[] shape = node.getOpType().equals("Reshape") ? longs(graph.constant(node.getInput(1))) : null;
        if (shape == null || shape.length < 2 || shape[0] != batch) {
            return List.of(node);
        }
        // 0: as many as the input has; -1: what is left.
        shape[0] = Arrays.stream(shape).anyMatch(length -> length == -1) ? 0 : -1;
        String name = "verger/shape/" + node.getOutput(0);
        TensorProto.Builder open = TensorProto.newBuilder().setDataType(TensorProto.DataType.INT64_VALUE).addDims(shape.length);
        Arrays.stream(shape).forEach(open::addInt64Data);
        NodeProto constant = NodeProto.newBuilder().setOpType("Constant").setName(name).addOutput(name)
                .addAttribute(AttributeProto.newBuilder().setName("value").setType(AttributeProto.AttributeType.TENSOR)
                        .setT(open))
                .build();
        return List.of(constant, node.toBuilder().setInput(1, name).build());
    }

    /** The numbers of a constant, or null where it is no row of whole ones. */
    private static long[] longs(TensorProto tensor) {
        if (tensor == null || tensor.getDataType() != TensorProto.DataType.INT64_VALUE || tensor.getDimsCount() != 1) {
            return null;
        }
        if (tensor.getRawData().isEmpty()) {
            return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
        }
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long[] values = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(values);
        return values;
    }
}
