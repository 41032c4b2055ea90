package verger.networks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.Settings;

class TorchWeightsTest {

    private static final Path PUBLISHED = Settings.home().resolve(".verger/weights/efficientnet-lite0-57934424.pth");

    @TempDir
    Path folder;

    @Test
    void readsTheTensorsOfEfficientNetLite0() throws IOException {
        Map<String, TorchWeights.Tensor> tensors = TorchWeights.read(PUBLISHED);

        assertThat(tensors.get("_conv_stem.weight").shape()).containsExactly(32, 3, 3, 3);
        assertThat(tensors.get("_fc.weight").shape()).containsExactly(1000, 1280);
        // TensorFlow's model garden gives EfficientNet-Lite0 4.7 million parameters; running means and variances come on top.
        assertThat(tensors.entrySet().stream().filter(entry -> !entry.getKey().contains("running_"))
                .mapToLong(entry -> entry.getValue().values().length).sum()).isEqualTo(4_652_008);
    }

    @Test
    void refusesWhatIsNoSuchFile() throws IOException {
        Path text = Files.writeString(folder.resolve("a.pth"), "weights");
        Path cut = Files.write(folder.resolve("b.pth"), Arrays.copyOf(Files.readAllBytes(PUBLISHED), 1_000_000));

        assertThatThrownBy(() -> TorchWeights.read(text)).isInstanceOf(IOException.class)
                .hasMessageContaining("no PyTorch state dict");
        assertThatThrownBy(() -> TorchWeights.read(cut)).isInstanceOf(IOException.class)
                .hasMessageContaining("the file ends in");
    }

    /** Rows and columns may lie the other way round in their storage, from any place in it. */
    @Test
    void aTensorIsAViewOfItsStorage() throws IOException {
        TorchWeights.Tensor tensor =
                read(TorchFile.with("w", "FloatStorage", 8, 1, new long[] {2, 3}, new long[] {1, 2})).get("w");

        assertThat(tensor.shape()).containsExactly(2, 3);
        assertThat(tensor.values()).containsExactly(1, 3, 5, 2, 4, 6);
        assertThat(read(TorchFile.with("w", "FloatStorage", 8, 0, new long[] {2, 4}, new long[] {4, 1})).get("w").values())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    /** As a tied layer has it, and a number without axes. */
    @Test
    void twoTensorsMayShareAStorage() throws IOException {
        TorchFile file = tensorOf8();
        file.state = TorchFile.pickle(TorchFile.dict(
                TorchFile.entry("a", TorchFile.tensor("FloatStorage", 8, 0, new long[] {8}, new long[] {1}))
                        + TorchFile.entry("b", TorchFile.tensor("FloatStorage", 8, 0, new long[] {2, 4}, new long[] {4, 1}))));
        assertThat(read(file).get("a").values()).isEqualTo(read(file).get("b").values()).hasSize(8);
        assertThat(read(TorchFile.with("w", "FloatStorage", 8, 7, new long[0], new long[0])).get("w").values())
                .containsExactly(7);
        assertThat(read(view(0, ones(8), ones(8))).get("w").values()).containsExactly(0);
    }

    /** Numbers of 64 bits are there to overflow: 4 × 2⁶² is 0. */
    @Test
    void aViewThatLeavesItsStorageIsRefused() {
        long huge = 1L << 62;
        for (TorchFile view : List.of(
                view(0, ones(9), ones(9)),
                view(0, new long[] {2, 4}, new long[] {4}), view(0, new long[] {2}, new long[] {4, 1}),
                view(-1, new long[] {2}, new long[] {1}), view(8, new long[0], new long[0]),
                view(1L << 32, new long[] {2}, new long[] {1}),
                view(0, new long[] {0}, new long[] {1}), view(0, new long[] {-1}, new long[] {1}),
                view(0, new long[] {4, huge}, new long[] {1, 0}), view(0, new long[] {9}, new long[] {0}),
                view(1, new long[] {2}, new long[] {-1}), view(0, new long[] {5}, new long[] {huge}),
                view(0, new long[] {3, 3}, new long[] {1, 1}), view(0, new long[] {2, 4}, new long[] {5, 1}))) {
            assertRefused(view, "a PyTorch file whose tensor w lies outside of its storage");
        }
    }

    private static TorchFile view(long offset, long[] shape, long[] strides) {
        return TorchFile.with("w", "FloatStorage", 8, offset, shape, strides);
    }

    private static long[] ones(int axes) {
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void countersAreLeftOut() throws IOException {
        assertThat(read(TorchFile.with("steps", "LongStorage", 1, 0, new long[0], new long[0]))).isEmpty();
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        TorchFile file = tensorOf8();
        file.magic = "80024de9032e";
        assertRefused(file, "no PyTorch file of the format before 1.6");

        file = tensorOf8();
        file.keys = List.of("s0", "s1");
        assertRefused(file, "a PyTorch file with a storage that no tensor names: s1");

        file = tensorOf8();
        file.count = 9;
        assertRefused(file, "a PyTorch file whose storage s0 has 9 elements instead of 8");

        file = tensorOf8();
        file.keys = List.of();
        assertRefused(file, "a PyTorch file whose tensor w lies outside of its storage");

        file = tensorOf8();
        file.storage = Arrays.copyOf(file.storage, 31);
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (the file ends in storage s0)");

        file = tensorOf8();
        file.keys = List.of("s0", "s0");
        byte[] cut = file.bytes();
        assertRefused(Arrays.copyOf(cut, cut.length - 1),
                "no PyTorch state dict of the format before 1.6 (the file ends in storage s0)");

        assertRefused(TorchFile.with("w", "FloatStorage", 8, 3, new long[] {2, 3}, new long[] {3, 1}),
                "a PyTorch file whose tensor w lies outside of its storage");
    }

    @Test
    void refusesWhatIsNoDictOfTensors() {
        TorchFile file = tensorOf8();
        file.state = TorchFile.pickle(TorchFile.dict("w", "N"));
        assertRefused(file, "a PyTorch file whose w is no tensor: torch.save(model.state_dict(), …) writes tensors alone");

        file.state = TorchFile.pickle("N");
        assertRefused(file, "a PyTorch file of something else than a state dict");

        file.state = TorchFile.pickle(TorchFile.global("torch", "FloatStorage") + ")R");
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (unexpected call of the storage of FLOAT32");

        file.state = "\u0080\2ctorch\nFloatSto".getBytes(StandardCharsets.ISO_8859_1);
        file.keys = List.of();
        byte[] cut = file.bytes();
        assertRefused(Arrays.copyOf(cut, new String(cut, StandardCharsets.ISO_8859_1).indexOf("FloatSto") + 8),
                "no PyTorch state dict of the format before 1.6 (the file ends in a name)");
    }

    private static TorchFile tensorOf8() {
        return TorchFile.with("w", "FloatStorage", 8, 0, new long[] {2, 4}, new long[] {4, 1});
    }

    private Map<String, TorchWeights.Tensor> read(TorchFile file) throws IOException {
        return TorchWeights.read(Files.write(folder.resolve("a.pth"), file.bytes()));
    }

    private void assertRefused(TorchFile file, String reason) {
        assertRefused(file.bytes(), reason);
    }

    private void assertRefused(byte[] file, String reason) {
        assertThatThrownBy(() -> TorchWeights.read(Files.write(folder.resolve("a.pth"), file)))
                .isInstanceOf(TorchWeights.FormatException.class).hasMessageStartingWith(reason);
    }

    /** Each list holds the next one; to print them takes a stack as deep. */
    @Test
    void listsWithinListsAreRefused() {
        TorchFile file = tensorOf8();
        file.magic = "8002" + "5d".repeat(100_000) + "61".repeat(99_999) + "2e";
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (");
    }

    @Test
    void constructsNothingThatAStateDictHasNoUseFor() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e")); // the magic number
        file.write(HexFormat.of().parseHex("80024de9032e")); // protocol 1001
        file.write(HexFormat.of().parseHex("80027d2e")); // an empty dict for the machine
        file.write("\u0080\u0002cos\nsystem\nq\u0000U\u0002lsq\u0001\u0085R.".getBytes(StandardCharsets.ISO_8859_1));
        Path evil = Files.write(folder.resolve("evil.pth"), file.toByteArray());

        assertThatThrownBy(() -> TorchWeights.read(evil)).isInstanceOf(IOException.class)
                .hasMessageContaining("it names os.system");
    }

    /** 200 bytes that ask for gigabytes: every length is compared with the file before memory is taken for it. */
    @Test
    void lengthsThatTheFileDoesNotHaveTakeNoMemory() {
        TorchFile file = TorchFile.with("w", "FloatStorage", 8, 0, new long[] {500_000_000}, new long[] {1});
        file.state = TorchFile.pickle(TorchFile.dict("w",
                TorchFile.tensor("FloatStorage", 500_000_000, 0, new long[] {500_000_000}, new long[] {1})));
        file.count = 500_000_000;
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (the file ends in storage s0)");

        file = tensorOf8();
        file.count = -1;
        file.state = TorchFile.pickle(TorchFile.dict("w",
                TorchFile.tensor("FloatStorage", -1, 0, new long[] {2, 4}, new long[] {4, 1})));
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (the file ends in storage s0)");

        // One number, taken 500 million times.
        assertRefused(TorchFile.with("w", "FloatStorage", 8, 0, new long[] {500_000_000}, new long[] {0}),
                "a PyTorch file whose tensor w lies outside of its storage");
        assertRefused(TorchFile.with("w", "FloatStorage", 8, 0, new long[] {65_536, 65_536}, new long[] {0, 0}),
                "a PyTorch file whose tensor w lies outside of its storage");
        assertRefused(TorchFile.with("w", "FloatStorage", 8, -1, new long[] {2}, new long[] {1}),
                "a PyTorch file whose tensor w lies outside of its storage");

        file = tensorOf8();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            many.append(TorchFile.entry("w" + i,
                    TorchFile.tensor("FloatStorage", 8, 0, new long[] {8}, new long[] {1})));
        }
        file.state = TorchFile.pickle(TorchFile.dict(many.toString()));
        assertRefused(file, "a PyTorch file whose tensors have more than twice its elements");
    }

    @Test
    void aTextOfTwoGigabytesTakesNoMemory() {
        TorchFile file = tensorOf8();
        file.state = TorchFile.pickle("}X\u00ff\u00ff\u00ff\u007f");
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (the file ends in a text of 2147483647 bytes)");

        file.state = TorchFile.pickle("}X\u00ff\u00ff\u00ff\u00ff");
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (the file ends in a text of 4294967295 bytes)");

        file.state = TorchFile.pickle("}X");
        byte[] cut = file.bytes();
        assertRefused(Arrays.copyOf(cut, new String(cut, StandardCharsets.ISO_8859_1).lastIndexOf("}X") + 4),
                "no PyTorch state dict of the format before 1.6 (the file ends in a length)");

        file.state = TorchFile.pickle("\u008e\u00ff\u00ff\u00ff\u007f\0\0\0\0"); // BINBYTES8
        assertRefused(file, "no PyTorch state dict of the format before 1.6 (it has the opcode 142");
    }

    @Test
    void namesAndShapesHaveALimit() {
        TorchFile file = tensorOf8();
        file.state = TorchFile.pickle("(".repeat((8 << 20) + 1));
        assertRefused(file, "a PyTorch file with more than 8 MB of names and shapes");

        String half = TorchFile.text("n".repeat(5 << 20));
        file.state = TorchFile.pickle("(" + half + half);
        assertRefused(file, "a PyTorch file with more than 8 MB of names and shapes");
    }
}
