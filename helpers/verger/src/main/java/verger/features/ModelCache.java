package verger.features;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the file that executors are given for each file of weights, so that it is made and checked only once on a machine.
 *
 * <p>A name holds the SHA-256 of the weights, the version of what made the file and the file's length: a name stands for
 * one content, on every machine, and a file that was cut short is not used. Files appear by an atomic move, so any number
 * of JVMs may share a directory.
 */
final class ModelCache {

    /** Makes the file from the weights. */
    interface Maker {

        /**
         * @param file where to, an existing empty file; what is half written when this throws is not used
         * @throws UnreadableWeightsException if the weights are not a model that can be loaded, or another network's
         * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
         * @throws IOException                if a file cannot be read or written
         */
        void write(Weights weights, Path file) throws IOException;
    }

    private final Path dir;
    private final int version;
    private final String suffix;

    /**
     * @param dir     a local directory, created when needed
     * @param version of the maker: goes up when the same weights give another file, or are checked in another way
     * @param suffix  of the names, with its dot
     */
    ModelCache(Path dir, int version, String suffix) {
        this.dir = dir;
        this.version = version;
        this.suffix = suffix;
    }

    /**
     * The file for these weights, made now if it is not there yet.
     *
     * @throws UnreadableWeightsException if the weights are not a model that can be loaded, or another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     * @throws IOException                if a file cannot be read or written
     */
    Path of(Weights weights, Maker maker) throws IOException {
        // One at a time in a JVM: each takes some hundred megabytes.
        synchronized (ModelCache.class) {
            Path cached = cached(weights);
            return cached != null ? cached : make(weights, maker);
        }
    }

    private String name(Weights weights, Object length) {
        return weights.sha256() + "-v" + version + "-" + length + suffix;
    }

    private Path cached(Weights weights) throws IOException {
        if (!Files.isDirectory(dir)) {
            return null;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, weights.sha256() + "-*")) {
            for (Path file : files) {
                if (file.getFileName().toString().equals(name(weights, Files.size(file)))) {
                    return file;
                }
            }
        }
        return null;
    }

    private Path make(Weights weights, Maker maker) throws IOException {
        try (PartFile part = PartFile.in(dir)) {
            maker.write(weights, part.path());
            return part.complete(name(weights, Files.size(part.path())));
        }
    }
}
