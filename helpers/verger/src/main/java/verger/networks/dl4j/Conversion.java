package verger.networks.dl4j;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.networks.EngineKind;
import verger.networks.Network;
import verger.networks.NetworkSource;
import verger.networks.Networks;
import verger.networks.UnreadableWeightsException;
import verger.networks.UnsupportedLayerException;
import verger.networks.weights.Checksums;
import verger.networks.weights.ChildJvm;
import verger.networks.weights.ProcessFiles;
import verger.networks.weights.Weights;

/**
 * Reads a file of weights by DL4J in a JVM of its own, and has it written as the file of an engine: HDF5's library crashes on
 * some damaged files, and takes all memory for others.
 */
final class Conversion {

    private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);

    private static final long MIB = 1 << 20;
    /** Of what a JVM with DL4J takes before it has read anything, about twice as much. */
    private static final long HEAP = 384 * MIB;
    private static final long BESIDE = 1536 * MIB;
    /** How often a parameter is in memory at a time, at the most: as read, as a layer's, as the exporter's, as the file's. */
    private static final int COPIES = 4;
    private static final long CPU_SECONDS = 120;
    private static final long MIB_A_CPU_SECOND = 1;

    private static final String DAMAGED = "copy or download it again";

    private Conversion() {
    }

    /** A network whose weights are read there. */
    interface Converted extends NetworkSource {

        Dl4jWeights weights();

        /** Bytes that its parameters have in a zip at the most. */
        long mostParameterBytes();
    }

    /**
     * Writes the file.
     *
     * @param engine {@code onnx} or {@code dl4j}
     * @throws UnreadableWeightsException if the weights cannot be loaded, or are another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     */
    static void run(Network network, String engine, Weights weights, Path file) throws IOException {
        Path answer = ProcessFiles.newFile("verger-conversion-", ".properties");
        try {
            ChildJvm.Bounds bounds = bounds(weights.file(), converted(network.name()).mostParameterBytes());
            ChildJvm.Ended ended = ChildJvm.run(Main.class, bounds, List.of(network.name(), engine,
                    weights.file().toAbsolutePath().toString(), file.toAbsolutePath().toString(), answer.toString()));
            Properties said = new Properties();
            try (Reader in = Files.newBufferedReader(answer)) {
                said.load(in);
            }
            require(said, ended, weights.file());
        } finally {
            Files.deleteIfExists(answer);
        }
        if (!Checksums.sha256(weights.file()).equals(weights.sha256())) {
            throw new IOException(weights.file() + " changed while it was read");
        }
    }

    private static void require(Properties said, ChildJvm.Ended ended, Path weights) throws IOException {
        String message = said.getProperty("message", "");
        switch (said.getProperty("kind", "")) {
            case "done" -> {
                return;
            }
            case "unreadable" -> throw new UnreadableWeightsException(weights, message, said.getProperty("wayOut"), null);
            case "unsupported" -> throw new UnsupportedLayerException(said.getProperty("layer"), message);
            case "io" -> throw new IOException(message);
            case "memory" -> throw new UnreadableWeightsException(weights,
                    "a file whose reader needs more memory than its size explains (" + message + ")", DAMAGED, null);
            default -> {
                LOG.warn("The reader of {} {}: {}", weights, ended.why(), ended.lastWords());
                throw new UnreadableWeightsException(weights, "a file whose reader " + ended.why(), DAMAGED, null);
            }
        }
    }

    private static Converted converted(String network) {
        return Networks.sources().stream().filter(source -> source.network().name().equals(network)).map(Converted.class::cast)
                .findFirst().orElseThrow();
    }

    /**
     * By the size that its numbers have, which a zip may have made smaller.
     *
     * @param most bytes that the network's parameters have: a zip of zeros says any number
     */
    static ChildJvm.Bounds bounds(Path weights, long most) throws IOException {
        long size = Files.size(weights);
        if (Dl4jModels.isZip(weights)) {
            try (ZipFile zip = new ZipFile(weights.toFile())) {
                size = Math.max(size, Math.min(most, Dl4jZip.parameterBytes(zip)));
            } catch (IOException e) {
                LOG.debug("{} is no whole zip, which its reader says", weights, e);
            }
        }
        return new ChildJvm.Bounds(HEAP + COPIES * size, BESIDE + COPIES * size,
                CPU_SECONDS + size / MIB / MIB_A_CPU_SECOND);
    }

    /** What the other JVM runs. */
    static final class Main {

        private Main() {
        }

        public static void main(String[] arguments) throws IOException {
            ChildJvm.endWithParent();
            Properties answer = new Properties();
            try {
                convert(converted(arguments[0]).weights(), arguments);
                answer.setProperty("kind", "done");
            } catch (UnreadableWeightsException e) {
                tell(answer, "unreadable", e.what());
                answer.setProperty("wayOut", e.wayOut());
            } catch (UnsupportedLayerException e) {
                tell(answer, "unsupported", e.construct());
                answer.setProperty("layer", e.layer());
            } catch (IOException e) {
                tell(answer, "io", String.valueOf(e.getMessage()));
            } catch (OutOfMemoryError e) { // JavaCPP's, of native memory: the heap's ends the JVM
                tell(answer, "memory", String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
            try (Writer out = Files.newBufferedWriter(Path.of(arguments[4]))) {
                answer.store(out, null);
            }
            Runtime.getRuntime().halt(0); // nothing is left to do, and native libraries need not be unloaded
        }

        private static void convert(Dl4jWeights weights, String[] arguments) throws IOException {
            if (arguments[1].equals(EngineKind.ONNX)) {
                weights.export(Path.of(arguments[2]), Path.of(arguments[3]));
            } else {
                weights.rewrite(Path.of(arguments[2]), Path.of(arguments[3]));
            }
        }

        private static void tell(Properties answer, String kind, String message) {
            answer.setProperty("kind", kind);
            answer.setProperty("message", message);
        }
    }
}
