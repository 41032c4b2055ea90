package verger.networks.builtin;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the tensors of a PyTorch file without PyTorch.
 *
 * <p>Only the format of {@code torch.save} before PyTorch 1.6: four pickles (a magic number, a protocol version, the
 * machine, the state dict), a fifth with the keys of the storages, then for each key the number of elements (8 bytes, little
 * endian) and the elements. The unpickler knows the five names and the thirty opcodes that a state dict needs and refuses any
 * other, so a file cannot make it construct anything else. All lengths are compared with the file's before memory is taken.
 */
final class TorchWeights {

    private static final String MAGIC = "119547037146038801333356"; // torch/serialization.py: 0x1950a86a20f9469cfc6c
    private static final byte GLOBAL = 'c';
    private static final byte BINPERSID = 'Q';
    private static final byte BINUNICODE = 'X';

    /** What pickle's protocol 2 writes of dicts, lists, tuples, names, numbers and texts; pickletools.py has their names. */
    private static final String OPCODES = ".()}]NtR.huqrjJKMUaesb\u0080\u0085\u0086\u0087\u0088\u0089\u008a";

    /** Bytes of the pickles: names and shapes take 100 kB in EfficientNet-Lite1. */
    private static final int MOST_OF_PICKLES = 8 << 20;
    private static final int MOST_AXES = 8;

    private TorchWeights() {
    }

    /** The file is not what it should be; the message goes on after "it is". */
    static final class FormatException extends IOException {

        private static final long serialVersionUID = 1L;

        FormatException(String what, Throwable cause) {
            super(what, cause);
        }
    }

    /**
     * A tensor.
     *
     * @param shape  sizes of its dimensions, the last one fastest
     * @param values all elements
     */
    record Tensor(long[] shape, float[] values) {
    }

    /**
     * The float tensors of a file by name, in the file's order; counters (int64) are left out.
     *
     * @throws FormatException if it is no such file
     * @throws IOException     if it cannot be read
     */
    static Map<String, Tensor> read(Path file) throws IOException {
        long length = Files.size(file);
        try (Counted counted = new Counted(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
                DataInputStream in = new DataInputStream(counted)) {
            counted.limit(MOST_OF_PICKLES);
            if (!MAGIC.equals(String.valueOf(new StateDictUnpickler().load(in)))) {
                throw new FormatException("no PyTorch file of the format before 1.6", null);
            }
            new StateDictUnpickler().load(in);
            new StateDictUnpickler().load(in);
            Map<?, ?> state = (Map<?, ?>) new StateDictUnpickler().load(in);
            List<?> keys = (List<?>) new StateDictUnpickler().load(in);
            counted.limit(Long.MAX_VALUE);
            return tensors(state, storages(in, length - counted.read, state, keys));
        } catch (FormatException e) {
            throw e;
        } catch (RuntimeException | IOException | StackOverflowError e) {
            // A file that is no pickle makes the unpickler throw nearly anything.
            if (!Files.isReadable(file)) {
                throw e;
            }
            throw new FormatException("no PyTorch state dict of the format before 1.6 (" + e.getMessage() + ")", e);
        }
    }

    private static Map<String, float[]> storages(DataInputStream in, long left, Map<?, ?> state, List<?> keys)
            throws IOException {
        long unread = left;
        Map<String, Storage> types = new HashMap<>();
        for (Object value : state.values()) {
            Storage storage = ((View) value).storage();
            types.put(storage.key(), storage);
        }
        Map<String, float[]> values = new HashMap<>();
        for (Object key : keys) {
            Storage storage = types.get(key);
            if (storage == null) {
                throw new FormatException("a PyTorch file with a storage that no tensor names: " + key, null);
            }
            long count = Long.reverseBytes(in.readLong());
            if (count != storage.size()) {
                throw new FormatException("a PyTorch file whose storage " + key + " has " + count + " elements instead of "
                        + storage.size(), null);
            }
            unread -= Long.BYTES;
            if (count < 0 || count > unread / storage.elementBytes()) {
                throw new EOFException("the file ends in storage " + key);
            }
            byte[] bytes = in.readNBytes(Math.toIntExact(count * storage.elementBytes()));
            unread -= bytes.length;
            if (storage.isFloat()) {
                float[] floats = new float[(int) count];
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
                values.put(storage.key(), floats);
            }
        }
        return values;
    }

    private static Map<String, Tensor> tensors(Map<?, ?> state, Map<String, float[]> storages) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        // Two may share a storage; a file of views of one storage alone could fill any memory.
        long left = 2 * storages.values().stream().mapToLong(storage -> storage.length).sum();
        for (Map.Entry<?, ?> entry : state.entrySet()) {
            View view = (View) entry.getValue();
            if (view.storage().isFloat()) {
                float[] storage = storages.get(view.storage().key());
                if (storage == null || !view.liesIn(storage.length)) {
                    throw new FormatException("a PyTorch file whose tensor " + entry.getKey() + " lies outside of its storage",
                            null);
                }
                left -= view.count();
                if (left < 0) {
                    throw new FormatException("a PyTorch file whose tensors have more than twice its elements", null);
                }
                tensors.put((String) entry.getKey(), new Tensor(view.shape(), view.gather(storage)));
            }
        }
        return tensors;
    }

    private record Storage(String type, String key, long size) {

        boolean isFloat() {
            return type.equals("FloatStorage");
        }

        int elementBytes() {
            return isFloat() ? Float.BYTES : Long.BYTES;
        }
    }

    /** A tensor as it lies in a storage: weights that came from TensorFlow are stored in the order of its axes. */
    private record View(Storage storage, long offset, long[] shape, long[] strides) {

        /** Whether all elements are in a storage of that length; none of them is taken so often that the tensor outgrows it. */
        boolean liesIn(int length) {
            if (shape.length > MOST_AXES || strides.length != shape.length || offset < 0 || offset >= length) {
                return false;
            }
            long count = 1;
            long last = offset;
            for (int d = 0; d < shape.length; d++) {
                if (shape[d] < 1 || shape[d] > length || strides[d] < 0 || strides[d] > length) {
                    return false;
                }
                count *= shape[d];
                last += (shape[d] - 1) * strides[d];
                if (count > length || last >= length) {
                    return false;
                }
            }
            return true;
        }

        /** Of a view that lies in its storage. */
        int count() {
            int count = 1;
            for (long dimension : shape) {
                count *= (int) dimension;
            }
            return count;
        }

        float[] gather(float[] stored) {
            float[] values = new float[count()];
            for (int i = 0; i < values.length; i++) {
                int rest = i;
                long at = offset;
                for (int d = shape.length - 1; d >= 0; d--) {
                    at += rest % shape[d] * strides[d];
                    rest /= (int) shape[d];
                }
                values[i] = stored[(int) at];
            }
            return values;
        }
    }

    /** What {@code torch.FloatStorage} is in the pickle: the name of a type. */
    private record StorageType(String name) implements IObjectConstructor {

        @Override
        public Object construct(Object[] args) {
            throw new PickleException("unexpected call of torch." + name);
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

    /** Counts what was read, and ends where a limit is. */
    private static final class Counted extends FilterInputStream {

        private long read;
        private long limit;

        Counted(InputStream in) {
            super(in);
        }

        void limit(long bytes) {
            limit = bytes;
        }

        @Override
        public int read() throws IOException {
            requireRoom(1);
            int value = super.read();
            read += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            requireRoom(length == 0 ? 0 : 1);
            int count = super.read(bytes, offset, (int) Math.min(length, limit - read));
            read += Math.max(0, count);
            return count;
        }

        private void requireRoom(int bytes) throws FormatException {
            if (read + bytes > limit) {
                throw new FormatException("a PyTorch file with more than " + (limit >> 20) + " MB of names and shapes", null);
            }
        }
    }

    private static final class StateDictUnpickler extends Unpickler {

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
            byte[] bytes = length < 0 || length > MOST_OF_PICKLES ? new byte[0] : in.readNBytes(length);
            if (bytes.length != length) {
                throw new EOFException("the file ends in a text of " + Integer.toUnsignedString(length) + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private static Storage storage(Object[] id) {
            return new Storage(((StorageType) id[1]).name(), (String) id[2], ((Number) id[4]).longValue());
        }

        private static IObjectConstructor named(String module, String name) {
            return switch (module + "." + name) {
                case "collections.OrderedDict" -> args -> new OrderedDict();
                case "torch._utils._rebuild_tensor_v2" -> StateDictUnpickler::view;
                case "torch.FloatStorage", "torch.LongStorage" -> new StorageType(name);
                default -> throw new PickleException("it names " + module + "." + name + ", which a state dict has no use for");
            };
        }

        /** Arguments: storage, offset, sizes, strides, requires_grad, hooks. */
        private static View view(Object[] args) {
            return new View((Storage) args[0], ((Number) args[1]).longValue(), longs(args[2]), longs(args[3]));
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
    }
}
