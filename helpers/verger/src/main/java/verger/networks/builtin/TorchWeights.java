package verger.networks.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads the tensors of a file of PyTorch's weights without PyTorch: a state dict as {@code torch.save} writes it since PyTorch
 * 1.6 ({@link ZipTorchFile}) or wrote it before ({@link LegacyTorchFile}), or a {@link SafetensorsFile}. The content tells
 * which, not the name.
 *
 * <p>All lengths are compared with the file's before memory is taken, so none takes more than a few times the file's size.
 */
final class TorchWeights {

    private static final String ZIP = "PK\3\4";
    private static final String HDF5 = "\u0089HDF\r\n\u001a\n";

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

    /** A format's reader. */
    private interface Reader {
        Map<String, Tensor> read(Path file) throws IOException;
    }

    /**
     * The float tensors of a file by name, in the file's order; counters (int64) are left out.
     *
     * @throws FormatException if it is no such file
     * @throws IOException     if it cannot be read
     */
    static Map<String, Tensor> read(Path file) throws IOException {
        String head = head(file);
        if (head.startsWith(HDF5)) {
            throw new FormatException("an HDF5 file, as Keras writes it", null);
        }
        if (head.startsWith(ZIP)) {
            return read(file, ZipTorchFile::read, "no PyTorch state dict");
        }
        return SafetensorsFile.hasHead(head) ? read(file, SafetensorsFile::read, "no safetensors file")
                : read(file, LegacyTorchFile::read, "no PyTorch state dict of the format before 1.6");
    }

    private static Map<String, Tensor> read(Path file, Reader reader, String otherwise) throws IOException {
        try {
            return reader.read(file);
        } catch (FormatException e) {
            throw e;
        } catch (RuntimeException | IOException | StackOverflowError e) {
            // A file that is no pickle makes the unpickler throw nearly anything.
            if (!Files.isReadable(file)) {
                throw e;
            }
            throw new FormatException(otherwise + " (" + e.getMessage() + ")", e);
        }
    }

    /** Enough to tell the formats. */
    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(SafetensorsFile.HEAD), StandardCharsets.ISO_8859_1);
        }
    }
}
