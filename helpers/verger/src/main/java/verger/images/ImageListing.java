package verger.images;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.progress.KnownRows;

/**
 * What a listing found: the images that are taken, those that a limit left out, and what was passed over; {@link ImageReader#list}
 * makes one.
 */
public final class ImageListing {

    private static final StructType FILE = new StructType()
            .add("origin", DataTypes.StringType, false)
            .add("label", DataTypes.StringType)
            .add("modified", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false);

    private static final StructType TAKEN = FILE
            .add("status", DataTypes.BinaryType)
            .add("problem", DataTypes.StringType);

    private static final StructType LEFT_OUT = FILE.add("reason", DataTypes.StringType, false);

    private final SparkSession spark;
    private final Listing listing;
    private final long files;
    private final Dataset<Row> images;
    private final List<LabelledFile> left;
    private final int limit;

    /** @param limit takes no more files, spread evenly over the labels */
    ImageListing(SparkSession spark, Listing listing, List<LabelledFile> files, int limit) {
        this.spark = spark;
        this.listing = listing;
        this.files = files.size();
        this.limit = limit;
        List<LabelledFile> taken = files.size() > limit ? EvenSample.of(files, LabelledFile::label, limit) : files;
        this.left = rest(files, taken);
        this.images = withContent(taken);
    }

    private static List<LabelledFile> rest(List<LabelledFile> files, List<LabelledFile> taken) {
        if (taken.size() == files.size()) {
            return List.of();
        }
        Set<LabelledFile> among = new HashSet<>(taken);
        return files.stream().filter(file -> !among.contains(file)).toList();
    }

    /** The images that are taken, as {@link Images#read} describes them. */
    public Dataset<Row> images() {
        return images;
    }

    /**
     * The files that the limit left out.
     *
     * @return columns {@code origin}, {@code label}, {@code modified}, {@code length} and {@code reason}; no rows without a limit
     */
    public Dataset<Row> leftOut() {
        String reason = "not taken: the limit is " + limit + (limit == 1 ? " image" : " images");
        List<Row> rows = new ArrayList<>(left.size());
        for (LabelledFile labelled : left) {
            ListedFile file = labelled.file();
            rows.add(RowFactory.create(
                    file.origin(), labelled.label(), new Timestamp(file.modified()), file.length(), reason));
        }
        return spark.createDataFrame(JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows), LEFT_OUT);
    }

    /** The number of files and other things that were listed; each is a row of {@link #images} or of {@link #leftOut}. */
    public long size() {
        return files;
    }

    /**
     * Names that begin with _ or ., which are passed over as everywhere in Hadoop.
     *
     * @return by folder the number of such names in it; a folder of such a name is one, and is not entered
     */
    public Map<String, Long> hidden() {
        return listing.hidden();
    }

    /** Folders that links or mounts lead to a second time, which are listed once: a sentence for each. */
    public List<String> repeated() {
        return listing.repeated().stream().map(Listing.Repeated::toString).toList();
    }

    @Override
    public String toString() {
        long names = listing.hiddenNames();
        StringBuilder text = new StringBuilder(files + (files == 1 ? " file" : " files"));
        if (!left.isEmpty()) {
            text.append(", ").append(left.size()).append(" of them not taken");
        }
        if (names > 0) {
            text.append("; passed over ").append(names).append(names == 1 ? " hidden name" : " hidden names");
        }
        listing.repeated().forEach(folder -> text.append("\n  ").append(folder));
        return text.toString();
    }

    /** The content is a column, not a part of the RDD, so that a query that does not use it opens no file. */
    private Dataset<Row> withContent(List<LabelledFile> taken) {
        List<Row> rows = new ArrayList<>(taken.size());
        for (LabelledFile labelled : taken) {
            ListedFile file = labelled.file();
            rows.add(RowFactory.create(file.origin(), labelled.label(), new Timestamp(file.modified()), file.length(),
                    file.serializedStatus(), file.problem()));
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<List<Row>> cut =
                SmallFiles.cut(rows, row -> row.getLong(TAKEN.fieldIndex("length")), context.defaultParallelism());
        var partitioned = context.parallelize(cut, Math.max(1, cut.size())).flatMap(List::iterator)
                .setName(KnownRows.name(rows.size()));
        Dataset<Row> table = spark.createDataFrame(partitioned, TAKEN);
        return table
                .withColumn("content", functions.udf(new ReadFile(spark, listing.place()), DataTypes.BinaryType)
                        .apply(table.col("origin"), table.col("length"), table.col("status"), table.col("problem")))
                .drop("status", "problem");
    }
}
