package verger.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** The objects of an S3A whose client cannot be had: it looks first and then acts, and what comes in between it does not see. */
final class S3ObjectsWithoutConditions extends S3Objects {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final FileSystem fs;

    S3ObjectsWithoutConditions(FileSystem fs) {
        this.fs = fs;
    }

    @Override
    int put(String key, byte[] content, Map<String, String> headers) throws IOException {
        if (headers.containsKey("If-None-Match") && fs.exists(path(key))) {
            return PRECONDITION_FAILED;
        }
        try (FSDataOutputStream out = fs.create(path(key), true)) {
            out.write(content);
        }
        return OK;
    }

    @Override
    int copy(String fromKey, String toKey) throws IOException {
        try {
            FileUtil.copy(fs, path(fromKey), fs, path(toKey), false, true, fs.getConf());
            return OK;
        } catch (FileNotFoundException e) {
            return NOT_FOUND;
        }
    }

    @Override
    int delete(String key, Map<String, String> headers) throws IOException {
        FileStatus there;
        try {
            there = fs.getFileStatus(path(key));
        } catch (FileNotFoundException e) {
            return NOT_FOUND;
        }
        String meant = headers.get("If-Match");
        if (meant != null && !meant.equals("\"" + ((EtagSource) there).getEtag() + "\"")) {
            return PRECONDITION_FAILED;
        }
        fs.delete(path(key), false);
        return OK;
    }

    private Path path(String key) {
        return new Path(new Path(fs.getUri()), "/" + key);
    }
}
