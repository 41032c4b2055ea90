package verger.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Paths of this machine's disks as text that keeps every byte of a name, whatever language the machine speaks.
 *
 * <p>A name is bytes on a disk. Java makes text of them by the locale, and under {@code LC_ALL=C} it loses whatever is not ASCII;
 * the URI of a path has the bytes themselves. So text is UTF-8 here always, and a path whose bytes are no UTF-8 is written as its
 * URI, {@code file:///photos/caf%E9.jpg}.
 */
public final class LocalPath {

    /** What Java puts in the place of bytes that it cannot read. */
    private static final char REPLACEMENT = '\uFFFD';

    /** Whether Java reads names as UTF-8. */
    private static final boolean UTF_8 = StandardCharsets.UTF_8.name().equals(System.getProperty("sun.jnu.encoding"));

    private static final String SCHEME = "file:";

    private LocalPath() {
    }

    /** Whether a text is a path of this class, and not of another file system. */
    public static boolean isLocal(String origin) {
        return origin.startsWith("/") || origin.startsWith(SCHEME);
    }

    /**
     * The path that a text means, absolute.
     *
     * @param text a path, or a URI that begins with {@code file:} and is encoded
     * @throws IOException if no path can be of that name
     */
    public static Path of(String text) throws IOException {
        return text.startsWith(SCHEME) ? ofUri(text) : of(Path.of("").toAbsolutePath(), text);
    }

    /** The path that a text means in a folder, which is absolute. */
    public static Path of(Path folder, String text) throws IOException {
        if (!UTF_8 && !isAscii(text)) {
            String start = text.startsWith("/") ? "file://" : "file://" + withoutSlash(folder.toUri().getRawPath()) + "/";
            return ofUri(start + encoded(text));
        }
        try {
            return folder.resolve(text);
        } catch (InvalidPathException e) {
            throw new IOException("not a path or URI (" + e.getMessage() + ")", e);
        }
    }

    private static Path ofUri(String uri) throws IOException {
        try {
            // Java keeps an empty name of a URI, and takes file:/ for text of the locale but file:/// for bytes.
            return Path.of(URI.create(uri.replaceAll("/{2,}", "/").replaceFirst("^file:/", "file:///")));
        } catch (FileSystemNotFoundException | IllegalArgumentException e) {
            throw new IOException("not a path or URI (" + e.getMessage() + ")", e);
        }
    }

    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b == '/' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
            encoded.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
        }
        return encoded.toString();
    }

    /** The text of an absolute path, which {@link #of} makes the same path again. */
    public static String origin(Path path) {
        String text = path.toString();
        if (UTF_8 ? text.indexOf(REPLACEMENT) < 0 : isAscii(text)) {
            return text; // as nearly always
        }
        String raw = withoutSlash(path.toUri().getRawPath());
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes(raw))).toString();
        } catch (CharacterCodingException e) {
            return "file://" + raw;
        }
    }

    /** A text to show and to take a label from: of bytes that are no UTF-8 no more than that they were there. */
    public static String shown(String origin) {
        return origin.startsWith(SCHEME)
                ? new String(bytes(URI.create(origin).getRawPath()), StandardCharsets.UTF_8) : origin;
    }

    /** A folder's URI ends in a slash. */
    private static String withoutSlash(String raw) {
        return raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    }

    private static byte[] bytes(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(raw.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
