package verger.images;

import java.io.IOException;
import org.apache.spark.sql.api.java.UDF2;

/** Reads a file by its path on an executor, as {@link ReadFile} reads one with the file system's own status. */
final class ReadPath implements UDF2<String, Long, byte[]> {

    private static final long serialVersionUID = 1L;

    private final ReadFile read;

    ReadPath(ReadFile read) {
        this.read = read;
    }

    /** @param origin as {@link ListedFile#origin} gives it */
    @Override
    public byte[] call(String origin, Long length) throws IOException {
        return read.content(ListedFile.of(origin, length));
    }
}
