package verger.storage;

import org.apache.hadoop.fs.Path;
import verger.files.UserPath;

/** Another run has replaced the result that is read. */
final class ResultReplacedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ResultReplacedException(Path folder, Throwable cause) {
        super("The result at " + UserPath.shown(folder)
                + " is another run's by now, or is being replaced: read it again by "
                + "SavedRun.open", cause);
    }
}
