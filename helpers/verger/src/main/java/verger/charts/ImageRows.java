package verger.charts;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import verger.ColumnNames;

/**
 * Samples the rows of a Dataset: only what a chart draws comes to the driver.
 *
 * <p>The images are chosen without their files, by their origins, and of those chosen the files are read then: where
 * content is read lazily, as by {@code Images.read}, a sheet of a few hundred opens a few hundred.
 */
final class ImageRows {

    static final String LABEL = "label";
    static final String CONTENT = "content";
    static final String ORIGIN = "origin";
    /** About what a thumbnail has: such a file is sent as it is. */
    private static final int SMALL_FILE = 64 << 10;

    private ImageRows() {
    }

    /**
     * A sample.
     *
     * @param projection the column of projections, or null where the chart needs none
     * @param axes       the components of the projections that the chart is drawn on
     * @param content    whether the chart needs the bytes of the files
     */
    static EvenSample of(Dataset<Row> dataset, String projection, Axes axes, boolean content, EvenSample empty) {
        boolean named = Arrays.asList(dataset.columns()).contains(ORIGIN);
        Column bytes = content ? column(dataset, CONTENT) : null;
        Column key = named ? functions.xxhash64(column(dataset, ORIGIN).cast("string"))
                : content ? functions.when(bytes.isNotNull(), functions.xxhash64(bytes)) : functions.lit(null).cast("long");
        boolean placed = projection != null;
        boolean keyed = named || content;
        Column[] columns = {column(dataset, LABEL).cast("string"),
                placed ? column(dataset, projection) : functions.lit(null), key};
        EvenSample sample = dataset.select(columns).javaRDD()
                .treeAggregate(empty, (part, row) -> add(part, row, axes, keyed), EvenSample::merge, 2);
        if (content) {
            sample.setContents(contents(dataset, key, bytes, sample.items()));
        }
        return sample;
    }

    private static EvenSample add(EvenSample sample, Row row, Axes axes, boolean keyed) {
        boolean placed = axes != null;
        if (placed && row.isNullAt(1) || keyed && row.isNullAt(2)) {
            return sample.leaveOut();
        }
        double x = 0;
        double y = 0;
        if (placed) {
            double[] projected = row.<Vector>getAs(1).toArray();
            axes.check(projected.length);
            x = axes.x(projected);
            y = axes.y(projected);
        }
        String label = row.getString(0);
        Item item = keyed ? Item.of(label, x, y, row.getLong(2)) : Item.of(label, x, y, null);
        return item.isPlaced() ? sample.add(item) : sample.leaveOut();
    }

    private static Map<Long, byte[]> contents(Dataset<Row> dataset, Column key, Column content, List<Item> items) {
        Object[] keys = items.stream().map(Item::key).distinct().toArray();
        Map<Long, byte[]> contents = new HashMap<>();
        Dataset<Row> chosen = dataset.filter(key.isin(keys)).select(key, content);
        for (Row row : chosen.javaRDD().map(ImageRows::small).collect()) {
            contents.putIfAbsent(row.getLong(0), row.getAs(1));
        }
        return contents;
    }

    /** The files of the images of these origins, large ones as thumbnails; only those are read. */
    static Map<String, byte[]> files(Dataset<Row> images, Set<String> origins) {
        Dataset<Row> chosen = images.filter(column(images, ORIGIN).isin(origins.toArray()))
                .select(column(images, ORIGIN), column(images, CONTENT));
        Map<String, byte[]> files = new HashMap<>();
        for (Row row : chosen.javaRDD().map(ImageRows::small).collect()) {
            files.put(row.getString(0), row.getAs(1));
        }
        return files;
    }

    /** A thousand photographs of a telephone do not fit the driver; their thumbnails do. */
    private static Row small(Row row) {
        byte[] content = row.getAs(1);
        return content == null || content.length <= SMALL_FILE ? row
                : RowFactory.create(row.get(0), Thumbnail.file(content, ContactSheet.LARGEST_PICTURE));
    }

    static Column column(Dataset<Row> dataset, String name) {
        if (!Arrays.asList(dataset.columns()).contains(name)) {
            throw new IllegalArgumentException("Column \"" + name + "\" not found: the chart reads it, and the columns are "
                    + String.join(", ", dataset.columns()) + ".");
        }
        return ColumnNames.column(name);
    }
}
