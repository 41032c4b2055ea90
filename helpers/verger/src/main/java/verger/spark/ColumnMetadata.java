package verger.spark;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What a schema tells of its columns beside their types: names of classes, sizes of vectors, the watermark of a stream. */
public final class ColumnMetadata {

    private ColumnMetadata() {
    }

    /**
     * Rows that went through an encoder, with the metadata that they lost there.
     *
     * @param schema the rows' own, with metadata
     */
    public static Dataset<Row> restored(StructType schema, Dataset<Row> rows) {
        StructField[] fields = schema.fields();
        Column[] columns = new Column[fields.length];
        boolean none = true;
        for (int i = 0; i < fields.length; i++) {
            columns[i] = ColumnNames.column(fields[i].name());
            if (!fields[i].metadata().equals(Metadata.empty())) {
                columns[i] = columns[i].as(fields[i].name(), fields[i].metadata());
                none = false;
            }
        }
        return none ? rows : rows.select(columns);
    }
}
