package verger.pca;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Projects one row: {@code componentsᵀ · (features − mean)}.
 *
 * <p>Not a record, as it is broadcast: Spark's Kryo, where it is switched on, cannot read records back.
 */
final class Projection implements Serializable {

    private final String column;
    private final double[] mean;
    private final double[] components;

    /**
     * A projection.
     *
     * @param column     name of the features, for messages
     * @param mean       d values
     * @param components column-major d × k
     */
    Projection(String column, double[] mean, double[] components) {
        this.column = column;
        this.mean = mean;
        this.components = components;
    }

    Vector of(Vector features) {
        if (features == null) {
            return null;
        }
        if (features.size() != mean.length) {
            throw new IllegalArgumentException(sizes("A row", features.size(), column, mean.length));
        }
        // Centred before, not after, the product: an offset of the features would cost digits.
        double[] centred = Moments.minus(features.toArray(), mean);
        double[] projected = new double[components.length / mean.length];
        for (int c = 0, at = 0; c < projected.length; c++) {
            double sum = 0;
            for (double value : centred) {
                sum += value * components[at++];
            }
            projected[c] = sum;
        }
        return Vectors.dense(projected);
    }

    static String sizes(String who, int features, String column, int fitted) {
        return who + " has " + features + " features in column \"" + column + "\": the PCA was fitted on " + fitted + ".";
    }

    /** For Spark SQL. */
    record Udf(Broadcast<Projection> projection) implements UDF1<Vector, Vector> {
        @Override
        public Vector call(Vector features) {
            return projection.value().of(features);
        }
    }
}
