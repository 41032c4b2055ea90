package verger.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import verger.images.ImageListing;
import verger.images.ImageStatus;

/** One row for each listed file, used or with the reason why not, and the counts of them. */
final class FilesTable {

    static final String NAME = "files.parquet";

    /** Below so many pictures a share says little. */
    static final long FEW_PICTURES = 100;

    private static final int FOLDERS = 5;

    private final Dataset<Row> rows;
    private final Map<ImageStatus, Long> counts = new LinkedHashMap<>();

    /**
     * @param featurized a row for each image that was taken: columns {@code origin}, {@code label}, {@code length},
     *     {@code modified}, {@code reason}
     * @throws IllegalArgumentException if rows were added or left out since the listing
     */
    FilesTable(ImageListing listing, Dataset<Row> featurized) {
        UDF1<String, String> word = reason -> ImageStatus.of(reason).word();
        Column[] columns = {functions.col("origin"), functions.col("label"), functions.col("length"), functions.col("modified"),
            functions.udf(word, DataTypes.StringType).apply(functions.col("reason")).as("status"), functions.col("reason")};
        this.rows = featurized.select(columns).unionAll(listing.leftOut().select(columns));
        Map<String, Long> found = new LinkedHashMap<>();
        rows.groupBy("status").count().collectAsList().forEach(row -> found.put(row.getString(0), row.getLong(1)));
        for (ImageStatus status : ImageStatus.values()) {
            counts.put(status, found.getOrDefault(status.word(), 0L));
        }
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        if (all != listing.size()) {
            throw new IllegalArgumentException(NAME + " has a row for each file: got " + all + " rows for " + listing.size()
                    + " listed files; give the features of all images, with those that could not be used");
        }
    }

    /** Columns origin, label, length, modified, status, reason; sorted by origin. */
    Dataset<Row> rows() {
        return rows.repartition(1).sortWithinPartitions("origin");
    }

    /** Of each status that there is, the number of files. */
    Map<String, Long> byStatus() {
        Map<String, Long> some = new LinkedHashMap<>();
        counts.forEach((status, files) -> {
            if (files > 0) {
                some.put(status.word(), files);
            }
        });
        return some;
    }

    /**
     * Makes sure that enough of the pictures could be used. What is no picture at all and what was not taken count for nothing.
     *
     * @param maxFailed share of the pictures that may be unusable, 0 to 1
     * @throws IllegalStateException if more are, with the folders where most of them are
     */
    void requireUsable(double maxFailed) {
        long unusable = counts.entrySet().stream().filter(count -> isUnusable(count.getKey()))
                .mapToLong(Map.Entry::getValue).sum();
        long pictures = unusable + counts.get(ImageStatus.OK);
        if (pictures >= FEW_PICTURES && unusable > maxFailed * pictures) {
            throw new IllegalStateException(unusable + " of " + pictures
                    + " pictures could not be used, more than the share of "
                    + maxFailed + " that maxFailed allows, so nothing is published: mend or remove them, or raise maxFailed; "
                    + "most are in " + String.join(", ", worstFolders()));
        }
    }

    private static boolean isUnusable(ImageStatus status) {
        return status != ImageStatus.OK && status != ImageStatus.NOT_AN_IMAGE && status != ImageStatus.NOT_TAKEN;
    }

    /** As {@code /a (12: 10 broken, 2 empty)}. */
    private List<String> worstFolders() {
        Object[] unusable = Arrays.stream(ImageStatus.values()).filter(FilesTable::isUnusable).map(ImageStatus::word).toArray();
        Column[] each = Arrays.stream(unusable)
                .map(status -> functions.sum(functions.col("status").equalTo(status).cast(DataTypes.LongType))
                        .as(status.toString()))
                .toArray(Column[]::new);
        List<Row> folders = rows.filter(functions.col("status").isin(unusable))
                .groupBy(folder().as("folder"))
                .agg(functions.count("*").as("all"), each)
                .orderBy(functions.col("all").desc(), functions.col("folder")).limit(FOLDERS).collectAsList();
        List<String> texts = new ArrayList<>();
        for (Row folder : folders) {
            texts.add((folder.getString(0).isEmpty() ? "/" : folder.getString(0)) + " (" + folder.getLong(1) + ": "
                    + Arrays.stream(unusable).filter(status -> folder.<Long>getAs(status.toString()) > 0)
                            .map(status -> folder.getAs(status.toString()) + " " + status).collect(Collectors.joining(", "))
                    + ")");
        }
        return texts;
    }

    /** Of each folder the number of files of each status that there is, after a row for all of them together. */
    Dataset<Row> byFolder() {
        Dataset<Row> folders = counted(rows.withColumn("folder", folder()));
        return counted(rows.withColumn("folder", functions.lit("all"))).unionAll(folders);
    }

    private Dataset<Row> counted(Dataset<Row> inFolders) {
        return inFolders.groupBy("folder").pivot("status", new ArrayList<Object>(byStatus().keySet())).count().na().fill(0)
                .orderBy("folder");
    }

    private static Column folder() {
        return functions.regexp_replace(functions.col("origin"), "(?s)/+[^/]*$", "");
    }
}
