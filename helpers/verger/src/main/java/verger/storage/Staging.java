package verger.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The hidden folder in an output where a run writes until it publishes. All that it moves goes out of it or into it: once it has
 * another name, whoever knows the old one cannot move anything any more.
 *
 * @param folder {@code _writing-<id>}
 */
record Staging(Path folder) {

    static final String PREFIX = "_writing-";

    /** What is to be published. */
    Path files() {
        return new Path(folder, "files");
    }

    Path file(String name) {
        return new Path(files(), name);
    }

    /** What was in its place before. */
    Path earlier() {
        return new Path(folder, "earlier");
    }

    /** Of any name, all in one folder: no step of publishing makes another one. */
    Path earlier(String name) {
        return new Path(earlier(), name.replace("%", "%25").replace("/", "%2F"));
    }

    /** Whether a run is about to replace the result in an output, or has died then. */
    static boolean someReplaces(FileSystem fs, Path output) throws IOException {
        try {
            for (FileStatus file : fs.listStatus(output, path -> path.getName().startsWith(PREFIX))) {
                if (fs.exists(new Staging(file.getPath()).earlier(Manifest.FILE))) {
                    return true;
                }
            }
        } catch (FileNotFoundException e) {
            return false; // there is no such folder, or it went while it was looked into
        }
        return false;
    }
}
