package verger.networks.weights;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import verger.networks.UnreadableWeightsException;
import verger.networks.UnsupportedLayerException;
import verger.progress.Work;

/**
 * Keeps the file that executors are given for each file of weights, so that it is made and checked only once on a machine.
 *
 * <p>A name holds the SHA-256 of the weights, the version of what made the file and the SHA-256 of the file itself: a name
 * stands for one content, on every machine, and a file that was cut short or changed is made anew. So is one that another
 * user may have put there: see {@link TrustedFolder}. Files appear by an atomic move, so any number of JVMs may share a
 * directory.
 */
public final class ModelCache {

    /** Makes the file from the weights. */
    public interface Maker {

        /**
         * @param file where to, an existing empty file; what is half written when this throws is not used
         * @throws UnreadableWeightsException if the weights are not a model that can be loaded, or another network's
         * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
         * @throws IOException                if a file cannot be read or written
         */
        void write(Weights weights, Path file) throws IOException;
    }

    /**
     * A maker and its version.
     *
     * @param version goes up when the same weights give another file, or are checked in another way
     */
    public record Recipe(int version, Maker maker) {
    }

    private final Path dir;
    private final int version;
    private final String suffix;

    /**
     * @param dir     a local directory, created when needed
     * @param version of the maker: goes up when the same weights give another file, or are checked in another way
     * @param suffix  of the names, with its dot
     */
    public ModelCache(Path dir, int version, String suffix) {
        this.dir = dir;
        this.version = version;
        this.suffix = suffix;
    }

    /**
     * Returns the file for these weights, which is made now if it is not there yet.
     *
     * @throws UnreadableWeightsException if the weights are not a model that can be loaded, or another network's
     * @throws UnsupportedLayerException  if the network has a layer that cannot be exported
     * @throws IOException                if a file cannot be read or written
     */
    public Path of(Weights weights, Maker maker) throws IOException {
        // One at a time in a JVM: each takes some hundred megabytes.
        synchronized (ModelCache.class) {
            Path folder = TrustedFolder.of(dir);
            PartFile.removeOfDead(folder);
            Path cached = cached(folder, weights);
            return cached != null ? cached : make(folder, weights, maker);
        }
    }

    private String prefix(Weights weights) {
        return weights.sha256() + "-v" + version + "-";
    }

    private String name(Weights weights, String sha256) {
        return prefix(weights) + sha256 + suffix;
    }

    private Path cached(Path folder, Weights weights) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix(weights) + "*" + suffix)) {
            for (Path file : files) {
                if (TrustedFolder.isTrusted(file)
                        && file.getFileName().toString().equals(name(weights, Checksums.sha256(file)))) {
                    return file;
                }
            }
        }
        return null;
    }

    private Path make(Path folder, Weights weights, Maker maker) throws IOException {
        try (PartFile part = PartFile.in(folder)) {
            return Work.step("converting " + weights.file().getFileName(), () -> {
                maker.write(weights, part.path());
                TrustedFolder.closeToOthers(part.path());
                return part.complete(name(weights, Checksums.sha256(part.path())));
            });
        }
    }
}
