package verger.networks.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.networks.WeightsNotFoundException;
import verger.progress.Work;

/**
 * Finds the weights of a network of DL4J's zoo: the file that the user names, or the one in the zoo's cache, or the zoo's
 * download.
 */
public final class WeightsSearch {

    private static final Logger LOG = LoggerFactory.getLogger(WeightsSearch.class);

    /** Without a network the search ends within 10 s, the other places and their checks included. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final String WAY_OUT = "set weights=<path or s3a:// URI of a DL4J zip or Keras .h5>";

    private final Path cacheDir;
    private final String network;
    private final ZooFile zoo;
    private final Duration patience;

    /**
     * @param cacheDir a local directory for copies of remote files, created when needed
     * @param network name of the network, for errors
     * @param zoo     what is looked for where the user names no file
     */
    public WeightsSearch(Path cacheDir, String network, ZooFile zoo) {
        this(cacheDir, network, zoo, PATIENCE);
    }

    WeightsSearch(Path cacheDir, String network, ZooFile zoo, Duration patience) {
        this.cacheDir = cacheDir;
        this.network = network;
        this.zoo = zoo;
        this.patience = patience;
    }

    /**
     * Finds the weights.
     *
     * @param weights a local path, or a URI of any file system that Hadoop knows; null or blank to look in the zoo's
     *                cache and to download
     * @param hadoop  the settings of those file systems
     * @throws WeightsNotFoundException if {@code weights} is given and cannot be read, or nothing is found
     * @throws IOException              if a local copy cannot be written
     */
    public Weights find(String weights, Configuration hadoop) throws IOException {
        if (weights != null && !weights.isBlank()) {
            return new GivenWeights(cacheDir, network, WAY_OUT).find(weights.strip(), hadoop);
        }
        PartFile.removeOfDead(zoo.directory());
        Path cached = zoo.file();
        if (!Files.isRegularFile(cached)) {
            return download();
        }
        long adler32 = Checksums.adler32(cached);
        if (adler32 != zoo.adler32()) {
            // Neither deleted nor overwritten: it may be the user's own.
            throw notFound(zoo.directory() + " (" + zoo.name() + " has Adler-32 " + adler32 + ", not " + zoo.adler32()
                    + ": cut short, or another file), " + zoo.url() + " (not tried, its place is taken)",
                    " or delete that file to download it again", null);
        }
        return new Weights(cached, Checksums.sha256(cached), zoo.directory().toString());
    }

    private Weights download() throws IOException {
        String directory = zoo.directory() + " (no " + zoo.name() + ")";
        if (!canWrite(zoo.directory())) {
            throw notFound(directory + ", " + zoo.url() + " (not tried, that directory cannot be written)", "", null);
        }
        LOG.warn("Trying to download {}'s weights, about {} MB, from {} to {}", network, Math.round(zoo.bytes() / 1e6),
                zoo.url(),
                zoo.directory());
        try (PartFile part = PartFile.in(zoo.directory())) {
            Work.step("fetching " + network + "'s weights", () -> {
                Download.to(zoo.url(), part.path(), patience);
                return null;
            });
            long adler32 = Checksums.adler32(part.path());
            if (adler32 != zoo.adler32()) {
                throw new IOException("what came has Adler-32 " + adler32 + ", not " + zoo.adler32());
            }
            Path file = part.complete(zoo.name());
            return new Weights(file, Checksums.sha256(file), zoo.url().toString());
        } catch (IOException e) {
            throw notFound(directory + ", " + zoo.url() + " (" + e.getMessage() + ")", " or connect to download them", e);
        }
    }

    private static boolean canWrite(Path directory) {
        try {
            return Files.isWritable(Files.createDirectories(directory));
        } catch (IOException e) {
            return false;
        }
    }

    private WeightsNotFoundException notFound(String places, String otherWayOut, IOException cause) {
        return new WeightsNotFoundException(network + " weights not found: looked in weights= (not set), " + places + "; "
                + WAY_OUT + otherWayOut + ".", cause);
    }
}
