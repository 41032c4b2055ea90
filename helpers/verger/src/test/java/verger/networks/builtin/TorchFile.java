package verger.networks.builtin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A file of {@code torch.save} before PyTorch 1.6, opcode by opcode (pickletools in Python's library names them), with what
 * tests want wrong in it.
 */
final class TorchFile {

    private static final String MAGIC = "80028a0a6cfc9c46f9206aa850192e";

    String magic = MAGIC;
    /** The pickle of the state dict. */
    byte[] state;
    List<String> keys = List.of("s0");
    /** Elements that each storage says it has. */
    long count;
    /** Its bytes. */
    byte[] storage;

    /** One tensor on a storage that holds 0, 1, 2 … */
    static TorchFile with(String name, String type, int size, long offset, long[] shape, long[] strides) {
        TorchFile file = new TorchFile();
        file.state = pickle(dict(name, tensor(type, size, offset, shape, strides)));
        file.count = size;
        int bytes = type.equals("FloatStorage") ? 4 : 8;
        ByteBuffer elements = ByteBuffer.allocate(size * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            if (bytes == 4) {
                elements.putFloat(i);
            } else {
                elements.putLong(i);
            }
        }
        file.storage = elements.array();
        return file;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex(magic));
        out.writeBytes(HexFormat.of().parseHex("80024de9032e")); // protocol 1001
        out.writeBytes(HexFormat.of().parseHex("80027d2e")); // an empty dict for the machine
        out.writeBytes(state);
        StringBuilder list = new StringBuilder("](");
        keys.forEach(key -> list.append(text(key)));
        out.writeBytes(pickle(list + "e"));
        for (int i = 0; i < keys.size(); i++) {
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array());
            out.writeBytes(storage);
        }
        return out.toByteArray();
    }

    static byte[] pickle(String opcodes) {
        return ("\u0080\2" + opcodes + ".").getBytes(StandardCharsets.ISO_8859_1);
    }

    static String dict(String name, String value) {
        return dict(entry(name, value));
    }

    static String dict(String entries) {
        return global("collections", "OrderedDict") + ")R(" + entries + "u";
    }

    static String entry(String name, String value) {
        return text(name) + value;
    }

    static String tensor(String type, int size, long offset, long[] shape, long[] strides) {
        return tensor("s0", type, size, offset, shape, strides);
    }

    static String tensor(String key, String type, int size, long offset, long[] shape, long[] strides) {
        String id = "(" + text("storage") + global("torch", type) + text(key) + text("cpu") + number(size) + "NtQ";
        return global("torch._utils", "_rebuild_tensor_v2") + "(" + id + number(offset) + tuple(shape) + tuple(strides)
                + "\u0089"
                + global("collections", "OrderedDict") + ")RtR";
    }

    static String global(String module, String name) {
        return "c" + module + "\n" + name + "\n";
    }

    private static String tuple(long[] numbers) {
        StringBuilder tuple = new StringBuilder("(");
        for (long number : numbers) {
            tuple.append(number(number));
        }
        return tuple + "t";
    }

    /** Four bytes, or as many as it takes. */
    private static String number(long value) {
        byte[] eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        return value == (int) value ? "J" + littleEndian((int) value)
                : "\u008a\10" + new String(eight, StandardCharsets.ISO_8859_1);
    }

    static String text(String text) {
        return "X" + littleEndian(text.length()) + text;
    }

    private static String littleEndian(int value) {
        byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
