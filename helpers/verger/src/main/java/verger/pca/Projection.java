package verger.pca;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.api.java.UDF1;
import verger.pca.linalg.Blas;
import verger.pca.linalg.DotProduct;
import verger.pca.linalg.Product;

/**
 * Projects features onto components: {@code componentsᵀ · (features − mean)}.
 *
 * <p>Not a record, as it is broadcast: Spark's Kryo, where it is switched on, cannot read records back.
 */
final class Projection implements Serializable {

    private final String column;
    private final double[] origin;
    private final double[] components;
    private transient Product transposed;

    /**
     * @param column     name of the features, for messages
     * @param origin     what is subtracted from the features: d values
     * @param components column-major d × k
     */
    Projection(String column, double[] origin, double[] components) {
        this.column = column;
        this.origin = origin;
        this.components = components;
    }

    int features() {
        return origin.length;
    }

    int size() {
        return components.length / origin.length;
    }

    /**
     * The transposed components, to be multiplied with {@link #centred} features, column by column. One for all tasks of a
     * process; its native memory goes when this does.
     */
    synchronized Product transposed() {
        if (transposed == null) {
            transposed = Blas.best().product(components, features(), size());
        }
        return transposed;
    }

    /** One row; null for null. */
    Vector of(Vector features) {
        if (features == null) {
            return null;
        }
        double[] centred = new double[features()];
        centred(features, centred, 0);
        double[] projected = new double[size()];
        for (int c = 0; c < projected.length; c++) {
            projected[c] = DotProduct.of(centred, 0, components, c * centred.length, centred.length);
        }
        return Vectors.dense(projected);
    }

    /** Subtracts before, not after, the product: an offset of the features would cost digits. */
    void centred(Vector features, double[] to, int at) {
        if (features.size() != origin.length) {
            throw new IllegalArgumentException(sizes("A row", features.size(), column, origin.length));
        }
        double[] values = features.toArray();
        for (int j = 0; j < values.length; j++) {
            to[at + j] = values[j] - origin[j];
        }
    }

    static String sizes(String who, int features, String column, int fitted) {
        return who + " has " + features + " features in column \"" + column + "\": the PCA was fitted on " + fitted + ".";
    }

    /** Projects the column of features row by row. */
    record RowByRow(Broadcast<Projection> projection) implements UDF1<Vector, Vector> {
        @Override
        public Vector call(Vector features) {
            return projection.value().of(features);
        }
    }
}
