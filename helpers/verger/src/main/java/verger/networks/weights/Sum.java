package verger.networks.weights;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A checksum that a publisher gives with a file.
 *
 * @param algorithm its name
 * @param value     digits in lower case: decimal ones of an Adler-32, else hexadecimal ones; of a SHA-256 the first ones may
 *                  do, as PyTorch has them in the names of its files
 */
public record Sum(String algorithm, String value) {

    private static final String ADLER32 = "Adler-32";
    private static final String SHA256 = "SHA-256";

    /** As DL4J's zoo gives it. */
    public static Sum adler32(long value) {
        return new Sum(ADLER32, Long.toString(value));
    }

    /** As Keras gives it. */
    public static Sum md5(String digits) {
        return new Sum("MD5", digits);
    }

    /** All 64 digits, or the first ones. */
    public static Sum sha256(String digits) {
        return new Sum(SHA256, digits);
    }

    /** The sum of a file by this one's algorithm. */
    String of(Path file) throws IOException {
        return algorithm.equals(ADLER32) ? Long.toString(Checksums.adler32(file)) : Checksums.digest(algorithm, file);
    }

    /** Whether a sum that {@link #of} gave is this one. */
    boolean matches(String sum) {
        return algorithm.equals(SHA256) ? sum.startsWith(value) : sum.equals(value);
    }
}
