package verger.networks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static verger.networks.Arrays2D.relativeDifference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.networks.Network;
import verger.networks.NetworkChoice;
import verger.networks.NetworkChooser;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.builtin.TorchWeights.Tensor;
import verger.networks.dl4j.Dl4jModels;
import verger.networks.onnx.OnnxRun;
import verger.networks.weights.Weights;

/**
 * Torchvision's ResNet50 from made-up weights, against what PyTorch and torchvision compute of them
 * (features/torchvision/resnet50.py): whole, and at an eighth of its width.
 */
class TorchvisionResNet50Test {

    private static final Path COMPUTED = Path.of("src/test/resources/features/torchvision");
    private static final double TOLERANCE = 1e-5;
    private static final int SIZE = 64;

    private static Map<String, Tensor> narrow;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() {
        narrow = StateDicts.resnet50(8, 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "legacy", "safetensors"})
    void featuresAreThoseOfPyTorch(String format) throws Exception {
        Path weights = folder.resolve("resnet50." + format);
        Path written = switch (format) {
            case "zip" -> StateDicts.writeZip(narrow, weights);
            case "legacy" -> StateDicts.writeLegacy(narrow, weights);
            default -> StateDicts.writeSafetensors(narrow, weights);
        };

        Map<String, float[][]> outputs = run(export(written));

        float[][] expected = expected("resnet50-narrow.csv");
        assertThat(relativeDifference(outputs.get("features"), Arrays.copyOf(expected, 1))).isLessThan(TOLERANCE);
        assertThat(relativeDifference(outputs.get("probabilities"), new float[][] {expected[1]})).isLessThan(TOLERANCE);
    }

    /** As {@code weights=} brings it in: {@code auto} takes it for what its name says, and says so. */
    @Test
    @Tag("slow")
    void aWholeOneComesInByItsFile() throws Exception {
        Path weights = StateDicts.writeZip(StateDicts.resnet50(64, 1000), folder.resolve("resnet50-0676ba61.pth"));

        NetworkChoice choice = NetworkChooser.choose(Networks.AUTO, weights.toString(), "onnx", new Configuration());

        assertThat(choice.network()).isSameAs(Networks.RESNET50_TORCHVISION);
        assertThat(choice.subtitle()).isEqualTo("ResNet50-torchvision, 2048 features (its weights were given)");
        assertThat(choice.weightsFrom()).isEqualTo(weights.toString());
        assertThat(relativeDifference(run(Path.of(choice.model())).get("features"), expected("resnet50.csv")))
                .isLessThan(TOLERANCE);
    }

    @Test
    void weightsWithoutAClassifierGiveFeatures() throws Exception {
        Map<String, Tensor> headless = StateDicts.resnet50(8, 10);
        headless.keySet().removeAll(List.of("fc.weight", "fc.bias"));

        Map<String, float[][]> outputs = run(export(StateDicts.writeZip(headless, folder.resolve("a.pth"))));

        assertThat(outputs).containsOnlyKeys("features");
        assertThat(relativeDifference(outputs.get("features"), Arrays.copyOf(expected("resnet50-narrow.csv"), 1)))
                .isLessThan(TOLERANCE);
    }

    /** ResNet101 has all of its tensors and more, Wide ResNet50 has the same names, and ResNet18 has fewer. */
    @Test
    void otherNetworksOfTheFamilyAreRefused() throws IOException {
        Map<String, Tensor> larger = StateDicts.resnet50(8, 10);
        larger.put("layer3.6.conv1.weight", new Tensor(new long[] {1}, new float[1]));
        assertRefused(larger, "it has a tensor layer3.6.conv1.weight too many");

        assertRefused(StateDicts.resnet50(4, 10), "its tensor conv1.weight is [4, 3, 7, 7], not [8, 3, 7, 7]");

        Map<String, Tensor> smaller = StateDicts.resnet50(8, 10);
        smaller.remove("layer1.0.conv3.weight");
        assertRefused(smaller, "it has no tensor layer1.0.conv3.weight");

        Map<String, Tensor> mixed = StateDicts.resnet50(8, 10);
        mixed.put("bn1.bias", new Tensor(new long[] {7}, new float[7]));
        assertRefused(mixed, "its tensor bn1.bias is [7], not [8]");
    }

    private void assertRefused(Map<String, Tensor> tensors, String why) throws IOException {
        Path weights = StateDicts.writeSafetensors(tensors, folder.resolve("a.safetensors"));
        assertThatThrownBy(() -> export(weights)).isInstanceOf(UnreadableWeightsException.class)
                .hasMessage("Cannot read weights from " + weights + ": it is not ResNet50-torchvision, since " + why
                        + "; give torchvision's ResNet50, or set network to theirs.");
    }

    /** Swapped files: each reader names what it was given, and the network that takes it. */
    @Test
    void filesOfKerasAndPyTorchAreNotTakenForEachOther() throws IOException {
        Path torch = StateDicts.writeZip(narrow, folder.resolve("weights.zip"));
        assertThatThrownBy(() -> Dl4jModels.load(torch))
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessage(
                        "Cannot read weights from " + torch + ": it is a file of PyTorch's weights, not of DL4J or Keras; set "
                                + "network=ResNet50-torchvision for torchvision's ResNet50, whose features are others.");

        Path legacy = StateDicts.writeLegacy(narrow, folder.resolve("weights.h5"));
        assertThatThrownBy(() -> Dl4jModels.load(legacy)).hasMessageContaining("it is a file of PyTorch's weights");

        Path keras = Files.write(folder.resolve("resnet50.pth"), new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 26, '\n'});
        assertThatThrownBy(() -> export(keras)).isInstanceOf(UnreadableWeightsException.class)
                .hasMessageContaining("it is an HDF5 file, as Keras writes it; ");
    }

    private Path export(Path weights) throws IOException {
        Network card =
                new Network("ResNet50-torchvision", SIZE, Network.ChannelOrder.RGB, new float[3], new float[3], "pool", 256,
                        10, null, "", "", null);
        Path onnx = Files.createFile(folder.resolve(weights.getFileName() + ".onnx"));
        try {
            new TorchvisionResNet50(card, "resnet50-00000000.pth").onnx().maker().write(new Weights(weights, "", ""), onnx);
        } catch (IOException | RuntimeException e) {
            Files.delete(onnx);
            throw e;
        }
        return onnx;
    }

    private static Map<String, float[][]> run(Path onnx) throws Exception {
        return OnnxRun.of(onnx, StateDicts.numbers(1000, -2, 2, 3, SIZE, SIZE), 1, SIZE);
    }

    private static float[][] expected(String file) throws IOException {
        try (var lines = Files.lines(COMPUTED.resolve(file))) {
            return lines.map(line -> {
                String[] numbers = line.split(",");
                float[] row = new float[numbers.length];
                for (int i = 0; i < row.length; i++) {
                    row[i] = Float.parseFloat(numbers[i]);
                }
                return row;
            }).toArray(float[][]::new);
        }
    }
}
