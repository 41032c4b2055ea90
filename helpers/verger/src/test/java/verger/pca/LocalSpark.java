package verger.pca;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import verger.TestSpark;

/** Data for the tests of the PCA, in the session that all tests of a JVM share. */
public final class LocalSpark {

    private LocalSpark() {
    }

    public static SparkSession session() {
        return TestSpark.session();
    }

    /** A Dataset of one column {@code features}; null stays null. */
    static Dataset<Row> features(List<Vector> vectors) {
        StructType schema = new StructType().add("features", SQLDataTypes.VectorType());
        return session().createDataFrame(vectors.stream().map(RowFactory::create).collect(Collectors.toList()), schema);
    }

    static Dataset<Row> features(double[][] rows) {
        return features(Arrays.stream(rows).map(row -> row == null ? null : Vectors.dense(row))
                .collect(Collectors.toList()));
    }

    /** Gaussian rows whose column j has a mean of {@code offset} and a deviation of 1 / (1 + j / 4), mixed a little. */
    static double[][] gaussian(int n, int d, double offset, long seed) {
        Random random = new Random(seed);
        double[][] rows = new double[n][d];
        for (double[] row : rows) {
            double common = random.nextGaussian();
            for (int j = 0; j < d; j++) {
                row[j] = offset + (random.nextGaussian() + 0.3 * common) / (1 + j / 4.0);
            }
        }
        return rows;
    }
}
