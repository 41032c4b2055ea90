package verger.images;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.functional.RemoteIterators;

/** A file system whose folders are empty where this user may not list them; Hadoop would end the listing of all the others. */
final class PermittedFiles extends FilterFileSystem {

    private final List<FileStatus> refused = new ArrayList<>();

    PermittedFiles(FileSystem fs) {
        super(fs);
    }

    /** The folders that were empty for this reason so far. */
    List<FileStatus> refused() {
        return refused;
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        try {
            return super.listStatus(folder);
        } catch (AccessDeniedException | AccessControlException e) {
            refused.add(getFileStatus(folder));
            return new FileStatus[0];
        }
    }

    @Override
    public RemoteIterator<LocatedFileStatus> listLocatedStatus(Path folder) throws IOException {
        try {
            return super.listLocatedStatus(folder);
        } catch (AccessDeniedException | AccessControlException e) {
            refused.add(getFileStatus(folder));
            return RemoteIterators.remoteIteratorFromIterable(List.of());
        }
    }
}
