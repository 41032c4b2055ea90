package verger.files;

/** Paths for Spark, which takes each for a pattern. */
public final class LiteralPath {

    /**
     * An option of Spark's readers: false where a path is none. Spark's own pattern for a path with a colon and brackets finds
     * nothing, however it is written.
     */
    public static final String NO_PATTERNS = "__globPaths__";

    private LiteralPath() {
    }

    /** A pattern that matches this path alone, brackets in its names included. */
    public static String of(String path) {
        return path.replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
    }
}
