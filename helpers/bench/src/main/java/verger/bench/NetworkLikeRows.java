package verger.bench;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Draws rows that are like the features of a network: never negative, many near zero, on a spectrum that falls as a
 * power of the component, and of single precision.
 *
 * <p>Row i is a function of the seed and i alone, so the data is the same however it is partitioned.
 */
final class NetworkLikeRows implements Serializable {

    static final String COLUMN = "features";
    private static final int FACTORS = 128;
    /** The r-th factor's size is r^−0.6, which leaves the first hundred variances well apart. */
    private static final double DECAY = -0.6;
    private static final double NOISE = 0.1;

    private final long seed;
    private final double[] bias;
    /** A factor's weight in every feature, factor by factor. */
    private final double[][] weights;

    NetworkLikeRows(long seed, int features) {
        this.seed = seed;
        SplittableRandom random = new SplittableRandom(seed);
        bias = new double[features];
        for (int j = 0; j < features; j++) {
            bias[j] = 0.5 * random.nextGaussian();
        }
        weights = new double[FACTORS][features];
        for (int r = 0; r < FACTORS; r++) {
            double size = Math.pow(r + 1, DECAY);
            for (int j = 0; j < features; j++) {
                weights[r][j] = size * random.nextGaussian();
            }
        }
    }

    /** The first so many rows, in a column of vectors {@value #COLUMN}. */
    Dataset<Row> first(int count, SparkSession spark, int partitions) {
        Broadcast<NetworkLikeRows> shared =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(this);
        return spark.range(0, count, 1, partitions).map(
                (MapFunction<Long, Row>) i -> RowFactory.create(shared.value().row(i)),
                Encoders.row(new StructType().add(COLUMN, SQLDataTypes.VectorType())));
    }

    private Vector row(long index) {
        // An odd factor, so that neighbouring rows do not start from neighbouring seeds.
        SplittableRandom random = new SplittableRandom(seed ^ (index + 1) * 0xD1342543DE82EF95L);
        double[] sums = bias.clone();
        for (double[] weight : weights) {
            double factor = random.nextGaussian();
            for (int j = 0; j < sums.length; j++) {
                sums[j] += factor * weight[j];
            }
        }
        for (int j = 0; j < sums.length; j++) {
            sums[j] = (float) Math.max(0, sums[j] + NOISE * random.nextGaussian());
        }
        return Vectors.dense(sums);
    }
}
