package verger.networks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.Settings;
import verger.networks.NetworkSource;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.WeightsNotFoundException;
import verger.networks.weights.Weights;

/** Which weights an EfficientNet-Lite takes. What it computes is compared with TensorFlow where the stages are tested. */
class EfficientNetLiteTest {

    private static final String LITE0 = "efficientnet-lite0-57934424.pth";
    private static final List<String> SETTINGS = List.of("verger.weights", "verger.home", "verger.cache");

    @TempDir
    Path folder;

    private final Map<String, String> before = new HashMap<>();

    @BeforeEach
    void keepSettings() {
        SETTINGS.forEach(name -> before.put(name, System.getProperty(name)));
    }

    @AfterEach
    void restoreSettings() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    @Test
    void weightsOfASmallerOneAreRefusedAndNotFilledUp() {
        Path lite0 = Settings.home().resolve(".verger/weights/efficientnet-lite0-57934424.pth");

        assertThatThrownBy(() -> source("EfficientNet-Lite1").onnx().maker()
                .write(new Weights(lite0, "", "here"), folder.resolve("x.onnx")))
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessage(
                        "Cannot read weights from " + lite0 + ": it is not EfficientNet-Lite1, since it has 16 blocks, not 21; "
                                + "give efficientnet-lite1-77cc7160.pth.");
    }

    @Test
    void aPublishedFileWithAnotherContentIsPassedOver() throws Exception {
        Path damaged = Files.createDirectories(folder.resolve("first")).resolve(LITE0);
        byte[] bytes = Files.readAllBytes(Settings.home().resolve(".verger/weights").resolve(LITE0));
        bytes[bytes.length - 1] ^= 1; // one bit of the last weight
        Files.write(damaged, bytes);
        System.setProperty("verger.weights", damaged.getParent().toString());

        Weights found = source("EfficientNet-Lite0").find("", new Configuration());

        assertThat(found.file()).isEqualTo(Settings.home().resolve(".verger/weights").resolve(LITE0));
        assertThat(found.sha256()).isEqualTo(Networks.EFFICIENTNET_LITE0.sha256());
        assertThat(found.from()).isEqualTo(found.file().toString());
    }

    @Test
    void theErrorSaysWhichFileIsNotThePublishedOne() throws Exception {
        System.setProperty("verger.weights", folder.resolve("first").toString());
        System.setProperty("verger.home", folder.resolve("home").toString());
        System.setProperty("verger.cache", folder.resolve("cache").toString());
        Files.writeString(Files.createDirectories(folder.resolve("home/.verger/weights")).resolve(LITE0), "weights");

        assertThatThrownBy(() -> source("EfficientNet-Lite0").find(" ", new Configuration()))
                .isInstanceOf(WeightsNotFoundException.class)
                .hasMessage("EfficientNet-Lite0 weights not found: looked in weights= (not set), " + folder + "/first (no "
                        + LITE0
                        + "), " + folder + "/home/.verger/weights (its " + LITE0 + " is not the published one), " + folder
                        + "/cache/weights (no " + LITE0 + "); run notebooks/run --setup or set weights=<path or URI of " + LITE0
                        + ">.");
    }

    /** Whoever names a file may have trained it. */
    @Test
    void aFileThatTheUserNamesNeedNotBeThePublishedOne() throws Exception {
        Path own = Files.writeString(folder.resolve("own.pth"), "weights");

        assertThat(source("EfficientNet-Lite0").find(" " + own + " ", new Configuration()).file()).isEqualTo(own);
    }

    @Test
    void aStateDictOfAnotherNetworkIsRefused() throws Exception {
        Path other = Files.write(folder.resolve("other.pth"), TorchFile.with("conv1.weight", "FloatStorage", 2, 0,
                new long[] {2}, new long[] {1}).bytes());

        assertThatThrownBy(
                () -> source("EfficientNet-Lite0").onnx().maker().write(new Weights(other, "", ""), folder.resolve("x")))
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessage("Cannot read weights from " + other + ": it is not EfficientNet-Lite0, since it has no tensor "
                        + "_conv_stem.weight; give " + LITE0 + ".");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void theErrorSaysHowWeightsOutsideOfTheSetUpAreFetched() {
        NetworkSource missing =
                new EfficientNetLite(Networks.EFFICIENTNET_LITE1, "nobody-has-this.pth", "--setup Missing", List.of());

        assertThatThrownBy(() -> missing.find("", new Configuration())).isInstanceOf(WeightsNotFoundException.class)
                .hasMessageStartingWith("EfficientNet-Lite1 weights not found: looked in weights= (not set), ")
                .hasMessageContaining(Settings.home().resolve(".verger/weights") + " (no nobody-has-this.pth)")
                .hasMessageEndingWith(
                        "; run notebooks/run --setup Missing or set weights=<path or URI of nobody-has-this.pth>.");
    }

    private static NetworkSource source(String name) {
        return Networks.sources().stream().filter(source -> source.network().name().equals(name)).findFirst().orElseThrow();
    }
}
