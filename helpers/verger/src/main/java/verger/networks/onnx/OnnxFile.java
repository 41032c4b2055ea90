package verger.networks.onnx;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;
import org.nd4j.shade.protobuf.UnsafeByteOperations;
import verger.networks.UnusableModelException;

/** Reads an ONNX file with the files of weights beside it, and writes it as one file; fields unknown here are kept. */
public final class OnnxFile {

    private static final String AS_ONE_FILE = "save it as one file of less than 2 GB, as onnx.save(onnx.load('model.onnx'), "
            + "'one.onnx') does";

    private final ModelProto model;

    private OnnxFile(ModelProto model) {
        this.model = model;
    }

    /** A model that is in memory already, whole. */
    static OnnxFile of(ModelProto model) {
        return new OnnxFile(model);
    }

    ModelProto model() {
        return model;
    }

    /** Gives the files beside the model. */
    public interface Siblings {

        /** @throws IOException with a few words on why there is none */
        Path named(String name) throws IOException;
    }

    /**
     * Reads a model.
     *
     * @param name     as the user named it, for errors
     * @param siblings for weights that are not in the file itself
     * @throws UnusableModelException if it is no ONNX model, too large, or its weights are missing
     */
    public static OnnxFile read(Path file, String name, Siblings siblings) throws IOException {
        ModelProto model = parse(file, name);
        if (model.getGraph().getInitializerList().stream().noneMatch(OnnxFile::isOutside)) {
            return of(model);
        }
        Map<String, Path> files = new HashMap<>();
        ModelProto.Builder whole = model.toBuilder();
        long total = 0;
        for (TensorProto.Builder tensor : whole.getGraphBuilder().getInitializerBuilderList()) {
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                total += takeIn(tensor, files, name, siblings);
                if (total > Integer.MAX_VALUE - (1 << 24)) {
                    throw new UnusableModelException(name, "its weights have more than 2 GB, the most that an ONNX file holds",
                            "take a smaller one", null);
                }
            }
        }
        return of(whole.build());
    }

    private static ModelProto parse(Path file, String name) throws IOException {
        if (Files.size(file) > Integer.MAX_VALUE) {
            throw new UnusableModelException(name, "it has " + Files.size(file) + " bytes, and an ONNX file 2 GB at most",
                    AS_ONE_FILE, null);
        }
        ModelProto model;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            CodedInputStream coded = CodedInputStream.newInstance(in);
            coded.setSizeLimit(Integer.MAX_VALUE);
            model = ModelProto.parseFrom(coded);
        } catch (InvalidProtocolBufferException e) {
            throw none(name, e);
        }
        if (model.getGraph().getNodeCount() == 0) {
            throw none(name, null);
        }
        return model;
    }

    private static UnusableModelException none(String name, Exception cause) {
        return new UnusableModelException(name, "it is no ONNX model, or cut short",
                "export it with torch.onnx.export, tf2onnx, or in Keras model.export(\"x.onnx\", format=\"onnx\")", cause);
    }

    private static boolean isOutside(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    private static long takeIn(TensorProto.Builder tensor, Map<String, Path> files, String name, Siblings siblings)
            throws IOException {
        Map<String, String> where = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            where.put(entry.getKey(), entry.getValue());
        }
        String location = where.getOrDefault("location", "");
        // As the ONNX specification has it; anything else could name any file of the driver's.
        if (location.isBlank() || location.startsWith("/") || location.contains("..") || location.contains(":")) {
            throw new UnusableModelException(name, "its weights are in '" + location + "', which is not beside it", AS_ONE_FILE,
                    null);
        }
        try {
            Path file = files.get(location);
            if (file == null) {
                file = siblings.named(location);
                files.put(location, file);
            }
            try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "r")) {
                long offset = Long.parseLong(where.getOrDefault("offset", "0"));
                long length = where.containsKey("length") ? Long.parseLong(where.get("length")) : data.length() - offset;
                if (offset < 0 || length < 0 || length > data.length() - offset) {
                    throw new IOException("it is cut short");
                }
                byte[] bytes = new byte[Math.toIntExact(length)];
                data.seek(offset);
                data.readFully(bytes);
                tensor.setRawData(UnsafeByteOperations.unsafeWrap(bytes)).clearExternalData().clearDataLocation();
                return length;
            }
        } catch (IOException | RuntimeException e) {
            throw new UnusableModelException(name, "its weights are in " + location + " beside it, which cannot be read ("
                    + e.getMessage() + ")",
                    "bring that file, too, or " + AS_ONE_FILE, e);
        }
    }

    static void write(ModelProto model, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            model.writeTo(out);
        }
    }
}
