package verger.networks;

import java.nio.file.Path;

/** A file of weights was found, but it is not a model that can be loaded. */
public class UnreadableWeightsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String wayOut;

    /**
     * @param file  the file
     * @param what  what the file turned out to be
     * @param wayOut what the user can do about it
     * @param cause what the reader threw, or null
     */
    public UnreadableWeightsException(Path file, String what, String wayOut, Throwable cause) {
        super("Cannot read weights from " + file + ": it is " + what + "; " + wayOut + ".", cause);
        this.what = what;
        this.wayOut = wayOut;
    }

    /** What the file turned out to be. */
    public String what() {
        return what;
    }

    /** What the user can do about it. */
    public String wayOut() {
        return wayOut;
    }
}
