package verger.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Paths for Spark, which takes each for a pattern. */
public final class LiteralPath {

    /**
     * An option of Spark's readers: false where a path is none. Spark's own pattern for a path with a colon and brackets finds
     * nothing, however it is written.
     */
    public static final String NO_PATTERNS = "__globPaths__";

    /** What is no plain letter where Hadoop expands a pattern: it also cuts at commas, and takes a colon for that of a URI. */
    private static final Pattern ODD = Pattern.compile("[\\[\\]{}*?\\\\,:]");

    private LiteralPath() {
    }

    /** A pattern that matches this path alone, brackets in its names included. */
    public static String of(String path) {
        return path.replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
    }

    /**
     * The same folder, by a name that means nothing else to who takes it for a pattern and has no option, as the readers of
     * saved models. Where its own name is no such one, it is a link of Hadoop's {@code viewfs}: a line in the settings of this
     * session, which go to the executors with each job.
     *
     * @param folder of any file system
     * @throws IOException if there is no such file system
     */
    public static String plain(SparkSession spark, Path folder) throws IOException {
        if (!ODD.matcher(folder.toUri().getPath()).find()) {
            return folder.toString();
        }
        Configuration settings = spark.sparkContext().hadoopConfiguration();
        String target = folder.getFileSystem(settings).makeQualified(folder).toUri().toASCIIString();
        String links = "verger-" + UUID.nameUUIDFromBytes(target.getBytes(StandardCharsets.US_ASCII));
        settings.set("fs.viewfs.mounttable." + links + ".link./folder", target);
        return "viewfs://" + links + "/folder";
    }
}
