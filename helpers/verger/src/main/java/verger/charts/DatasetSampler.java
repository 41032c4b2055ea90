package verger.charts;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Samples the rows of a Dataset: only what a chart draws comes to the driver.
 *
 * <p>The images are chosen without their files, by a hash of their origins, and the files of those chosen are read then: where
 * content is read lazily, as by {@code Images.read}, a sheet of a few hundred opens a few hundred.
 */
final class DatasetSampler {

    private static final String LABEL = "label";
    private static final String PLACE = "place";
    private static final String KEY = "key";

    private DatasetSampler() {
    }

    /**
     * Chooses the rows, and reads what the chart needs of them.
     *
     * @param projection the column of projections, or null where the chart needs none
     * @param axes       the components of the projections that the chart is drawn on
     * @param content    whether the chart needs the bytes of the files
     * @throws IllegalArgumentException if a column is missing, or there is no image
     */
    static Sample of(Dataset<Row> dataset, String projection, Axes axes, boolean content, Sample.Limits limits) {
        Column name = functions.udf((UDF1<String, String>) Classes::nameOf, DataTypes.StringType)
                .apply(ImageColumns.of(dataset, ImageColumns.LABEL).cast("string"));
        Column place = projection == null ? functions.array(functions.lit(0.0), functions.lit(0.0))
                : functions.udf((UDF1<Vector, double[]>) axes::place, DataTypes.createArrayType(DataTypes.DoubleType))
                        .apply(ImageColumns.of(dataset, projection));
        Column bytes = content ? ImageColumns.of(dataset, ImageColumns.CONTENT) : null;
        Column key = key(dataset, bytes, place);
        Column usable = functions.col(PLACE).isNotNull().and(functions.col(KEY).isNotNull());
        Dataset<Row> rows = dataset.select(name.as(LABEL), place.as(PLACE), key.as(KEY))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Map<String, Long> counts = new HashMap<>();
            long leftOut = 0;
            for (Row row : rows.groupBy(functions.col(LABEL), usable).count().collectAsList()) {
                if (row.getBoolean(1)) {
                    counts.put(row.getString(0), row.getLong(2));
                } else {
                    leftOut += row.getLong(2);
                }
            }
            Sample.requireSome(counts, leftOut);
            Column shown = limits.shown(counts).size() == counts.size() ? usable
                    : usable.and(functions.col(LABEL).isin(limits.shown(counts).toArray()));
            List<Row> chosen = rows.filter(shown)
                    .withColumn("rank", functions.row_number().over(Window.partitionBy(LABEL).orderBy(KEY)))
                    .filter(functions.col("rank").leq(limits.level(counts)))
                    .select(LABEL, PLACE, KEY).collectAsList();
            return new Sample(items(chosen, content ? ImageColumns.files(dataset, key, bytes, keys(chosen)) : Map.of()),
                    counts, leftOut, limits);
        } finally {
            rows.unpersist();
        }
    }

    /** A number of an image that finds it again, and chooses it or not; null where there is no image. */
    private static Column key(Dataset<Row> dataset, Column bytes, Column place) {
        if (ImageColumns.has(dataset, ImageColumns.ORIGIN)) {
            return functions.xxhash64(ImageColumns.of(dataset, ImageColumns.ORIGIN).cast("string"));
        }
        return bytes != null ? functions.when(bytes.isNotNull(), functions.xxhash64(bytes))
                // Floats: the last digits of a projection may differ between two runs, and the choice of images must not.
                : functions.xxhash64(place.cast("array<float>"));
    }

    private static Object[] keys(List<Row> chosen) {
        return chosen.stream().map(row -> row.getLong(2)).distinct().toArray();
    }

    private static List<Item> items(List<Row> chosen, Map<Object, byte[]> files) {
        return chosen.stream().sorted(Comparator.comparingLong(row -> row.getLong(2))).map(row -> {
            List<Double> place = row.getList(1);
            return new Item(row.getString(0), place.get(0), place.get(1), files.get(row.getLong(2)));
        }).toList();
    }
}
