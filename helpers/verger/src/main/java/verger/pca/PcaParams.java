package verger.pca;

import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The parameters that the estimator and its model share, and what they demand of a schema. */
interface PcaParams extends Params {

    Param<String> inputCol();

    Param<String> outputCol();

    IntParam k();

    BooleanParam centered();

    /** Name of the column of features. */
    default String getInputCol() {
        return getOrDefault(inputCol());
    }

    /** Name of the column of projections. */
    default String getOutputCol() {
        return getOrDefault(outputCol());
    }

    /** Number of components of a projection. */
    default int getK() {
        return (Integer) getOrDefault(k());
    }

    /** Whether the mean of the features is subtracted before a projection. */
    default boolean getCentered() {
        return (Boolean) getOrDefault(centered());
    }

    /**
     * The schema with the column of projections, of known size k.
     *
     * @throws IllegalArgumentException if the input column is missing or holds neither vectors nor arrays of floats or
     *                                  doubles, or the output column is there already
     */
    default StructType withProjection(StructType schema) {
        String columns = String.join(", ", schema.fieldNames());
        if (!Arrays.asList(schema.fieldNames()).contains(getInputCol())) {
            throw new IllegalArgumentException("Column \"" + getInputCol() + "\" not found: the columns are " + columns
                    + "; name the features with setInputCol.");
        }
        DataType type = schema.apply(getInputCol()).dataType();
        if (!FeatureColumn.reads(type)) {
            throw new IllegalArgumentException("Column \"" + getInputCol() + "\" holds " + type.catalogString()
                    + ": a PCA needs vectors, or arrays of floats or doubles.");
        }
        if (Arrays.asList(schema.fieldNames()).contains(getOutputCol())) {
            throw new IllegalArgumentException("Column \"" + getOutputCol() + "\" is there already: the columns are "
                    + columns + "; name another with setOutputCol.");
        }
        // Nullable, unlike the group's own field: the projection of null is null.
        return schema.add(getOutputCol(), SQLDataTypes.VectorType(), true,
                new AttributeGroup(getOutputCol(), getK()).toMetadata());
    }

    /** The number of features as the schema tells it, as a VectorAssembler's does; −1 if it does not. */
    default int featuresOf(StructType schema) {
        StructField field = schema.apply(getInputCol());
        return field.dataType().equals(SQLDataTypes.VectorType()) ? AttributeGroup.fromStructField(field).size() : -1;
    }

    /** One sentence with n, d and k if so many components cannot be. */
    static void checkK(int k, long rows, int features) {
        if (rows < 2) {
            throw new IllegalArgumentException("A PCA needs at least two rows: got " + rows + ".");
        }
        int most = Spectrum.most(rows, features);
        if (k > most || k < 1) {
            throw new IllegalArgumentException("k = " + k + " is not among the 1 to " + most + " components that n = " + rows
                    + " rows of d = " + features + " features have, min(n − 1, d): choose another k or more rows.");
        }
    }
}
