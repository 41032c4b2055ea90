package verger.box.s3;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the object of a key lies in its bucket's folder: {@code Training/Pêche 1/0.jpg} in the file of that path, so that a
 * person finds it.
 *
 * <p>What a folder cannot hold is written with percent signs: {@code %25} for itself, {@code %2E} for the names . and .., a
 * lone {@code %} for an empty name (S3A marks a folder by the key {@code folder/}). A file whose name ends in a lone {@code %}
 * is an object whose key is also the beginning of other keys.
 */
final class KeyFiles {

    private static final char ESCAPE = '%';
    private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private KeyFiles() {
    }

    /** The file of a key below a bucket's folder. */
    static Path file(Path bucket, String key) {
        Path file = bucket;
        for (String name : key.split("/", -1)) {
            file = file.resolve(encoded(name));
        }
        return file;
    }

    /** The file for an object whose own place is a folder. */
    static Path besideFolder(Path file) {
        return file.resolveSibling(file.getFileName().toString() + ESCAPE);
    }

    /** The key of a file. */
    static String key(Path bucket, Path file) {
        List<String> names = new ArrayList<>();
        bucket.relativize(file).forEach(name -> names.add(decoded(name.toString())));
        return String.join("/", names);
    }

    private static String encoded(String name) {
        if (name.isEmpty()) {
            return String.valueOf(ESCAPE);
        }
        if (name.equals(".") || name.equals("..")) {
            return name.replace(".", "%2E");
        }
        StringBuilder encoded = new StringBuilder();
        CharsetEncoder names = FILE_NAMES.newEncoder();
        name.codePoints().forEach(c -> {
            String character = Character.toString(c);
            if (c == ESCAPE || c < ' ' || !names.canEncode(character)) {
                for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
                    encoded.append(String.format("%%%02X", b));
                }
            } else {
                encoded.append(character);
            }
        });
        return encoded.toString();
    }

    private static String decoded(String name) {
        String own = name.endsWith("%") ? name.substring(0, name.length() - 1) : name;
        return own.equals("%") ? "" : Percent.decode(own); // an empty name, beside a folder of that name
    }
}
