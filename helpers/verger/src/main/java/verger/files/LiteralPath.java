package verger.files;

/** Paths for Spark, which takes each for a pattern. */
public final class LiteralPath {

    private LiteralPath() {
    }

    /** A pattern that matches this path alone, brackets in its names included. */
    public static String of(String path) {
        return path.replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
    }
}
