package verger.box.s3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as AWS does it: of all but letters, digits, and {@code - _ . ~}; a plus sign is a plus sign. */
final class Percent {

    private static final String UNRESERVED = "-_.~";

    private Percent() {
    }

    static String encode(String text) {
        return encode(text, UNRESERVED);
    }

    /** The same with slashes left as they are. */
    static String encodePath(String path) {
        return encode(path, UNRESERVED + "/");
    }

    private static String encode(String text, String left) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || left.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    /** @throws IllegalArgumentException if a percent sign has no two hexadecimal digits behind it */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                if (i + 2 >= bytes.length) {
                    throw new IllegalArgumentException("a percent sign without two digits in " + text);
                }
                decoded.write(Integer.parseInt(new String(bytes, i + 1, 2, StandardCharsets.US_ASCII), 16));
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
