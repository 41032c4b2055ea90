package verger.storage;

import java.util.stream.Stream;
import org.apache.spark.ml.functions$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of the tables that are saved: plain types, which any reader of Parquet and JSON understands. */
final class ResultColumns {

    private static final StructType IMAGE = new StructType()
            .add("origin", DataTypes.StringType)
            .add("label", DataTypes.StringType);

    /** A row for each image that has features. */
    static final StructType FEATURES = IMAGE.add("features", DataTypes.createArrayType(DataTypes.FloatType, false));

    /** A row for each image that has a projection. */
    static final StructType PROJECTION = IMAGE.add("pca", DataTypes.createArrayType(DataTypes.DoubleType, false));

    /** A row for each image; {@code reason} is null, or says why {@code features} is. */
    static final StructType APPENDED = FEATURES
            .add("reason", DataTypes.StringType)
            .add("modified", DataTypes.TimestampType)
            .add("length", DataTypes.LongType);

    private ResultColumns() {
    }

    /**
     * The columns of a table, in its order.
     *
     * @param rows columns of these names; a vector stands where the table has an array, and may be null
     */
    static Dataset<Row> select(StructType table, Dataset<Row> rows) {
        return rows.select(Stream.of(table.fields()).map(field -> plain(field, rows.col(field.name()))).toArray(Column[]::new));
    }

    private static Column plain(StructField field, Column column) {
        if (!(field.dataType() instanceof ArrayType array)) {
            return column;
        }
        String type = array.elementType().equals(DataTypes.FloatType) ? "float32" : "float64";
        return functions.when(column.isNotNull(), functions$.MODULE$.vector_to_array(column, type)).as(field.name());
    }
}
