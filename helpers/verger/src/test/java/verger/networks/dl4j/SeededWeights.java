package verger.networks.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;

/** Gives exported graphs whose weights were left out the weights that torchvision/make.py gives them. */
public final class SeededWeights {

    private SeededWeights() {
    }

    /** Writes the model of a resource with weights. */
    public static ModelProto fill(String resource, Path file) throws IOException {
        ModelProto model = fill(resource);
        Files.write(file, model.toByteArray());
        return model;
    }

    public static ModelProto fill(String resource) throws IOException {
        ModelProto.Builder model;
        try (InputStream in = SeededWeights.class.getResourceAsStream(resource)) {
            model = ModelProto.parseFrom(in).toBuilder();
        }
        int seed = 0;
        for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
            if (isWeight(tensor)) {
                tensor.setRawData(ByteString.copyFrom(values(tensor, seed)));
            }
            seed++;
        }
        return model.build();
    }

    private static boolean isWeight(TensorProto.Builder tensor) {
        return tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE && size(tensor) > 16;
    }

    private static int size(TensorProto.Builder tensor) {
        return (int) tensor.getDimsList().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }

    private static ByteBuffer values(TensorProto.Builder tensor, int seed) {
        double low = -0.1;
        double high = 0.1;
        if (tensor.getDimsCount() > 1) {
            double inputs = (double) size(tensor) / tensor.getDims(0);
            high = Math.sqrt(6 / inputs) * (tensor.getDimsCount() == 2 ? 0.2 : 1);
            low = -high;
        } else if (tensor.getName().endsWith("running_var")) {
            low = 0.5;
            high = 1.5;
        } else if (tensor.getName().endsWith("weight")) {
            low = 0.4;
            high = 0.9;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size(tensor) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        SplittableRandom random = new SplittableRandom(seed); // Java's is a SplitMix64
        while (bytes.hasRemaining()) {
            bytes.putFloat((float) (low + (high - low) * ((random.nextLong() >>> 40) * 0x1p-24)));
        }
        return bytes.rewind();
    }
}
