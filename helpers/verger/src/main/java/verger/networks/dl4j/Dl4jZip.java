package verger.networks.dl4j;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import verger.networks.UnreadableWeightsException;

/**
 * Restores a network from a zip of DL4J's ModelSerializer: of its configuration and its parameters, and of nothing else that
 * may be in the zip.
 *
 * <p>ModelSerializer itself reads every entry into memory, and deserializes one of them. Here the configuration may name
 * classes of DL4J and ND4J only, and the parameters must be as many as the configuration asks for, before memory is taken for
 * them.
 */
final class Dl4jZip {

    /** Of ResNet50 it has 60 kB. */
    private static final int MOST_CONFIGURATION = 8 << 20;
    private static final int DEEPEST = 100;
    /** What an ONNX file holds. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;
    private static final int MOST_AXES = 2;
    private static final Pattern KNOWN_CLASSES = Pattern.compile("org\\.(deeplearning4j|nd4j)\\.[\\w.$]+");

    private Dl4jZip() {
    }

    /** The zip is not what it should be; the message goes on after "cannot be restored: ". */
    static final class FormatException extends IOException {

        private static final long serialVersionUID = 1L;

        FormatException(String what) {
            super(what);
        }
    }

    /** Bytes that the parameters have, as the zip says; 0 where there are none. */
    static long parameterBytes(ZipFile zip) {
        ZipEntry coefficients = zip.getEntry(ModelSerializer.COEFFICIENTS_BIN);
        return coefficients == null ? 0 : Math.max(0, coefficients.getSize());
    }

    /**
     * Restores the network.
     *
     * @param expected which network it is to be, or null
     * @throws UnreadableWeightsException if its configuration asks for more or fewer parameters than that has
     * @throws FormatException if there is none
     * @throws IOException     if the zip is damaged
     */
    static ComputationGraph restore(Path file, ZooNetwork expected) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ComputationGraphConfiguration configuration = configuration(zip);
            long wanted = 0;
            for (GraphVertex vertex : configuration.getVertices().values()) {
                wanted = Math.addExact(wanted, vertex.numParams(false));
            }
            if (expected != null) {
                expected.requireParameters(file, configuration, wanted);
            }
            INDArray parameters = parameters(zip, wanted);
            configuration.setDataType(parameters.dataType());
            ComputationGraph network = new ComputationGraph(configuration);
            network.init(parameters, false);
            return network;
        }
    }

    private static ComputationGraphConfiguration configuration(ZipFile zip) throws IOException {
        byte[] json;
        try (InputStream in = zip.getInputStream(zip.getEntry(ModelSerializer.CONFIGURATION_JSON))) {
            json = in.readNBytes(MOST_CONFIGURATION + 1);
        }
        if (json.length > MOST_CONFIGURATION) {
            throw new FormatException("its configuration has more than " + MOST_CONFIGURATION + " bytes");
        }
        requireHarmless(json);
        ComputationGraphConfiguration configuration =
                ComputationGraphConfiguration.fromJson(new String(json, StandardCharsets.UTF_8));
        if (configuration.getNetworkInputs() == null || configuration.getVertices() == null) {
            throw new FormatException("its configuration is not a ComputationGraph's");
        }
        return configuration;
    }

    /** DL4J makes an object of every class that is named as {@code @class}. */
    private static void requireHarmless(byte[] json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > DEEPEST) {
                    throw new FormatException("its configuration is nested more than " + DEEPEST + " deep");
                }
                if (token.isScalarValue() && "@class".equals(parser.currentName())
                        && !KNOWN_CLASSES.matcher(parser.getText()).matches()) {
                    throw new FormatException("its configuration names the class " + parser.getText()
                            + ", which is none of DL4J's");
                }
            }
        }
    }

    private static INDArray parameters(ZipFile zip, long wanted) throws IOException {
        ZipEntry entry = zip.getEntry(ModelSerializer.COEFFICIENTS_BIN);
        if (entry.getSize() < 0 || entry.getSize() > MOST_BYTES) {
            throw new FormatException("its parameters have " + entry.getSize() + " bytes, and 2 GB are the most");
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(zip.getInputStream(entry), 1 << 16))) {
            requireArray(in, entry.getSize(), wanted);
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(zip.getInputStream(entry), 1 << 16))) {
            return Nd4j.read(in);
        }
    }

    /** Two buffers, one of the shape and one of the numbers, each with its header: how it was allocated, length, type. */
    private static void requireArray(DataInputStream in, long size, long wanted) throws IOException {
        Header shape = Header.read(in);
        if (!shape.type().matches("INT|LONG") || shape.length() < 4 || shape.length() > 2 * MOST_AXES + 4) {
            throw new FormatException("the shape of its parameters has " + shape.length() + " numbers of type "
                    + shape.type());
        }
        long[] numbers = new long[(int) shape.length()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = shape.type().equals("INT") ? in.readInt() : in.readLong();
        }
        Header values = Header.read(in);
        long left = size - shape.bytes() - values.bytes();
        if (values.length() != wanted || values.length() * values.width() != left || !isRow(numbers, wanted)) {
            throw new FormatException("it has " + values.length() + " parameters in " + left + " bytes, and its configuration "
                    + "asks for " + wanted);
        }
    }

    /** Rank, lengths of axes, steps of axes, and three more: a row, a column or a vector without gaps. */
    private static boolean isRow(long[] shape, long wanted) {
        int rank = (int) shape[0];
        if (rank < 1 || rank > MOST_AXES || shape.length < 2 * rank + 1) {
            return false;
        }
        long count = 1;
        long last = 0;
        for (int axis = 1; axis <= rank; axis++) {
            long length = shape[axis];
            long step = shape[rank + axis];
            if (length < 1 || length > wanted || step < 0 || step > wanted) {
                return false;
            }
            count *= length;
            last += (length - 1) * step;
        }
        return count == wanted && last < wanted;
    }

    /**
     * @param length in numbers
     * @param width  bytes of a number
     * @param bytes  of the header, and for a shape of its numbers
     */
    private record Header(String type, long length, int width, long bytes) {

        static Header read(DataInputStream in) throws IOException {
            String mode = in.readUTF();
            boolean isShort = mode.matches("DIRECT|HEAP|JAVACPP");
            if (!isShort && !mode.matches("LONG_SHAPE|MIXED_DATA_TYPES")) {
                throw new FormatException("its parameters are of the kind " + printable(mode));
            }
            long length = isShort ? in.readInt() : in.readLong();
            String type = in.readUTF();
            int width = switch (type) {
                case "HALF", "BFLOAT16" -> 2;
                case "FLOAT", "INT" -> 4;
                case "DOUBLE", "LONG" -> 8;
                default -> throw new FormatException("its parameters are of the type " + printable(type));
            };
            long header = 2L + mode.length() + (isShort ? 4 : 8) + 2 + type.length();
            return new Header(type, length, width, type.matches("INT|LONG") ? header + length * width : header);
        }

        private static String printable(String text) {
            return text.substring(0, Math.min(40, text.length())).replaceAll("[^\\w.]", "?");
        }
    }
}
