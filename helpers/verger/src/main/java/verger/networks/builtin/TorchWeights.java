package verger.networks.builtin;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
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
 * endian) and the elements. The unpickler knows the five names that a state dict needs and refuses any other, so a file
 * cannot make it construct anything else.
 */
final class TorchWeights {

    private static final String MAGIC = "119547037146038801333356"; // torch/serialization.py: 0x1950a86a20f9469cfc6c
    private static final byte GLOBAL = 'c';
    private static final byte BINPERSID = 'Q';

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
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            if (!MAGIC.equals(String.valueOf(new StateDictUnpickler().load(in)))) {
                throw new FormatException("no PyTorch file of the format before 1.6", null);
            }
            new StateDictUnpickler().load(in);
            new StateDictUnpickler().load(in);
            Map<?, ?> state = (Map<?, ?>) new StateDictUnpickler().load(in);
            List<?> keys = (List<?>) new StateDictUnpickler().load(in);
            return tensors(state, storages(in, state, keys));
        } catch (RuntimeException | EOFException e) { // a file that is no pickle makes the unpickler throw nearly anything
            throw new FormatException("no PyTorch state dict of the format before 1.6 (" + e.getMessage() + ")", e);
        }
    }

    private static Map<String, float[]> storages(DataInputStream in, Map<?, ?> state, List<?> keys) throws IOException {
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
            byte[] bytes = in.readNBytes(Math.toIntExact(count * storage.elementBytes()));
            if (bytes.length < count * storage.elementBytes()) {
                throw new EOFException("the file ends in storage " + key);
            }
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
        for (Map.Entry<?, ?> entry : state.entrySet()) {
            View view = (View) entry.getValue();
            if (view.storage().isFloat()) {
                float[] storage = storages.get(view.storage().key());
                if (storage == null || view.last() >= storage.length) {
                    throw new FormatException("a PyTorch file whose tensor " + entry.getKey() + " lies outside of its storage",
                            null);
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
    private record View(Storage storage, int offset, long[] shape, long[] strides) {

        /** Index in the storage of the last element. */
        long last() {
            long last = offset;
            for (int d = 0; d < shape.length; d++) {
                last += (shape[d] - 1) * strides[d];
            }
            return last;
        }

        float[] gather(float[] stored) {
            int size = 1;
            for (long dimension : shape) {
                size *= (int) dimension;
            }
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
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

    private static final class StateDictUnpickler extends Unpickler {

        @Override
        protected Object dispatch(short key) throws IOException {
            switch ((byte) key) {
                case GLOBAL -> stack.add(named(line(input), line(input)));
                case BINPERSID -> stack.add(storage((Object[]) stack.pop()));
                default -> {
                    return super.dispatch(key);
                }
            }
            return NO_RETURN_VALUE;
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
            return new View((Storage) args[0], ((Number) args[1]).intValue(), longs(args[2]), longs(args[3]));
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
