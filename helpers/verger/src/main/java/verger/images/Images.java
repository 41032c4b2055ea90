package verger.images;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.files.LocalPath;
import verger.files.S3;
import verger.files.UserPath;

/**
 * Reads folders of images into a DataFrame.
 *
 * <pre>{@code
 * Dataset<Row> images = Images.read(spark, "s3a://fruits/Training");
 * }</pre>
 */
public final class Images {

    /** Matches a scheme with its bucket or host, folders and a file; the last folder is the group. */
    private static final Pattern FOLDER = Pattern.compile(
            "(?:[A-Za-z][A-Za-z0-9+.-]*:(?://[^/]*+)?+)?+(?:.*/)?([^/]+)/+[^/]*", Pattern.DOTALL);

    private Images() {
    }

    /**
     * Lists all files below a folder, whatever their names end in, one row for each file, sorted by origin.
     *
     * <p>Columns: {@code origin} (string: the path as a person would type it, nothing URL-encoded), {@code label} (string:
     * the name of the folder the file is in), {@code modified} (timestamp), {@code length} (long: bytes) and {@code content}
     * (binary: the whole file, read only by queries that use it). Where a file is no image, is larger than 256 MB, was
     * deleted since or cannot be read, the content is one line of text, which {@link RgbImage#decode} gives as the reason.
     * Files of 0 bytes are listed; so are links to nothing, pipes, and folders that may not be listed. As everywhere in Hadoop,
     * names that begin with {@code _} or {@code .} are passed over, with a warning that counts them; folders of such names are
     * not entered. Links to local folders are followed, each folder once. {@link ImageReader#list} says all this of a listing.
     *
     * @param uri a folder, a file, or a pattern with {@code *}, of any file system that Hadoop knows
     * @throws IllegalArgumentException if there is nothing at {@code uri}, or a folder without files
     */
    public static Dataset<Row> read(SparkSession spark, String uri) {
        return reader(spark).read(uri);
    }

    /**
     * Watches a folder: its files and those that will come into it are a stream of the rows that {@link #read} describes.
     *
     * <p>Each file is read once, by its path: one that is replaced later is not read again. A file has to come into the folder
     * whole: write it under a name that begins with {@code .} or {@code _} or on another place of the same file system, and
     * rename it. What {@link #read} lists and no stream ever shows are files of 0 bytes, which Spark passes over, those that
     * were deleted before they were read, local files whose names are no UTF-8, and what is no file, such as a link to nothing
     * or a folder that may not be listed; compare with {@link #read} to find them.
     *
     * <p>The rows of a batch come in as many partitions as Spark has cores when the stream is made, or in one for each 64 files
     * of {@code filesPerBatch} if these are more.
     *
     * @param folder a folder, or a pattern with {@code *}, of any file system that Hadoop knows
     * @throws IllegalArgumentException if there is nothing at {@code folder}
     */
    public static Dataset<Row> stream(SparkSession spark, String folder) {
        return reader(spark).stream(folder);
    }

    /**
     * Returns the label that {@link #read} gives an image: the name of the folder that the file is in.
     *
     * @param path path or URI of the file, nothing URL-encoded
     * @return an empty string for a file at the root of its file system or bucket, and for a name without a folder
     */
    public static String folder(String path) {
        Matcher matcher = FOLDER.matcher(path);
        return matcher.matches() ? matcher.group(1) : "";
    }

    /**
     * Returns the folder that {@link #read} lists, as Hadoop writes it: a scheme and an absolute path, nothing URL-encoded.
     *
     * @param uri as for {@link #read}; of a pattern the folder is the deepest one that it leaves no choice of
     */
    public static String location(SparkSession spark, String uri) {
        try {
            if (!UserPath.isLocal(uri, S3.settings(spark))) {
                return UserPath.of(uri).toString();
            }
            String place = LocalPath.origin(LocalMatches.of(uri).place());
            return place.startsWith("/") ? "file:" + place : place;
        } catch (IOException e) {
            return uri; // whoever lists it says why
        }
    }

    /** Returns a reader that can be told where labels are and how many images to take. */
    public static ImageReader reader(SparkSession spark) {
        return new ImageReader(spark);
    }
}
