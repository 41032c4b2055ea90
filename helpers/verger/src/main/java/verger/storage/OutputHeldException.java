package verger.storage;

import org.apache.hadoop.fs.Path;
import verger.files.UserPath;

/** Another run writes to the output. */
final class OutputHeldException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** @param holder null if it is not known */
    OutputHeldException(Path output, Holder holder) {
        super("Another run writes to " + UserPath.shown(output) + (holder == null ? "" : ": " + holder)
                + "; wait for its end, stop it, or choose another output");
    }
}
