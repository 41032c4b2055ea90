package verger.pca;

import java.io.Serializable;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Reads the first column of Spark's own rows: vectors, dense or sparse, or arrays of floats or doubles.
 *
 * <p>It does not read {@code Row}s, which hold an array as an object for each number.
 */
final class FeatureColumn implements Serializable {

    /** Fields of a vector as Spark stores it: type (0 is sparse), size, indices, values. */
    private static final int VECTOR_FIELDS = 4;

    private final boolean vectors;
    private final boolean floats;
    private final boolean nullable;

    private FeatureColumn(boolean vectors, boolean floats, boolean nullable) {
        this.vectors = vectors;
        this.floats = floats;
        this.nullable = nullable;
    }

    static boolean reads(DataType type) {
        return type.equals(SQLDataTypes.VectorType()) || type instanceof ArrayType
                && (isOf(type, DataTypes.FloatType) || isOf(type, DataTypes.DoubleType));
    }

    /** The reader of a type that it {@link #reads}. */
    static FeatureColumn of(DataType type) {
        return type instanceof ArrayType array
                ? new FeatureColumn(false, isOf(type, DataTypes.FloatType), array.containsNull())
                : new FeatureColumn(true, false, false);
    }

    private static boolean isOf(DataType type, DataType element) {
        return ((ArrayType) type).elementType().equals(element);
    }

    /** The numbers of a row that is not null there, in an array of the caller's; a null among them becomes NaN. */
    double[] values(InternalRow row) {
        if (vectors) {
            return vector(row.getStruct(0, VECTOR_FIELDS));
        }
        ArrayData array = row.getArray(0);
        double[] values = floats ? widened(array.toFloatArray()) : array.toDoubleArray();
        for (int j = 0; nullable && j < values.length; j++) {
            if (array.isNullAt(j)) {
                values[j] = Double.NaN;
            }
        }
        return values;
    }

    /** True if what {@link #values} gave as NaN is null. */
    boolean isNull(InternalRow row, int feature) {
        return !vectors && row.getArray(0).isNullAt(feature);
    }

    private static double[] vector(InternalRow struct) {
        double[] values = struct.getArray(3).toDoubleArray();
        if (struct.getByte(0) != 0) {
            return values;
        }
        double[] dense = new double[struct.getInt(1)];
        int[] indices = struct.getArray(2).toIntArray();
        for (int i = 0; i < indices.length; i++) {
            dense[indices[i]] = values[i];
        }
        return dense;
    }

    private static double[] widened(float[] floats) {
        double[] values = new double[floats.length];
        for (int j = 0; j < values.length; j++) {
            values[j] = floats[j];
        }
        return values;
    }
}
