package verger.charts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Samples the rows of a Dataset in one pass: only what a chart draws comes to the driver. */
final class ImageRows {

    static final String LABEL = "label";
    static final String CONTENT = "content";

    private ImageRows() {
    }

    /**
     * A sample.
     *
     * @param projection the column of projections, or null where the chart needs none
     * @param content    whether the chart needs the bytes of the files
     */
    static EvenSample of(Dataset<Row> dataset, String projection, boolean content, EvenSample empty) {
        List<Column> columns = new ArrayList<>();
        columns.add(column(dataset, LABEL).cast("string"));
        columns.add(projection == null ? functions.lit(null) : column(dataset, projection));
        columns.add(content ? column(dataset, CONTENT) : functions.lit(null));
        boolean placed = projection != null;
        return dataset.select(columns.toArray(new Column[0])).javaRDD()
                .treeAggregate(empty, (sample, row) -> add(sample, row, placed, content), EvenSample::merge, 2);
    }

    private static EvenSample add(EvenSample sample, Row row, boolean placed, boolean content) {
        if (placed && row.isNullAt(1) || content && row.isNullAt(2)) {
            return sample.leaveOut();
        }
        double x = 0;
        double y = 0;
        if (placed) {
            Vector projected = row.getAs(1);
            Charts.checkTwo(projected.size());
            x = projected.apply(0);
            y = projected.apply(1);
        }
        Item item = Item.of(row.getString(0), x, y, content ? row.getAs(2) : null);
        return item.isPlaced() ? sample.add(item) : sample.leaveOut();
    }

    private static Column column(Dataset<Row> dataset, String name) {
        if (!Arrays.asList(dataset.columns()).contains(name)) {
            throw new IllegalArgumentException("Column \"" + name + "\" not found: the chart reads it, and the columns are "
                    + String.join(", ", dataset.columns()) + ".");
        }
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
