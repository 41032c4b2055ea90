package verger.storage;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.files.LiteralPath;
import verger.images.ImageStatus;
import verger.images.RgbImage;
import verger.images.UnusableImageException;

/** Which images of a folder are not in a table that is appended to, or not as they are now, and why. */
final class MissingImages {

    private MissingImages() {
    }

    /**
     * Compares by origin, date and length.
     *
     * @param images what is there, and {@code table} what was read of it: columns {@code origin}, {@code modified},
     *     {@code length}; {@code content} of the former says why a thing of 0 bytes is none, such as a link to nothing
     * @param listed column {@code origin} of all files that the stream has ever listed, with or without a row
     * @return columns {@code origin} and {@code reason}, sorted; a reason has 80 characters at most, as a notebook's table shows
     *     no more
     */
    static Dataset<Row> of(Dataset<Row> images, Dataset<Row> table, Dataset<Row> listed) {
        Dataset<Row> there = images.select(functions.col("origin"), functions.col("modified"), functions.col("length"),
                unreadable(images).as("unreadable")).alias("there");
        Dataset<Row> seen = table.select("origin", "modified", "length").alias("seen");
        Column replaced = functions.expr("there.modified <> seen.modified or there.length <> seen.length");
        Column unread = functions.expr("seen.origin is null");
        return there.join(seen, functions.expr("there.origin = seen.origin"), "left")
                .filter(unread.or(replaced))
                .join(listed.alias("listed"), functions.expr("there.origin = listed.origin"), "left")
                .select(functions.expr("there.origin"), functions.when(replaced,
                        "replaced since it was read, features are old: put it in under another name")
                        .when(functions.expr("there.unreadable is not null"),
                                functions.expr(
                                        "if(length(there.unreadable) > 80, concat(substr(there.unreadable, 1, 79), '…'), there.unreadable)"))
                        .when(functions.expr("there.origin like 'file:%'"),
                                "its name is no UTF-8, and no stream sees it: rename it")
                        .when(functions.expr("there.length = 0"), "empty file (0 bytes): put it in whole, under another name")
                        .when(functions.expr("listed.origin is not null"),
                                "empty or gone when it was first seen: put it in under another name")
                        .otherwise("not read yet: it came in after this run began, and the next one reads it")
                        .as("reason"))
                .orderBy("origin");
    }

    private static Column unreadable(Dataset<Row> images) {
        if (!Arrays.asList(images.columns()).contains("content")) {
            return functions.lit(null).cast(DataTypes.StringType);
        }
        UDF1<byte[], String> reason = MissingImages::unreadable;
        return functions.when(functions.col("length").equalTo(0),
                functions.udf(reason, DataTypes.StringType).apply(functions.col("content")));
    }

    /** Null of an empty file, which its own sentence is about. */
    private static String unreadable(byte[] content) {
        if (content == null || content.length == 0) {
            return null;
        }
        try {
            RgbImage.decode(content);
            return null; // it has grown meanwhile
        } catch (UnusableImageException e) {
            return e.status() == ImageStatus.UNREADABLE ? e.getMessage() : null;
        }
    }

    /**
     * The origins in the logs of a stream.
     *
     * @param logs as {@link StreamLogs#seen} finds them
     */
    static Dataset<Row> listed(SparkSession spark, List<Path> logs) {
        if (logs.isEmpty()) {
            return spark.createDataFrame(List.of(), new StructType().add("origin", DataTypes.StringType));
        }
        UDF1<String, String> decoded = uri -> new Path(URI.create(uri)).toString().replaceFirst("^file:", "");
        return spark.read().option(LiteralPath.NO_PATTERNS, false)
                .text(logs.stream().map(Path::toString).toArray(String[]::new)).filter("value like '{%'")
                .select(functions.udf(decoded, DataTypes.StringType)
                        .apply(functions.get_json_object(functions.col("value"), "$.path")).as("origin"))
                .distinct();
    }
}
