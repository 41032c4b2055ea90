package verger.pca;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;
import verger.spark.ColumnNames;

/** Makes vectors of arrays; unlike Spark's own {@code array_to_vector} it does not take a null among the numbers for 0. */
final class ArrayToVector implements UDF1<Seq<Double>, Vector> {

    private final String column;

    private ArrayToVector(String column) {
        this.column = column;
    }

    /** A column of vectors from a column of arrays of numbers; null where it is null. */
    static Column of(String column) {
        return functions.udf(new ArrayToVector(column), SQLDataTypes.VectorType())
                .apply(ColumnNames.column(column).cast(DataTypes.createArrayType(DataTypes.DoubleType)));
    }

    @Override
    public Vector call(Seq<Double> array) {
        if (array == null) {
            return null;
        }
        double[] values = new double[array.size()];
        for (int j = 0; j < values.length; j++) {
            Double value = array.apply(j);
            if (value == null) {
                throw new IllegalArgumentException("A row has null for feature " + j + " of column \"" + column + "\".");
            }
            values[j] = value;
        }
        return Vectors.dense(values);
    }
}
