package verger.similar;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import verger.spark.ColumnNames;
import org.apache.spark.ml.functions$;

/** A vector of length one, by the name of its row: the cosine of two is their dot product. */
record UnitVector(String id, double[] values) implements Serializable {

    /**
     * The rows' vectors. Rows with null have none, and neither has one of zeros, which points nowhere.
     *
     * @throws IllegalArgumentException if a column is missing or holds no vectors; in a task, if a row has no name or NaN
     */
    static JavaRDD<UnitVector> of(Dataset<Row> rows, String idCol, String vectorCol) {
        require(rows, idCol);
        require(rows, vectorCol);
        Column vector = ColumnNames.column(vectorCol);
        return rows
                .filter(vector.isNotNull())
                .select(ColumnNames.column(idCol).cast("string"),
                        numbers(vector, rows.schema().apply(vectorCol).dataType(), vectorCol))
                .queryExecution().toRdd().toJavaRDD()
                .map(row -> scaled(name(row, idCol), row.getArray(1).toDoubleArray()))
                .filter(scaled -> scaled != null);
    }

    private static String name(InternalRow row, String idCol) {
        if (row.isNullAt(0)) {
            throw new IllegalArgumentException("A row with a vector has null in column " + idCol + ", which names the images: "
                    + "fill or drop it");
        }
        return row.getUTF8String(0).toString();
    }

    private static Column numbers(Column vector, DataType type, String name) {
        if (type.equals(SQLDataTypes.VectorType())) {
            return functions$.MODULE$.vector_to_array(vector, "float64");
        }
        if (type instanceof ArrayType array
                && (array.elementType().equals(DataTypes.FloatType) || array.elementType().equals(DataTypes.DoubleType))) {
            return vector.cast("array<double>");
        }
        throw new IllegalArgumentException("Column " + name + " must hold vectors, or arrays of floats or doubles: it is "
                + type.simpleString());
    }

    private static void require(Dataset<Row> rows, String name) {
        if (!Arrays.asList(rows.columns()).contains(name)) {
            throw new IllegalArgumentException("There is no column " + name + ": the columns are "
                    + String.join(", ", rows.columns()));
        }
    }

    /** Null for a vector of zeros. */
    static UnitVector scaled(String id, double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException(id + " has a vector with NaN or an infinite number, which is similar to "
                    + "nothing: mend or drop the row");
        }
        if (squares == 0) {
            return null;
        }
        double length = Math.sqrt(squares);
        double[] scaled = new double[values.length];
        for (int j = 0; j < scaled.length; j++) {
            scaled[j] = values[j] / length;
        }
        return new UnitVector(id, scaled);
    }
}
