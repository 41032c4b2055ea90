package verger.networks.weights;

import java.nio.file.Path;

/**
 * A file of weights on the local disk.
 *
 * @param file   the file
 * @param sha256 of its content, in lower-case hexadecimal digits
 * @param from   where it comes from: a path or URI as the user gave it, the directory of the zoo's cache or the zoo's URL
 */
public record Weights(Path file, String sha256, String from) {
}
