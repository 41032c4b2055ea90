package verger.networks.builtin;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import verger.networks.builtin.TensorView.Storage;
import verger.networks.builtin.TorchWeights.FormatException;
import verger.networks.builtin.TorchWeights.Tensor;

/**
 * The format of {@code torch.save} since PyTorch 1.6: a zip of one folder with a pickle of the state dict, {@code data.pkl},
 * and a file {@code data/<key>} for each storage, none of them compressed.
 */
final class ZipTorchFile {

    private static final String PICKLE = "data.pkl";
    private static final int LONGEST_WORD = 16;

    private final ZipFile zip;
    private final String folder;
    /** Bytes that may still be read: of a file in which all is stored once, and as it is, there are no more. */
    private long left;

    private ZipTorchFile(ZipFile zip, String folder, long length) {
        this.zip = zip;
        this.folder = folder;
        this.left = length;
    }

    /** See {@link TorchWeights#read}. */
    static Map<String, Tensor> read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String pickle = zip.stream().map(ZipEntry::getName).filter(name -> name.matches("[^/]+/data\\.pkl")).findFirst()
                    .orElseThrow(() -> new FormatException("a zip without a PyTorch state dict in it", null));
            String folder = pickle.substring(0, pickle.length() - PICKLE.length());
            return new ZipTorchFile(zip, folder, Files.size(file)).read();
        } catch (ZipException e) {
            throw new FormatException("a zip that is cut short or damaged (" + e.getMessage() + ")", e);
        }
    }

    private Map<String, Tensor> read() throws IOException {
        if (zip.getEntry(folder + "constants.pkl") != null) {
            throw new FormatException("a TorchScript program, not a state dict", null);
        }
        if (zip.getEntry(folder + "byteorder") != null) {
            String order = new String(bytes("byteorder", LONGEST_WORD), StandardCharsets.US_ASCII);
            if (!order.equals("little")) {
                throw new FormatException("a PyTorch file of the byte order '" + order + "', not little", null);
            }
        }
        Map<String, TensorView> state = new StateDictPickle()
                .stateDict(new ByteArrayInputStream(bytes(PICKLE, StateDictPickle.MOST_BYTES)));
        Map<String, float[]> values = new HashMap<>();
        for (TensorView view : state.values()) {
            Storage storage = view.storage();
            if (storage.type().isFloat() && !values.containsKey(storage.key())) {
                values.put(storage.key(), floats(storage));
            }
        }
        return TensorView.tensors(state, values);
    }

    private float[] floats(Storage storage) throws IOException {
        byte[] bytes = bytes("data/" + storage.key(), Integer.MAX_VALUE);
        if (storage.size() != bytes.length / storage.type().bytes() || bytes.length % storage.type().bytes() != 0) {
            throw new FormatException("a PyTorch file whose storage " + storage.key() + " has " + bytes.length
                    + " bytes instead of " + storage.size() + " × " + storage.type().bytes(), null);
        }
        return storage.type().floats(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    private byte[] bytes(String name, int most) throws IOException {
        ZipEntry entry = zip.getEntry(folder + name);
        if (entry == null) {
            throw new FormatException("a PyTorch file without its part " + name, null);
        }
        if (entry.getSize() < 0 || entry.getSize() > Math.min(most, left)) {
            throw new FormatException("a PyTorch file whose part " + name + " has " + entry.getSize() + " bytes, where "
                    + Math.min(most, left) + " are the most", null);
        }
        left -= entry.getSize();
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length != entry.getSize()) {
                throw new EOFException("the file ends in " + name);
            }
            return bytes;
        }
    }
}
