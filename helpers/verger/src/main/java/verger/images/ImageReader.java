package verger.images;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3;
import verger.files.UserPath;
import verger.progress.Work;

/** Reads images with options; {@link Images#reader} makes one. */
public final class ImageReader {

    private static final Logger LOG = LoggerFactory.getLogger(ImageReader.class);

    private final SparkSession spark;
    private Pattern labelPattern;
    private int limit = Integer.MAX_VALUE;
    private int filesPerBatch = 1000;

    ImageReader(SparkSession spark) {
        this.spark = spark;
    }

    /**
     * Takes the label from the origin by a regular expression instead of from the folder's name.
     *
     * @param pattern searched in the origin; its first group is the label; null where it is not found
     * @throws IllegalArgumentException if the pattern has no group
     */
    public ImageReader label(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        if (compiled.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException(
                    "The label pattern " + pattern + " has no group: put parentheses around the part that is the label");
        }
        labelPattern = compiled;
        return this;
    }

    /**
     * Takes only so many images, spread evenly over the labels.
     *
     * @param images at least 1; null for all
     */
    public ImageReader limit(Integer images) {
        if (images != null && images < 1) {
            throw new IllegalArgumentException("limit must be at least 1: got " + images);
        }
        limit = images == null ? Integer.MAX_VALUE : images;
        return this;
    }

    /**
     * Sets how many files a stream takes at a time. A run that is cut off repeats that many, and they lie on disk as one part.
     *
     * @param files at least 1; 1000 by default
     */
    public ImageReader filesPerBatch(int files) {
        if (files < 1) {
            throw new IllegalArgumentException("filesPerBatch must be at least 1: got " + files);
        }
        filesPerBatch = files;
        return this;
    }

    /**
     * Lists the files now and returns the DataFrame that {@link Images#read} describes.
     *
     * @throws IllegalArgumentException if there is nothing at {@code uri}, or a folder without files
     */
    public Dataset<Row> read(String uri) {
        return list(uri).images();
    }

    /**
     * Lists the files now, and tells of all of them: those that {@link #read} gives, and those that are left out by the limit or
     * passed over.
     *
     * @throws IllegalArgumentException if there is nothing at {@code uri}, or a folder without files
     */
    public ImageListing list(String uri) {
        Listing listing;
        try {
            listing = Work.step("listing " + uri, () -> listing(uri, S3.settings(spark)));
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot list the images at " + uri + ": " + e.getMessage(), e);
        }
        long hidden = listing.hiddenNames();
        if (hidden > 0) {
            LOG.warn("{} names at {} were passed over: they begin with _ or .", hidden, uri);
        }
        listing.repeated().forEach(folder -> LOG.warn("{}: its files are listed once", folder));
        if (listing.files().isEmpty()) {
            throw new IllegalArgumentException("There are no files below " + uri
                    + (hidden > 0 ? " but " + hidden + " hidden ones" : ""));
        }
        Function<ListedFile, String> labels = labels();
        List<LabelledFile> files = new ArrayList<>(listing.files().size());
        for (ListedFile file : listing.files()) {
            files.add(new LabelledFile(file, labels.apply(file)));
        }
        return new ImageListing(spark, listing, files, limit);
    }

    static Listing listing(String uri, Configuration conf) throws IOException {
        return UserPath.isLocal(uri, conf) ? LocalFiles.list(uri) : HadoopFiles.list(uri, conf);
    }

    /**
     * Watches a folder and returns the stream that {@link Images#stream} describes.
     *
     * @throws IllegalArgumentException if there is nothing at {@code folder}, or a limit is set
     */
    public Dataset<Row> stream(String folder) {
        if (limit != Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A stream has no limit of " + limit + " images: it goes on with whatever comes");
        }
        return WatchedFolder.stream(spark, folder, filesPerBatch, labelPattern);
    }

    /** Files come by their origins, so that those of one folder are neighbours and share its label. */
    private Function<ListedFile, String> labels() {
        if (labelPattern != null) {
            return file -> label(labelPattern, file.origin());
        }
        String[] last = {"", ""}; // a folder, and its label
        return file -> {
            int end = file.origin().lastIndexOf('/');
            if (end != last[0].length() || !file.origin().startsWith(last[0])) {
                last[0] = file.origin().substring(0, end);
                last[1] = file.folder();
            }
            return last[1];
        };
    }

    /** Returns the first group of the pattern, or null where the pattern is not found. */
    static String label(Pattern pattern, String origin) {
        Matcher matcher = pattern.matcher(origin);
        return matcher.find() ? matcher.group(1) : null;
    }
}
