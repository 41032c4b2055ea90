package verger.networks.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import verger.networks.builtin.TorchWeights.FormatException;
import verger.networks.builtin.TorchWeights.Tensor;

/**
 * A {@code .safetensors} file: the length of a header (8 bytes, little endian), the header in JSON, which gives each tensor's
 * type, shape and place, and the elements, without holes and one after the other.
 *
 * <p>Source: the README of github.com/huggingface/safetensors, section Format.
 */
final class SafetensorsFile {

    /** Bytes that tell it from other formats: the length, and the brace that the header must begin with. */
    static final int HEAD = Long.BYTES + 1;

    /** Names and shapes take 15 kB in ResNet50; the format's own limit is 100 MB. */
    private static final int MOST_OF_HEADER = 8 << 20;

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private SafetensorsFile() {
    }

    /** Where the elements of a tensor are, from the end of the header on. */
    private record Place(String name, ElementType type, long[] shape, long from, long to) {
    }

    /** @param head the first bytes of a file */
    static boolean hasHead(String head) {
        return head.length() == HEAD && head.charAt(HEAD - 1) == '{';
    }

    /** See {@link TorchWeights#read}. */
    static Map<String, Tensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long length = bytes(channel, 0, Long.BYTES).getLong();
            long most = Math.min(MOST_OF_HEADER, channel.size() - Long.BYTES);
            if (length < 0 || length > most) {
                throw new FormatException("a safetensors file whose header has " + Long.toUnsignedString(length)
                        + " bytes, where " + most + " are the most", null);
            }
            JsonNode header;
            try {
                header = JSON.readTree(bytes(channel, Long.BYTES, (int) length).array());
            } catch (JsonProcessingException e) {
                throw new FormatException("a safetensors file whose header is no JSON (" + e.getOriginalMessage() + ")", e);
            }
            long data = Long.BYTES + length;
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Place place : places(header, channel.size() - data)) {
                if (place.type().isFloat()) {
                    ByteBuffer bytes = bytes(channel, data + place.from(), Math.toIntExact(place.to() - place.from()));
                    tensors.put(place.name(), new Tensor(place.shape(), place.type().floats(bytes)));
                }
            }
            return tensors;
        }
    }

    /** In the order of the elements: each begins where the one before it ends, and the last one ends with the file. */
    private static List<Place> places(JsonNode header, long bytes) throws FormatException {
        List<Place> places = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                places.add(place(entry.getKey(), entry.getValue(), bytes));
            }
        }
        places.sort(Comparator.comparingLong(Place::from).thenComparingLong(Place::to));
        long end = 0;
        for (Place place : places) {
            if (place.from() != end) {
                throw new FormatException("a safetensors file whose tensor " + place.name() + " begins at byte " + place.from()
                        + " of the elements instead of " + end, null);
            }
            end = place.to();
        }
        if (end != bytes) {
            throw new FormatException("a safetensors file with " + bytes + " bytes of elements, of which its header places "
                    + end, null);
        }
        return places;
    }

    private static Place place(String name, JsonNode tensor, long bytes) throws FormatException {
        ElementType type = ElementType.ofSafetensors(tensor.path("dtype").asText());
        if (type == null) {
            throw new FormatException("a safetensors file whose tensor " + name + " has the type "
                    + tensor.path("dtype").asText("none"), null);
        }
        JsonNode sizes = tensor.path("shape");
        long[] shape = new long[sizes.size()];
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            shape[d] = number(sizes.get(d));
            count = shape[d] == 0 || count <= bytes / shape[d] ? count * shape[d] : Long.MAX_VALUE;
        }
        long from = number(tensor.path("data_offsets").path(0));
        long to = number(tensor.path("data_offsets").path(1));
        if (from > to || to > bytes || count > bytes || to - from != count * type.bytes()) {
            throw new FormatException("a safetensors file whose tensor " + name + " has other places (" + from + " to " + to
                    + " of " + bytes + " bytes) than its shape and type ask for", null);
        }
        return new Place(name, type, shape, from, to);
    }

    /** @throws FormatException unless it is an integer of 0 or more */
    private static long number(JsonNode node) throws FormatException {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw new FormatException("a safetensors file with " + (node.isMissingNode() ? "nothing" : node)
                    + " where a size or place should be", null);
        }
        return node.longValue();
    }

    private static ByteBuffer bytes(FileChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("the file ends in its elements");
            }
        }
        return bytes.flip();
    }
}
