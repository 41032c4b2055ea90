package verger.charts;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import verger.spark.ColumnNames;

/** Reads the columns of images that charts are drawn from. */
final class ImageColumns {

    static final String LABEL = "label";
    static final String CONTENT = "content";
    static final String ORIGIN = "origin";
    /** About what a thumbnail has: such a file is sent as it is. */
    private static final int SMALL_FILE = 64 << 10;

    private ImageColumns() {
    }

    static boolean has(Dataset<Row> dataset, String name) {
        return Arrays.asList(dataset.columns()).contains(name);
    }

    /** @throws IllegalArgumentException if there is no such column */
    static Column of(Dataset<Row> dataset, String name) {
        if (!has(dataset, name)) {
            throw new IllegalArgumentException("Column \"" + name + "\" not found: the chart reads it, and the columns are "
                    + String.join(", ", dataset.columns()) + ".");
        }
        return ColumnNames.column(name);
    }

    /**
     * The files of some images, large ones as thumbnails; only those are read.
     *
     * @param key  what tells the images apart
     * @param keys of the images whose files are read
     */
    static Map<Object, byte[]> files(Dataset<Row> images, Column key, Column content, Object[] keys) {
        Map<Object, byte[]> files = new HashMap<>();
        for (Row row : images.filter(key.isin(keys)).select(key, content).javaRDD().map(ImageColumns::small).collect()) {
            files.putIfAbsent(row.get(0), row.getAs(1));
        }
        return files;
    }

    /** A thousand photographs of a telephone do not fit the driver; their thumbnails do. */
    private static Row small(Row row) {
        byte[] content = row.getAs(1);
        return content == null || content.length <= SMALL_FILE ? row
                : RowFactory.create(row.get(0), Thumbnail.file(content, ContactSheet.LARGEST_PICTURE));
    }
}
