package verger.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
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
}
