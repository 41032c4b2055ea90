package verger.networks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verger.networks.builtin.TorchWeights.Tensor;

/** Files that PyTorch and safetensors themselves have written (features/torchvision/resnet50.py), and files that lie. */
class TorchFormatsTest {

    private static final Path WRITTEN = Path.of("src/test/resources/features/torchvision");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tensors.zip.pth", "tensors.legacy.pth", "tensors.safetensors"})
    void readsWhatPyTorchHasWritten(String file) throws IOException {
        Map<String, Tensor> expected = expected();

        Map<String, Tensor> read = TorchWeights.read(WRITTEN.resolve(file));

        assertThat(read).containsOnlyKeys(expected.keySet()); // without num_batches_tracked
        expected.forEach((name, tensor) -> {
            assertThat(read.get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(read.get(name).values()).as(name).isEqualTo(tensor.values());
        });
    }

    /** A float16 has 11 bits, a bfloat16 8. */
    @Test
    void readsOtherFloats() throws IOException {
        Map<String, Tensor> expected = expected();

        Map<String, Tensor> read = TorchWeights.read(WRITTEN.resolve("tensors.half.pth"));

        assertThat(read.get("1.running_var").values()).isEqualTo(expected.get("1.running_var").values());
        assertThat(read.get("0.weight").values()).containsExactly(expected.get("0.weight").values(), within(0.0005f))
                .isNotEqualTo(expected.get("0.weight").values());
        assertThat(read.get("1.bias").values()).containsExactly(expected.get("1.bias").values(), within(0.0005f))
                .isNotEqualTo(expected.get("1.bias").values());
    }

    @Test
    void theEndsOfFloat16() {
        ByteBuffer bits = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
        for (int half : new int[] {0x0001, 0x8000, 0x7bff, 0xfc00, 0x3c00, 0xc000, 0x7e00}) {
            bits.putShort((short) half);
        }
        assertThat(ElementType.FLOAT16.floats(bits.flip())).containsExactly(0x1p-24f, -0f, 65504, Float.NEGATIVE_INFINITY, 1,
                -2, Float.NaN);
    }

    private static Map<String, Tensor> expected() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("0.weight", new long[] {3, 2, 2, 2});
        for (String vector : new String[] {"weight", "bias", "running_mean", "running_var"}) {
            shapes.put("1." + vector, new long[] {3});
        }
        return StateDicts.seeded(shapes);
    }

    /** Wherever it is cut: the name of a part, a length, the elements. */
    @ParameterizedTest
    @ValueSource(strings = {"tensors.zip.pth", "tensors.legacy.pth", "tensors.safetensors"})
    void aFileThatIsCutShortIsRefused(String file) throws IOException {
        byte[] whole = Files.readAllBytes(WRITTEN.resolve(file));
        for (int length = 0; length < whole.length; length += 7) {
            Path cut = Files.write(folder.resolve(file), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TorchWeights.read(cut)).as(length + " bytes")
                    .isInstanceOf(TorchWeights.FormatException.class);
        }
    }

    /** The content tells the format. */
    @Test
    void aNameDoesNotMatter() throws IOException {
        for (String file : new String[] {"tensors.zip.pth", "tensors.legacy.pth", "tensors.safetensors"}) {
            Path renamed = Files.copy(WRITTEN.resolve(file), folder.resolve(file + ".other"));
            assertThat(TorchWeights.read(renamed)).hasSize(5);
        }
        assertRefused("\u0089HDF\r\n\u001a\n\0\0", "an HDF5 file, as Keras writes it");
    }

    @Test
    void aZipWithoutAStateDictIsRefused() throws IOException {
        assertRefused(zip(ZipEntry.STORED, Map.of("other", new byte[3])), "a zip without a PyTorch state dict in it");
        Map<String, byte[]> parts = parts();
        parts.put("constants.pkl", new byte[1]);
        assertRefused(zip(ZipEntry.STORED, parts), "a TorchScript program, not a state dict");
        parts = parts();
        parts.put("byteorder", "big".getBytes(StandardCharsets.US_ASCII));
        assertRefused(zip(ZipEntry.STORED, parts), "a PyTorch file of the byte order 'big', not little");
        parts = parts();
        parts.remove("data/0");
        assertRefused(zip(ZipEntry.STORED, parts), "a PyTorch file without its part data/0");
        parts = parts();
        parts.put("data/0", new byte[7]);
        assertRefused(zip(ZipEntry.STORED, parts), "a PyTorch file whose storage 0 has 7 bytes instead of 2 × 4");
    }

    @Test
    void aZipConstructsNothingThatAStateDictHasNoUseFor() throws IOException {
        Map<String, byte[]> parts = parts();
        parts.put("data.pkl", TorchFile.pickle("cos\nsystem\n" + TorchFile.text("touch " + folder + "/run") + "\u0085R"));
        assertRefused(zip(ZipEntry.STORED, parts), "no PyTorch state dict (it names os.system, which");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    /** Zeros shrink to a thousandth. */
    @Test
    void aZipThatUnpacksToMoreThanItselfIsRefused() throws IOException {
        Map<String, byte[]> parts = parts();
        parts.put("data/0", new byte[1 << 20]);
        assertRefused(zip(ZipEntry.DEFLATED, parts), "a PyTorch file whose part data/0 has 1048576 bytes, where ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],"
                + "\"data_offsets\":[4,8]}} | tensor b begins at byte 4 of the elements instead of 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | tensor a begins at byte 4 of the elements instead of 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 8 bytes of elements, of which its header places 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1152921504606846976],\"data_offsets\":[0,8]}} | tensor a has other places (0 to 8 of 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}} | tensor a has other places (0 to 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,1152921504606846976]}} | tensor a has other places (0 to 11529",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}} | -8 where a size or place should be",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} | nothing where a size or place should be",
        "{\"a\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}} | tensor a has the type Q4",
        "{\"a\":7} | tensor a has the type none",
        "{\"a\":{},\"a\":{}} | header is no JSON (Duplicate field 'a'",
        "{\"a\" | header is no JSON ("})
    void aSafetensorsFileThatLiesIsRefused(String header, String why) throws IOException {
        byte[] begin = StateDicts.safetensors(header.strip());
        Path file = Files.write(folder.resolve("a.safetensors"), Arrays.copyOf(begin, begin.length + 8));

        assertThatThrownBy(() -> TorchWeights.read(file)).isInstanceOf(TorchWeights.FormatException.class)
                .hasMessageStartingWith("a safetensors file w").hasMessageContaining(why.strip());
    }

    /** A header of 1 GB, of 2⁶⁰ bytes, and of less than none: nothing of it is read. */
    @ParameterizedTest
    @CsvSource({"1073741824, 1073741824", "1152921504606846976, 1152921504606846976", "-1, 18446744073709551615"})
    void aHeaderThatIsLongerThanTheFileTakesNoMemory(long length, String told) throws IOException {
        byte[] begin = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put((byte) '{').array();

        assertRefused(Files.write(folder.resolve("a.safetensors"), begin),
                "a safetensors file whose header has " + told + " bytes, where 24 are the most");
    }

    /** The file may be as long as it says: names and shapes never are. */
    @Test
    void aHeaderOfAGigabyteThatIsThereTakesNoMemory() throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        Files.write(file, ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).putLong(1 << 30).put((byte) '{').array());
        try (var channel = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position((1L << 30) + 100).write(ByteBuffer.allocate(1));
        }
        assertRefused(file, "a safetensors file whose header has 1073741824 bytes, where 8388608 are the most");
    }

    private static Map<String, byte[]> parts() {
        Map<String, Tensor> tensors = Map.of("w", new Tensor(new long[] {2}, new float[] {1, 2}));
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("data.pkl", StateDicts.pickle(tensors));
        parts.put("data/0", StateDicts.bytes(tensors.get("w")));
        return parts;
    }

    private Path zip(int method, Map<String, byte[]> parts) throws IOException {
        return StateDicts.writeZip(folder.resolve("a.pth"), method, parts);
    }

    private void assertRefused(String content, String why) throws IOException {
        assertRefused(Files.write(folder.resolve("b.pth"), content.getBytes(StandardCharsets.ISO_8859_1)), why);
    }

    private static void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> TorchWeights.read(file)).isInstanceOf(TorchWeights.FormatException.class)
                .hasMessageStartingWith(why);
    }
}
