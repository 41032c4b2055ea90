package verger.pca;

import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import verger.spark.ColumnParam;

/** The parameters that the estimator and its model share, and what they demand of a schema. */
interface PcaParams extends Params {

    /** Values of {@link #precision}. */
    String DOUBLE = "double";
    String FLOAT = "float";

    Param<String> inputCol();

    Param<String> outputCol();

    IntParam k();

    BooleanParam centered();

    Param<String> precision();

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

    /** Precision of the fit: {@code double} or {@code float}. */
    default String getPrecision() {
        return getOrDefault(precision());
    }

    /** The parameter of that name of a stage, as the others below. */
    static Param<String> inputCol(Params stage) {
        return new ColumnParam(stage, "inputCol", "column of feature vectors");
    }

    static Param<String> outputCol(Params stage) {
        return new ColumnParam(stage, "outputCol", "column of projections");
    }

    static IntParam k(Params stage) {
        return new IntParam(stage, "k", "number of components of a projection (> 0)", ParamValidators.gt(0));
    }

    static BooleanParam centered(Params stage) {
        return new BooleanParam(stage, "centered", "whether the mean is subtracted before a projection");
    }

    static Param<String> precision(Params stage) {
        return new Param<>(stage, "precision", "of the products of the rows and of their decomposition: double or float",
                ParamValidators.inArray(new String[] {DOUBLE, FLOAT}));
    }

    /** What holds where nothing is set. */
    static void setDefaults(PcaParams stage) {
        stage.setDefault(stage.inputCol(), "features");
        stage.setDefault(stage.outputCol(), "pca");
        stage.setDefault(stage.k(), 2);
        stage.setDefault(stage.centered(), true);
        stage.setDefault(stage.precision(), DOUBLE);
    }

    /**
     * The schema with the column of projections, of known size k.
     *
     * @throws IllegalArgumentException if the input column is missing or holds neither vectors nor arrays of floats or
     *                                  doubles, or the output column is there already
     */
    static StructType withProjection(PcaParams stage, StructType schema) {
        String columns = String.join(", ", schema.fieldNames());
        if (!Arrays.asList(schema.fieldNames()).contains(stage.getInputCol())) {
            throw new IllegalArgumentException("Column \"" + stage.getInputCol() + "\" not found: the columns are " + columns
                    + "; name the features with setInputCol.");
        }
        DataType type = schema.apply(stage.getInputCol()).dataType();
        if (!FeatureColumn.reads(type)) {
            throw new IllegalArgumentException("Column \"" + stage.getInputCol() + "\" holds " + type.catalogString()
                    + ": a PCA needs vectors, or arrays of floats or doubles.");
        }
        // Spark's own names differ by more than their case, unless it is told otherwise.
        if (Arrays.stream(schema.fieldNames()).anyMatch(stage.getOutputCol()::equalsIgnoreCase)) {
            throw new IllegalArgumentException("Column \"" + stage.getOutputCol() + "\" is there already: the columns are "
                    + columns + "; name another with setOutputCol.");
        }
        // Nullable, unlike the group's own field: the projection of null is null.
        return schema.add(stage.getOutputCol(), SQLDataTypes.VectorType(), true,
                new AttributeGroup(stage.getOutputCol(), stage.getK()).toMetadata());
    }

    /** The number of features as the schema tells it, as a VectorAssembler's does; −1 if it does not. */
    static int featuresOf(PcaParams stage, StructType schema) {
        StructField field = schema.apply(stage.getInputCol());
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
