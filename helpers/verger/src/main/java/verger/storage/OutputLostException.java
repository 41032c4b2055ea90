package verger.storage;

import org.apache.hadoop.fs.Path;
import verger.files.UserPath;

/** Another run has taken the output over while this one was paused, or could not reach it. */
final class OutputLostException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    OutputLostException(Path output, String why) {
        super("Nothing is published at " + UserPath.shown(output) + ": " + why
                + "; run again, or choose another output");
    }
}
