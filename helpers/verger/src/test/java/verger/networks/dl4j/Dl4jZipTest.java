package verger.networks.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;

/** Of a DL4J zip the configuration and the parameters are read, bounded, and nothing else that it names. */
class Dl4jZipTest {

    private static boolean wasRun;

    @TempDir
    Path dir;

    private ComputationGraph network;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Whatever can be deserialized runs code of its own. */
    static final class Evil implements Serializable {

        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) {
            wasRun = true;
        }
    }

    /** A class that a configuration could name. */
    static final class Named {

        static {
            wasRun = true;
        }
    }

    @BeforeEach
    void saveNetwork() throws IOException {
        wasRun = false;
        network = TinyNetworks.chain(CNN2DFormat.NCHW, 8, new GlobalPoolingLayer(PoolingType.MAX));
        Path zip = dir.resolve("whole.zip");
        ModelSerializer.writeModel(network, zip.toFile(), false);
        try (ZipFile whole = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : whole.stream().toList()) {
                entries.put(entry.getName(), whole.getInputStream(entry).readAllBytes());
            }
        }
    }

    @Test
    void aWholeZipIsRestored() throws IOException {
        assertThat(Dl4jModels.load(zip()).params()).isEqualTo(network.params());
    }

    @Test
    void nothingElseInTheZipIsDeserialized() throws IOException {
        ByteArrayOutputStream evil = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(evil)) {
            out.writeObject(new Evil());
        }
        entries.put("preprocessor.bin", evil.toByteArray());
        entries.put("updaterState.bin", new byte[] {1, 2, 3});
        assertThat(Dl4jModels.load(zip()).params()).isEqualTo(network.params());
        assertThat(wasRun).isFalse();
    }

    /** Sets within sets, two kilobytes in the zip: Java asks each for its hash, and so the innermost 2¹⁰⁰ times. */
    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void setsWithinSetsDoNotKeepItForEver() throws IOException {
        Set<Object> sets = new HashSet<>();
        Set<Object> one = sets;
        Set<Object> other = new HashSet<>();
        for (int depth = 0; depth < 100; depth++) {
            Set<Object> oneWithin = new HashSet<>(Set.of("unlike the other"));
            Set<Object> otherWithin = new HashSet<>();
            for (Set<Object> outer : List.of(one, other)) {
                outer.add(oneWithin);
                outer.add(otherWithin);
            }
            one = oneWithin;
            other = otherWithin;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sets);
        }
        entries.put("preprocessor.bin", bytes.toByteArray());
        assertThat(Dl4jModels.load(zip()).params()).isEqualTo(network.params());
    }

    @Test
    void aClassThatIsNoneOfDl4jsIsNotEvenLoaded() throws IOException {
        String json = configuration();
        String layer = "org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer";
        assertThat(json).contains('"' + layer + '"');
        entries.put("configuration.json", json.replace(layer, Named.class.getName()).getBytes(StandardCharsets.UTF_8));
        assertRefused("its configuration names the class " + Named.class.getName() + ", which is none of DL4J's");
        assertThat(wasRun).isFalse();
    }

    /** Zeros that are a thousandth of their size in the zip. */
    @Test
    void aConfigurationThatIsABombIsNotReadToItsEnd() throws IOException {
        entries.put("configuration.json", (configuration() + " ".repeat(9 << 20)).getBytes(StandardCharsets.UTF_8));
        assertThat(Files.size(zip())).isLessThan(100_000);
        assertRefused("its configuration has more than 8388608 bytes");

        entries.put("configuration.json", "[".repeat(5000).getBytes(StandardCharsets.UTF_8));
        assertRefused("its configuration is nested more than 100 deep");
    }

    @Test
    void parametersThatTheConfigurationDoesNotAskForTakeNoMemory() throws IOException {
        entries.put("coefficients.bin", coefficients(20_000_000, 20_000_000));
        assertRefused("it has 20000000 parameters in 80000000 bytes, and its configuration asks for " + network.numParams());
        // The header says more than there is, and less.
        entries.put("coefficients.bin", coefficients(Integer.MAX_VALUE, (int) network.numParams()));
        assertRefused("it has 2147483647 parameters in " + 4 * network.numParams() + " bytes");
        entries.put("coefficients.bin", coefficients((int) network.numParams(), 1));
        assertRefused("it has " + network.numParams() + " parameters in 4 bytes");
    }

    @Test
    void aConfigurationThatAsksForMoreThanThereIsTakesNoMemory() throws IOException {
        String json = configuration();
        String asked = json.replaceFirst("\"nout\" : 4", "\"nout\" : 2000000000").replaceFirst("\"nOut\" : 4",
                "\"nOut\" : 2000000000");
        assertThat(asked).isNotEqualTo(json);
        entries.put("configuration.json", asked.getBytes(StandardCharsets.UTF_8));
        assertRefused("it has " + network.numParams() + " parameters in ");
    }

    /** Zeros are a thousandth of their size in a zip: of another network they are not even looked at. */
    @Test
    void anotherNetworkIsRefusedBeforeItsParametersAreRead() throws IOException {
        entries.put("coefficients.bin", new byte[0]);
        assertNoResNet50("a network of " + network.numParams() + " parameters, and ResNet50 has 25,636,712 with its 1000 "
                + "classes, or 23,587,712 without them and 2,049 for each class");

        String asked = configuration().replaceFirst("\"nout\" : 4", "\"nout\" : 100000000").replaceFirst("\"nOut\" : 4",
                "\"nOut\" : 100000000");
        assertThat(asked).isNotEqualTo(configuration());
        entries.put("configuration.json", asked.getBytes(StandardCharsets.UTF_8));
        assertNoResNet50("a network of 400,000,000 parameters, and ResNet50 has 25,636,712 with its 1000 classes,"
                + " or 23,587,712 without them and 2,049 for each class, of which 65,536 are the most");
    }

    private void assertNoResNet50(String what) throws IOException {
        Path zip = zip();
        assertThatThrownBy(() -> Dl4jModels.load(zip, ZooNetwork.of(Networks.RESNET50)))
                .isInstanceOf(UnreadableWeightsException.class)
                .hasMessage("Cannot read weights from " + zip + ": it is " + what
                        + "; give weights of ResNet50, or set network=EfficientNet-Lite0.");
    }

    /** Its shape says how far a native library reads. */
    @Test
    void aShapeThatLeadsOutOfTheParametersIsRefused() throws IOException {
        int count = (int) network.numParams();
        for (long[] shape : new long[][] {{2, 1, count, count, 2}, {2, 1, 2L * count, 1, 1}, {2, count, count, 1, 1},
            {2, 1, count, 1, -1}, {Long.MAX_VALUE, 1, count, 1, 1}, {-1, 1, count, 1, 1}}) {
            entries.put("coefficients.bin", coefficients(shape, count, count));
            assertRefused("it has " + count + " parameters in ");
        }
        entries.put("coefficients.bin", "\0\6COMPRESSED".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("");
    }

    private String configuration() {
        return new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    }

    private static byte[] coefficients(int declared, int real) throws IOException {
        return coefficients(new long[] {2, 1, declared, declared, 1}, declared, real);
    }

    /** As ND4J writes an array: a buffer of its shape and one of its numbers. */
    private static byte[] coefficients(long[] shape, int declared, int real) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF("LONG_SHAPE");
        out.writeLong(8);
        out.writeUTF("LONG");
        for (long number : shape) {
            out.writeLong(number);
        }
        out.writeLong(8192);
        out.writeLong(1);
        out.writeLong('c');
        out.writeUTF("MIXED_DATA_TYPES");
        out.writeLong(declared);
        out.writeUTF("FLOAT");
        out.write(new byte[4 * real]);
        return bytes.toByteArray();
    }

    private Path zip() throws IOException {
        Path zip = dir.resolve("changed.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return zip;
    }

    private void assertRefused(String why) throws IOException {
        Path zip = zip();
        assertThatThrownBy(() -> Dl4jModels.load(zip)).isInstanceOf(UnreadableWeightsException.class)
                .hasMessageStartingWith("Cannot read weights from " + zip
                        + ": it is a zip that DL4J cannot restore a ComputationGraph from (" + why)
                .message().doesNotContain("\n");
    }
}
