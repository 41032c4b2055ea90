package verger.storage;

import org.apache.hadoop.fs.Path;

/** Another run writes to the output. */
final class OutputHeldException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** @param holder null if it is not known */
    OutputHeldException(Path output, Holder holder) {
        super("Another run writes to " + OutputFolder.location(output) + (holder == null ? "" : ": " + holder)
                + "; wait for its end, stop it, or choose another output");
    }
}
