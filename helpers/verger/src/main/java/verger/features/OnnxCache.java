package verger.features;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the ONNX file of each file of weights, so that it is made only once on a machine.
 *
 * <p>A name holds the SHA-256 of the weights, the version of the exporter and the length of the ONNX file: one that was
 * cut short is not used. Files appear by an atomic move, so any number of JVMs may share a directory.
 */
final class OnnxCache {

    /** Writes the ONNX file of a file of weights. */
    interface Export {

        /**
         * @throws UnreadableWeightsException if the weights are not a model that can be loaded
         * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
         * @throws IOException                if a file cannot be read or written
         */
        void write(Path weights, Path onnx) throws IOException;
    }

    private final Path dir;

    /** @param dir a local directory, created when needed */
    OnnxCache(Path dir) {
        this.dir = dir;
    }

    /**
     * The ONNX file of a network, exported now if it is not there yet.
     *
     * @param weights the network's weights
     * @param export  writes the file
     * @throws UnreadableWeightsException if the weights are not a model that can be loaded
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     * @throws IOException                if a file cannot be read or written
     */
    Path of(Weights weights, Export export) throws IOException {
        // One export at a time in a JVM: each takes some hundred megabytes.
        synchronized (OnnxCache.class) {
            Path cached = cached(weights);
            return cached != null ? cached : export(weights, export);
        }
    }

    private static String prefix(Weights weights) {
        return weights.sha256() + "-v" + OnnxExporter.VERSION + "-";
    }

    private Path cached(Weights weights) throws IOException {
        if (!Files.isDirectory(dir)) {
            return null;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, prefix(weights) + "*.onnx")) {
            for (Path file : files) {
                if (file.getFileName().toString().equals(prefix(weights) + Files.size(file) + ".onnx")) {
                    return file;
                }
            }
        }
        return null;
    }

    private Path export(Weights weights, Export export) throws IOException {
        try (PartFile part = PartFile.in(dir)) {
            export.write(weights.file(), part.path());
            return part.complete(prefix(weights) + Files.size(part.path()) + ".onnx");
        }
    }
}
