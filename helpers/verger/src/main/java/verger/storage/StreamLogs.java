package verger.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The two logs that Spark keeps of a stream into a table: one of the table's files in {@code _spark_metadata}, and one of what
 * the stream has seen, the checkpoint. Their format is Spark's own, and nothing else here knows it.
 */
final class StreamLogs {

    /** How Spark names what it writes of a batch. */
    private static final Pattern BATCH = Pattern.compile("(\\d{1,18})(\\.compact)?");

    private final FileSystem fs;
    private final Path table;
    private final Path files;
    private final Path checkpoint;

    StreamLogs(FileSystem fs, Path table) {
        this.fs = fs;
        this.table = table;
        this.files = new Path(table, "_spark_metadata");
        this.checkpoint = new Path(table, "_checkpoint");
    }

    /** Where Spark is to keep what the stream has seen. */
    Path checkpoint() {
        return checkpoint;
    }

    /** Whether a batch has ever been appended: until then the table has no files. */
    boolean haveFiles() throws IOException {
        return fs.exists(files);
    }

    /**
     * Spark would pass over photographs without a word if one of its two logs were of another age than the other. A batch is
     * first in the offsets, then in the table's log, then in the commits.
     *
     * @throws IllegalStateException if one of them was deleted or replaced
     */
    void requireOfOneAge() throws IOException {
        long inTable = latest(files);
        long begun = latest(new Path(checkpoint, "offsets"));
        long ended = latest(new Path(checkpoint, "commits"));
        if (inTable < ended || inTable > begun) {
            throw new IllegalStateException("Nothing can be appended to " + table + ", as photographs would be lost: " + files
                    + (inTable < 0 ? " has no batch" : " ends with batch " + inTable) + ", and " + checkpoint
                    + (begun < 0 ? " has none" : " ends with " + begun)
                    + "; put back the one that was deleted or replaced, or choose another output");
        }
    }

    /** The number of the last batch in a log; -1 if there is none. */
    private long latest(Path log) throws IOException {
        return Stream.of(FolderFiles.of(fs, log)).map(file -> BATCH.matcher(file.getPath().getName())).filter(Matcher::matches)
                .mapToLong(name -> Long.parseLong(name.group(1))).max().orElse(-1);
    }

    /** The files of the checkpoint that list what the stream has seen: lines of JSON whose {@code path} is the URI of a file. */
    List<Path> seen() throws IOException {
        List<Path> logs = new ArrayList<>();
        for (FileStatus source : FolderFiles.of(fs, new Path(checkpoint, "sources"))) {
            for (FileStatus log : FolderFiles.of(fs, source.getPath())) {
                if (BATCH.matcher(log.getPath().getName()).matches()) {
                    logs.add(log.getPath());
                }
            }
        }
        return logs;
    }
}
