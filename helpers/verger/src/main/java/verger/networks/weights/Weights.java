package verger.networks.weights;

import java.nio.file.Path;

/**
 * A file of weights on the local disk.
 *
 * @param file   the file
 * @param sha256 of its content, in lower-case hexadecimal digits
 * @param from   where it comes from: a path or URI as the user gave it, the path in a cache, or the URL that it
 *               was fetched from
 */
public record Weights(Path file, String sha256, String from) {
}
