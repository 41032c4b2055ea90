package verger.networks.builtin;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import verger.networks.builtin.TensorView.Storage;
import verger.networks.builtin.TorchWeights.FormatException;
import verger.networks.builtin.TorchWeights.Tensor;

/**
 * The format of {@code torch.save} before PyTorch 1.6: four pickles (a magic number, a protocol version, the machine, the state
 * dict), a fifth with the keys of the storages, then for each key the number of elements (8 bytes, little endian) and the
 * elements.
 */
final class LegacyTorchFile {

    private static final String MAGIC = "119547037146038801333356"; // torch/serialization.py: 0x1950a86a20f9469cfc6c

    private LegacyTorchFile() {
    }

    /** See {@link TorchWeights#read}. */
    static Map<String, Tensor> read(Path file) throws IOException {
        long length = Files.size(file);
        try (Counted counted = new Counted(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
                DataInputStream in = new DataInputStream(counted)) {
            counted.limit(StateDictPickle.MOST_BYTES);
            if (!MAGIC.equals(String.valueOf(new StateDictPickle().load(in)))) {
                throw new FormatException("no PyTorch file of the format before 1.6", null);
            }
            new StateDictPickle().load(in);
            new StateDictPickle().load(in);
            Map<String, TensorView> state = new StateDictPickle().stateDict(in);
            List<?> keys = (List<?>) new StateDictPickle().load(in);
            counted.limit(Long.MAX_VALUE);
            return TensorView.tensors(state, storages(in, length - counted.read, state, keys));
        }
    }

    private static Map<String, float[]> storages(DataInputStream in, long left, Map<String, TensorView> state, List<?> keys)
            throws IOException {
        long unread = left;
        Map<String, Storage> storages = new HashMap<>();
        for (TensorView view : state.values()) {
            storages.put(view.storage().key(), view.storage());
        }
        Map<String, float[]> values = new HashMap<>();
        for (Object key : keys) {
            Storage storage = storages.get(key);
            if (storage == null) {
                throw new FormatException("a PyTorch file with a storage that no tensor names: " + key, null);
            }
            long count = Long.reverseBytes(in.readLong());
            if (count != storage.size()) {
                throw new FormatException("a PyTorch file whose storage " + key + " has " + count + " elements instead of "
                        + storage.size(), null);
            }
            unread -= Long.BYTES;
            if (count < 0 || count > unread / storage.type().bytes()) {
                throw new EOFException("the file ends in storage " + key);
            }
            byte[] bytes = in.readNBytes(Math.toIntExact(count * storage.type().bytes()));
            unread -= bytes.length;
            if (storage.type().isFloat()) {
                values.put(storage.key(), storage.type().floats(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)));
            }
        }
        return values;
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
}
