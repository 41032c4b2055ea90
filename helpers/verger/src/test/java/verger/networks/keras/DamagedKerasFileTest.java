package verger.networks.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.NetworkSource;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.weights.Checksums;
import verger.networks.weights.Weights;

/**
 * A damaged {@code .h5} is refused with one sentence, although HDF5's library crashes on some and takes all memory for others:
 * a few files with the same seeds each time, or as many as there is time for with {@code -Dverger.fuzz.seconds=600}.
 */
@Tag("slow")
class DamagedKerasFileTest {

    private static final int FILES = 3;
    /** Of the file, where HDF5 keeps its tables and not numbers. */
    private static final int MOST_OF_TABLES = 4096;

    /** Of a data set whose dataspace, fill value and layout lie one after the other: HDF5 File Format Specification, IV.A.2. */
    private static final int LENGTH = 8;
    private static final int MOST = 16;
    private static final int ADDRESS = 82;

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        Function<KerasLayers, String> tell = layers -> {
            layers.convolution("conv1_conv", "input_1", 4, 3, 1, true, true, true);
            layers.globalAveragePooling("pool", "conv1_conv");
            layers.softmax("predictions", "pool", 4, 10);
            return "predictions";
        };
        KerasGraph layers = new KerasGraph();
        ComputationGraph network = layers.build(tell.apply(layers), 32);
        file = dir.resolve("weights.h5");
        KerasFile.writeWeights(file, tell, network);
        network.close();
    }

    @Test
    void aWholeFileOfAnotherNetworkIsRefusedByItsOwnSentence() {
        assertThatThrownBy(() -> convert(file)).isInstanceOf(UnreadableWeightsException.class)
                .hasMessage("Cannot read weights from " + file + ": it is a file of weights whose layer 'conv1_conv' is kernel "
                        + "[3×3×3×4], bias [4], where ResNet50 has kernel [7×7×3×64], bias [64]; give weights of ResNet50, or set "
                        + "network to theirs.");
    }

    /** Ten numbers that say they are 2³⁰: DL4J makes an array of them. */
    @Test
    void aFileThatAsksForGigabytesIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int bias = biasOfTen(bytes);
        bytes[bias + LENGTH + 3] = 0x40;
        bytes[bias + MOST + 3] = 0x40;
        assertRefused(bytes, "a file whose reader needs more than its 384 MB of heap");
    }

    /** Ten numbers that say they are 2³² more and are nowhere: HDF5 fills them in, 16 GB, where DL4J has room for ten. */
    @Test
    void aFileThatHdf5CrashesOnIsRefusedAndDoesNotEndThisJvm() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int bias = biasOfTen(bytes);
        bytes[bias + LENGTH + 4] = 1;
        bytes[bias + MOST + 4] = 1;
        Arrays.fill(bytes, bias + ADDRESS, bias + ADDRESS + Long.BYTES, (byte) 0xff);
        assertRefused(bytes, "a file whose reader crashed (signal ");
    }

    /** Where the classifier's bias begins: a dataspace of version 1 with one axis, of ten numbers and at the most ten. */
    private static int biasOfTen(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String space = "\1\1\1\0\0\0\0\0\n\0\0\0\0\0\0\0\n\0\0\0\0\0\0\0";
        assertThat(text).containsOnlyOnce(space);
        int bias = text.indexOf(space);
        assertThat(bytes[bias + ADDRESS - 2]).as("layout of version 3").isEqualTo((byte) 3);
        assertThat(bytes[bias + ADDRESS - 1]).as("in one piece").isEqualTo((byte) 1);
        assertThat(bytes[bias + ADDRESS + Long.BYTES]).as("its bytes").isEqualTo((byte) 40);
        return bias;
    }

    private void assertRefused(byte[] bytes, String what) throws IOException {
        Path damaged = Files.write(dir.resolve("damaged.h5"), bytes);
        assertThatThrownBy(() -> convert(damaged)).isInstanceOf(UnreadableWeightsException.class)
                .hasMessageStartingWith("Cannot read weights from " + damaged + ": it is " + what)
                .hasMessageEndingWith("; copy or download it again.");
    }

    @Test
    void aDamagedFileIsRefusedWithASentenceAndNeverEndsThisJvm() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        long seconds = Long.getLong("verger.fuzz.seconds", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Map<String, Integer> said = new TreeMap<>();
        for (int seed = 0; seconds > 0 ? System.nanoTime() < end : seed < FILES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[8 + random.nextInt(Math.min(MOST_OF_TABLES, bytes.length) - 8)] = (byte) random.nextInt(256);
            }
            Path damaged = Files.write(dir.resolve("damaged.h5"), bytes);
            String prefix = "Cannot read weights from " + damaged + ": it is ";
            assertThatThrownBy(() -> convert(damaged)).as("seed " + seed).isInstanceOf(UnreadableWeightsException.class)
                    .hasMessageStartingWith(prefix).satisfies(e -> {
                        assertThat(e.getMessage()).doesNotContain("\n");
                        said.merge(e.getMessage().substring(prefix.length()), 1, Integer::sum);
                    });
        }
        System.out.println("damaged .h5 files: " + said);
    }

    private void convert(Path weights) throws IOException {
        NetworkSource resNet50 = Networks.sources().get(0);
        resNet50.onnx().maker().write(new Weights(weights, Checksums.sha256(weights), "here"), dir.resolve("x.onnx"));
    }
}
