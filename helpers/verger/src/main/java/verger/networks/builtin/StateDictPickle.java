package verger.networks.builtin;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;
import verger.networks.builtin.TensorView.Storage;
import verger.networks.builtin.TorchWeights.FormatException;

/**
 * Reads a pickle of PyTorch's. It knows the few names and the thirty opcodes that a state dict needs and refuses any other, so
 * a file cannot make it construct anything else.
 */
final class StateDictPickle extends Unpickler {

    /** Bytes of the pickles of a file: names and shapes take 100 kB in EfficientNet-Lite1. */
    static final int MOST_BYTES = 8 << 20;

    private static final byte GLOBAL = 'c';
    private static final byte BINPERSID = 'Q';
    private static final byte BINUNICODE = 'X';

    /** What pickle's protocol 2 writes of dicts, lists, tuples, names, numbers and texts; pickletools.py has their names. */
    private static final String OPCODES = ".()}]NtR.huqrjJKMUaesb\u0080\u0085\u0086\u0087\u0088\u0089\u008a";

    /**
     * The tensors of a pickled state dict, by name in its order.
     *
     * @throws FormatException if it is none
     */
    Map<String, TensorView> stateDict(InputStream in) throws IOException {
        if (!(load(in) instanceof Map<?, ?> state)) {
            throw new FormatException("a PyTorch file of something else than a state dict", null);
        }
        Map<String, TensorView> views = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : state.entrySet()) {
            if (!(entry.getKey() instanceof String name && entry.getValue() instanceof TensorView view)) {
                throw new FormatException("a PyTorch file whose " + entry.getKey()
                        + " is no tensor: torch.save(model.state_dict(), …) writes tensors alone", null);
            }
            views.put(name, view);
        }
        return views;
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch ((byte) key) {
            case BINUNICODE -> stack.add(text(input));
            case GLOBAL -> stack.add(named(line(input), line(input)));
            case BINPERSID -> stack.add(storage((Object[]) stack.pop()));
            default -> {
                if (OPCODES.indexOf(key & 0xff) < 0) {
                    throw new PickleException("it has the opcode " + (key & 0xff) + ", which a state dict has no use for");
                }
                return super.dispatch(key);
            }
        }
        return NO_RETURN_VALUE;
    }

    /** Nothing of that length is allocated before it has come. */
    private static String text(InputStream in) throws IOException {
        byte[] four = in.readNBytes(Integer.BYTES);
        if (four.length < Integer.BYTES) {
            throw new EOFException("the file ends in a length");
        }
        int length = ByteBuffer.wrap(four).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] bytes = length < 0 || length > MOST_BYTES ? new byte[0] : in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException("the file ends in a text of " + Integer.toUnsignedString(length) + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Storage storage(Object[] id) {
        return new Storage(((StorageType) id[1]).type(), (String) id[2], ((Number) id[4]).longValue());
    }

    private static IObjectConstructor named(String module, String name) {
        ElementType type = module.equals("torch") ? ElementType.ofTorch(name) : null;
        if (type != null) {
            return new StorageType(type);
        }
        return switch (module + "." + name) {
            case "collections.OrderedDict" -> args -> new OrderedDict();
            case "torch._utils._rebuild_tensor_v2" -> StateDictPickle::view;
            default -> throw new PickleException("it names " + module + "." + name + ", which a state dict has no use for");
        };
    }

    /** Arguments: storage, offset, sizes, strides, requires_grad, hooks. */
    private static TensorView view(Object[] args) {
        return new TensorView((Storage) args[0], ((Number) args[1]).longValue(), longs(args[2]), longs(args[3]));
    }

    private static long[] longs(Object tuple) {
        return Arrays.stream((Object[]) tuple).mapToLong(number -> ((Number) number).longValue()).toArray();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the file ends in a name");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** What {@code torch.FloatStorage} is in the pickle: the name of a type. */
    private record StorageType(ElementType type) implements IObjectConstructor {

        @Override
        public Object construct(Object[] args) {
            throw new PickleException("unexpected call of the storage of " + type);
        }
    }

    /** An ordered dict; PyTorch sets an attribute {@code _metadata} on it, which is dropped. */
    public static final class OrderedDict extends LinkedHashMap<Object, Object> {

        private static final long serialVersionUID = 1L;

        /** Called by the unpickler through reflection. */
        @SuppressWarnings("NonApiType") // of the type that the unpickler passes
        public void __setstate__(HashMap<String, Object> attributes) {
            // nothing of it is needed
        }
    }
}
