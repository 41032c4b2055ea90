package verger.networks.weights;

import java.net.URI;
import java.nio.file.Path;

/**
 * A file of weights that DL4J's model zoo publishes.
 *
 * @param directory the zoo's cache: where the file is kept once downloaded
 * @param url       where it is published
 * @param adler32   the checksum that is published with it
 * @param bytes     about how large it is
 */
public record ZooFile(Path directory, URI url, long adler32, long bytes) {

    String name() {
        String path = url.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns the place of the file in the zoo's cache. */
    public Path file() {
        return directory.resolve(name());
    }
}
