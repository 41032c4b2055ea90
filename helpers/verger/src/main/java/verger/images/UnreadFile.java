package verger.images;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Stands in the content column for a file that was not read: one line of text that says why.
 *
 * <p>The reason travels with its row, through any query, to whoever asks for the picture. It cannot be taken for a picture,
 * as no picture begins with this text.
 */
final class UnreadFile {

    private static final String PREFIX = "verger could not use this file: ";
    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.UTF_8);

    private UnreadFile() {
    }

    static byte[] because(String reason) {
        return (PREFIX + reason).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the reason, or null if this is the content of a file. */
    static String reason(byte[] content) {
        boolean unread = content.length >= PREFIX_BYTES.length
                && Arrays.equals(content, 0, PREFIX_BYTES.length, PREFIX_BYTES, 0, PREFIX_BYTES.length);
        return unread
                ? new String(content, PREFIX_BYTES.length, content.length - PREFIX_BYTES.length, StandardCharsets.UTF_8)
                : null;
    }
}
