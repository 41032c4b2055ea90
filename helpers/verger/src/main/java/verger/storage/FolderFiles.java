package verger.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a folder that may not exist. */
final class FolderFiles {

    private FolderFiles() {
    }

    /** The files in a folder, or the file itself; none if there is nothing of that name. */
    static FileStatus[] of(FileSystem fs, Path path) throws IOException {
        try {
            return fs.listStatus(path);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
