package verger.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Paths and URIs as people write them, where Hadoop would ask for more. */
public final class UserPath {

    /** Option of a stream: the folder that it watches, where Spark's own {@code path} is another. */
    public static final String WATCHED = "verger.place";

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):/.*", Pattern.DOTALL);
    private static final Pattern BUCKET = Pattern.compile("s3a?://[^/]+");
    private static final Pattern ENCODED = Pattern.compile("%\\p{XDigit}{2}");
    private static final String LOCAL = "file";

    private UserPath() {
    }

    /** Whether a text means something on this machine's own disks, of which a colon in a name is a letter as any other. */
    public static boolean isLocal(String uri, Configuration conf) {
        return uri.startsWith(LOCAL + ":")
                || !isElsewhere(uri) && LOCAL.equals(FileSystem.getDefaultUri(conf).getScheme());
    }

    /** Whether a text names a file system other than this machine's own disks; a path names none. */
    public static boolean isElsewhere(String uri) {
        return SCHEME.matcher(uri).matches() && !uri.startsWith(LOCAL + ":");
    }

    /**
     * The path on this machine's own disks that a text means, absolute, whether it is there or not.
     *
     * <p>A URI is read as a browser reads it: {@code %20} is a blank. People put {@code file:} before a path as it is, too, so
     * where only the very name is there, or more of the folders above it, that is meant.
     *
     * @param uri a path, or a URI that begins with {@code file:/} or {@code file:///}
     * @throws IOException if no path can be of that name
     */
    public static java.nio.file.Path local(String uri) throws IOException {
        String text = uri.replaceFirst("^file:(//(?=/))?", "");
        java.nio.file.Path named = LocalPath.of(text);
        if (!uri.startsWith(LOCAL + ":")) {
            return named;
        }
        if (!text.startsWith("/") || text.startsWith("//")) {
            throw new IOException("not a path or URI (" + uri + " does not begin with file:/ or file:///)");
        }
        java.nio.file.Path decoded = decoded(uri);
        java.nio.file.Path other = named;
        for (java.nio.file.Path one = decoded; one != null && other != null; one = one.getParent()) {
            if (exists(one)) {
                return decoded;
            }
            if (exists(other)) {
                return named;
            }
            other = other.getParent();
        }
        return named;
    }

    /** What a URI means that is encoded; null if this one is not. */
    private static java.nio.file.Path decoded(String uri) {
        if (!ENCODED.matcher(uri).find()) {
            return null;
        }
        try {
            return LocalPath.of(uri.replace(" ", "%20"));
        } catch (IOException e) {
            return null; // such as one with a bracket in it: a path, with a scheme before it
        }
    }

    private static boolean exists(java.nio.file.Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The path that a text means in any file system, as {@link #local} and {@link #of(String)} say.
     *
     * @throws IOException if it is none, or one that Hadoop cannot write to
     */
    public static Path of(String uri, Configuration conf) throws IOException {
        if (uri.isEmpty()) {
            throw new IOException("Can not create a Path from an empty string"); // which Java takes for the folder it is in
        }
        if (!isLocal(uri, conf)) {
            return of(uri);
        }
        java.nio.file.Path local = local(uri);
        if (!java.nio.file.Path.of(local.toString()).equals(local)) {
            throw new IOException("Hadoop cannot reach a folder whose name is no UTF-8: rename it");
        }
        return new Path(LOCAL, null, local.toString());
    }

    /** A path as a person would type it: a local one without a scheme. */
    public static String shown(Path path) {
        return LOCAL.equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
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
                    + ", which is none of a host: take a bucket whose name has small letters, digits, points and hyphens only, "
                    + "and ends in a letter or a digit");
        }
        return path;
    }
}
