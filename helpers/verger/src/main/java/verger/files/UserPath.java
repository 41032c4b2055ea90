package verger.files;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Paths and URIs as people write them, where Hadoop would ask for more. */
public final class UserPath {

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/.*", Pattern.DOTALL);
    private static final Pattern BUCKET = Pattern.compile("s3a?://[^/]+");
    private static final String LOCAL = "file";

    private UserPath() {
    }

    /** Whether a text means something on this machine's own disks, of which a colon in a name is a letter as any other. */
    public static boolean isLocal(String uri, Configuration conf) {
        var scheme = SCHEME.matcher(uri);
        if (uri.startsWith(LOCAL + ":")) {
            return true;
        }
        return !scheme.matches() && LOCAL.equals(FileSystem.getDefaultUri(conf).getScheme());
    }

    /**
     * The path of another file system. {@code s3a://bucket} is the bucket's root.
     *
     * @throws IOException if it is none, or of a bucket that Hadoop cannot reach by its name
     */
    public static Path of(String uri) throws IOException {
        Path path;
        try {
            path = new Path(BUCKET.matcher(uri).matches() ? uri + "/" : uri);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a path or URI (" + e.getMessage() + ")", e);
        }
        URI parsed = path.toUri();
        if (BUCKET.matcher(parsed.getScheme() + "://" + parsed.getAuthority()).matches() && parsed.getHost() == null) {
            throw new IOException("Hadoop cannot reach a bucket of the name " + parsed.getAuthority()
                    + ", which is none of a host: copy the photographs to a bucket whose name has small letters, digits, points and "
                    + "hyphens only, and ends in a letter or a digit");
        }
        return path;
    }
}
