package verger.networks;

import java.nio.file.Path;

/** A file of weights was found, but it is not a model that can be loaded. */
public class UnreadableWeightsException extends RuntimeException {

    /**
     * @param file  the file
     * @param what  what the file turned out to be
     * @param wayOut what the user can do about it
     * @param cause what the reader threw, or null
     */
    public UnreadableWeightsException(Path file, String what, String wayOut, Throwable cause) {
        super("Cannot read weights from " + file + ": it is " + what + "; " + wayOut + ".", cause);
    }
}
