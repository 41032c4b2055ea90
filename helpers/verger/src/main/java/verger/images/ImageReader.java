package verger.images;

import java.io.IOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.S3;
import verger.images.HadoopFiles.ListedFile;
import verger.images.HadoopFiles.Listing;
import verger.progress.KnownRows;
import verger.progress.Work;

/** Reads images with options; {@link Images#reader} makes one. */
public final class ImageReader {

    private static final Logger LOG = LoggerFactory.getLogger(ImageReader.class);

    private static final StructType LISTING = new StructType()
            .add("origin", DataTypes.StringType, false)
            .add("label", DataTypes.StringType)
            .add("modified", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false)
            .add("file", DataTypes.BinaryType, false);

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
        Listing listing;
        try {
            listing = Work.step("listing " + uri, () -> HadoopFiles.list(uri, S3.settings(spark)));
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot list the images at " + uri + ": " + e.getMessage(), e);
        }
        if (listing.hidden() > 0) {
            LOG.warn("{} files at {} were passed over: a name on their path begins with _ or .", listing.hidden(), uri);
        }
        if (listing.files().isEmpty()) {
            throw new IllegalArgumentException("There are no files below " + uri
                    + (listing.hidden() > 0 ? " but " + listing.hidden() + " hidden ones" : ""));
        }
        List<Labelled> files = new ArrayList<>(listing.files().size());
        for (ListedFile file : listing.files()) {
            files.add(new Labelled(file, label(file)));
        }
        List<Labelled> taken = files.size() > limit ? EvenSample.of(files, Labelled::label, limit) : files;
        return withContent(spark.createDataFrame(listing(taken), LISTING));
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

    private record Labelled(ListedFile file, String label) {
    }

    private String label(ListedFile file) {
        return labelPattern == null ? file.folder() : label(labelPattern, file.origin());
    }

    /** Returns the first group of the pattern, or null where the pattern is not found. */
    static String label(Pattern pattern, String origin) {
        Matcher matcher = pattern.matcher(origin);
        return matcher.find() ? matcher.group(1) : null;
    }

    private JavaRDD<Row> listing(List<Labelled> files) {
        List<Row> rows = new ArrayList<>(files.size());
        for (Labelled labelled : files) {
            ListedFile file = labelled.file();
            rows.add(RowFactory.create(
                    file.origin(), labelled.label(), new Timestamp(file.modified()), file.length(), file.serialized()));
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<List<Row>> cut =
                SmallFiles.cut(rows, row -> row.getLong(LISTING.fieldIndex("length")), context.defaultParallelism());
        return context.parallelize(cut, Math.max(1, cut.size())).flatMap(List::iterator)
                .setName(KnownRows.name(rows.size()));
    }

    /** The content is a column, not a part of the RDD, so that a query that does not use it opens no file. */
    private Dataset<Row> withContent(Dataset<Row> listing) {
        ReadFile read = new ReadFile(spark);
        return listing
                .withColumn("content", functions.udf(read, DataTypes.BinaryType).apply(listing.col("file")))
                .drop("file");
    }
}
