package verger.networks.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Adler32;
import java.util.zip.CheckedInputStream;

/** Checksums of files, read in a stream. */
public final class Checksums {

    private Checksums() {
    }

    /** Returns the SHA-256 of a file in lower-case hexadecimal digits. */
    public static String sha256(Path file) throws IOException {
        return digest("SHA-256", file);
    }

    /** Returns the digest of a file, by an algorithm that every Java platform has, in lower-case hexadecimal digits. */
    static String digest(String algorithm, Path file) throws IOException {
        MessageDigest digest = newDigest(algorithm);
        update(digest, file);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the SHA-256 of a text, as UTF-8, in lower-case hexadecimal digits. */
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the SHA-256 of some bytes in lower-case hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newSha256().digest(bytes));
    }

    /** Feeds a file into a checksum. */
    public static void update(MessageDigest digest, Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Returns a new SHA-256 digest. */
    public static MessageDigest newSha256() {
        return newDigest("SHA-256");
    }

    private static MessageDigest newDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm, e);
        }
    }

    /** Returns the Adler-32 of a file, the checksum that DL4J's zoo publishes. */
    static long adler32(Path file) throws IOException {
        Adler32 adler = new Adler32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(file), adler)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return adler.getValue();
    }
}
