package verger.networks.weights;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of weights that someone publishes.
 *
 * @param directory where the publisher's own software keeps it, and where it is kept once downloaded
 * @param url       where it is published
 * @param sums      the checksums that are published with it, of one algorithm; it has one of them, as editions may share a name
 * @param bytes     about how large it is
 */
public record PublishedFile(Path directory, URI url, List<Sum> sums, long bytes) {

    String name() {
        String path = url.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns the place of the file in the publisher's cache. */
    public Path file() {
        return directory.resolve(name());
    }

    /** What is wrong with a file of this name, in words that go on after its name; null where it is this one. */
    String mismatch(Path file) throws IOException {
        String sum = sums.get(0).of(file);
        return sums.stream().anyMatch(published -> published.matches(sum)) ? null
                : "has " + sums.get(0).algorithm() + " " + sum + ", not "
                        + sums.stream().map(Sum::value).collect(Collectors.joining(" or "));
    }
}
