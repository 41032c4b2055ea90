package verger.networks.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import verger.networks.Engine;
import verger.networks.Output;

/**
 * The features of one fixed input, which a converted model carries: each machine computes them at its first use and compares,
 * so that a processor or a library that computes something else is noticed before it has made a table of it.
 *
 * @param size     width and height of the input in pixels
 * @param bytes    whether the model takes pixels as they are, 0 … 255
 * @param features what the machine that converted the model computed
 */
public record GoldenFeatures(int size, boolean bytes, float[] features) {

    /** Of the length of the vector: float sums in another order differ by 1e-6, other numbers by far more. */
    static final double TOLERANCE = 1e-3;

    private static final String SIZE = "verger.golden.size";
    private static final String BYTES = "verger.golden.bytes";
    private static final String FEATURES = "verger.golden.features";

    /** What an engine computes; {@code size} is the network's own. */
    public static GoldenFeatures of(Engine engine, int size) {
        return of(engine, size, false);
    }

    static GoldenFeatures of(Engine engine, int size, boolean bytes) {
        return new GoldenFeatures(size, bytes, compute(engine, size, bytes));
    }

    /** What ONNX Runtime computes here, put into the file: for models that nothing else here can run. */
    public static void appendOwn(Path onnx, int size) throws IOException {
        appendOwn(onnx, size, false);
    }

    static void appendOwn(Path onnx, int size, boolean bytes) throws IOException {
        GoldenFeatures golden;
        try (OnnxEngine engine = new OnnxEngine(onnx, 1)) {
            golden = of(engine, size, bytes);
        }
        golden.append(onnx);
    }

    /**
     * Puts them into an ONNX file, unless they are no numbers: a network that gives none of this input may be right for others.
     *
     * <p>Two messages of protobuf one after the other are one message with what both have.
     */
    public void append(Path onnx) throws IOException {
        for (float feature : features) {
            if (!Float.isFinite(feature)) {
                return;
            }
        }
        ByteBuffer numbers = ByteBuffer.allocate(features.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asFloatBuffer().put(features);
        ModelProto properties = ModelProto.newBuilder()
                .addMetadataProps(property(SIZE, Integer.toString(size)))
                .addMetadataProps(property(BYTES, Boolean.toString(bytes)))
                .addMetadataProps(property(FEATURES, Base64.getEncoder().encodeToString(numbers.array()))).build();
        try (OutputStream out = Files.newOutputStream(onnx, StandardOpenOption.APPEND)) {
            properties.writeTo(out);
        }
    }

    private static StringStringEntryProto property(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** Those of a model's properties, or null where it has none. */
    static GoldenFeatures of(Map<String, String> properties) {
        if (!properties.containsKey(FEATURES)) {
            return null;
        }
        FloatBuffer numbers = ByteBuffer.wrap(Base64.getDecoder().decode(properties.get(FEATURES)))
                .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] features = new float[numbers.remaining()];
        numbers.get(features);
        return new GoldenFeatures(Integer.parseInt(properties.get(SIZE)), Boolean.parseBoolean(properties.get(BYTES)),
                features);
    }

    /**
     * Compares with what an engine computes on this machine.
     *
     * @param model name of the model, for the error
     * @throws IllegalStateException if it is something else; the message names the machine and both
     */
    void requireSame(Engine engine, String model) {
        float[] here = compute(engine, size, bytes);
        double difference = difference(here);
        if (!(difference <= TOLERANCE)) { // it may be no number
            throw new IllegalStateException(String.format(Locale.ROOT,
                    "ONNX Runtime on %s computes other features than the machine that converted %s: of a fixed image the first is "
                            + "%s instead of %s, and all differ by %.2g of their length, where %.0e is the most; take this "
                            + "machine out of the cluster",
                    host(), model, here.length == 0 ? "missing" : here[0], features[0], difference, TOLERANCE));
        }
    }

    private double difference(float[] here) {
        if (here.length != features.length) {
            return Double.POSITIVE_INFINITY;
        }
        double squares = 0;
        double length = 0;
        for (int i = 0; i < here.length; i++) {
            squares += Math.pow((double) here[i] - features[i], 2);
            length += Math.pow(features[i], 2);
        }
        return squares == 0 ? 0 : Math.sqrt(squares / length);
    }

    private static float[] compute(Engine engine, int size, boolean bytes) {
        return engine.run(Output.FEATURES, input(size, bytes), 1, size)[0];
    }

    /** A pattern of all values between the ends, in no order that a network could have been taught. */
    private static FloatBuffer input(int size, boolean bytes) {
        FloatBuffer pixels = ByteBuffer.allocateDirect(3 * size * size * Float.BYTES).order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    int value = (37 * x + 91 * y + 53 * channel + x * y / 7) & 255;
                    pixels.put(bytes ? value : (value - 127.5f) / 64);
                }
            }
        }
        return pixels.flip();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }
}
