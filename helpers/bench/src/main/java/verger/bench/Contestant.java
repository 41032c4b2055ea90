package verger.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;

/**
 * A PCA that is measured.
 *
 * @param name      in the table
 * @param library   what Spark's linear algebra is switched to while it runs
 * @param precision of its Gramian, which says what peak it is held against
 * @param own       true for Verger's
 */
record Contestant(String name, Netlib.Library library, Precision precision, boolean own) {

    static final Contestant SPARK_JAVA =
            new Contestant("Spark, as it comes", Netlib.Library.JAVA, Precision.DOUBLE, false);
    static final Contestant SPARK_NATIVE =
            new Contestant("Spark, native BLAS", Netlib.Library.NATIVE, Precision.DOUBLE, false);
    // As it comes too: it must not gain from what a host without netlib's natives lacks.
    static final Contestant OURS = new Contestant("Verger, double", Netlib.Library.JAVA, Precision.DOUBLE, true);
    static final Contestant OURS_FLOAT = new Contestant("Verger, float", Netlib.Library.JAVA, Precision.FLOAT, true);

    static final String PROJECTION = "pca";

    /** Width of the numbers that a Gramian is computed with. */
    enum Precision {
        DOUBLE, FLOAT
    }

    /** All of them, in the order that they take turns in. */
    static List<Contestant> all(boolean withJava) {
        List<Contestant> all = new ArrayList<>(List.of(SPARK_NATIVE, OURS, OURS_FLOAT));
        if (withJava) {
            all.add(0, SPARK_JAVA);
        }
        return all;
    }

    Model<?> fit(Dataset<Row> data, int k) {
        if (own) {
            return new PrincipalComponents().setPrecision(precision.name().toLowerCase(Locale.ROOT))
                    .setInputCol(NetworkLikeRows.COLUMN).setOutputCol(PROJECTION).setK(k).fit(data);
        }
        return new PCA().setInputCol(NetworkLikeRows.COLUMN).setOutputCol(PROJECTION).setK(k).fit(data);
    }

    /** The share of the variance of each of the k components. */
    static double[] explainedVariance(Model<?> model) {
        return model instanceof PCAModel spark
                ? spark.explainedVariance().toArray()
                : Arrays.copyOf(own(model).explainedVariance(), own(model).getK());
    }

    private static PrincipalComponentsModel own(Model<?> model) {
        return (PrincipalComponentsModel) model;
    }
}
