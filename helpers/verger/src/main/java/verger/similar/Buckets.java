package verger.similar;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.feature.BucketedRandomProjectionLSH;
import org.apache.spark.ml.feature.BucketedRandomProjectionLSHModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The buckets that vectors fall into by Spark's random projections: near ones are likely to share one.
 *
 * <p>Spark's own similarity join takes a pair for a candidate when one of its hashes agrees, and along any one line most
 * vectors of a network's features lie together. Here a bucket is where some hashes agree.
 */
final class Buckets implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Buckets of a vector. */
    private static final int TABLES = 16;
    /** Hashes that have to agree. */
    private static final int TOGETHER = 3;
    private static final long SEED = 1;

    private final BucketedRandomProjectionLSHModel hashes;

    /** @param dimension numbers of a vector */
    Buckets(SparkSession spark, int dimension) {
        StructType schema = new StructType().add("unit", SQLDataTypes.VectorType());
        // Unit vectors in d dimensions spread by 1/√d along any line, so that is what a bucket is wide.
        hashes = new BucketedRandomProjectionLSH().setInputCol("unit").setOutputCol("hashes")
                .setBucketLength(1 / Math.sqrt(dimension)).setNumHashTables(TABLES * TOGETHER).setSeed(SEED)
                .fit(spark.createDataFrame(List.of(RowFactory.create(Vectors.zeros(dimension))), schema));
    }

    /** The buckets of a vector, one of each table. */
    long[] of(UnitVector vector) {
        Vector[] all = hashes.hashFunction(Vectors.dense(vector.values()));
        long[] buckets = new long[TABLES];
        for (int table = 0; table < TABLES; table++) {
            Vector[] together = Arrays.copyOfRange(all, table * TOGETHER, (table + 1) * TOGETHER);
            long bucket = table;
            for (Vector hash : together) {
                bucket = bucket * 1_000_003 + (long) hash.apply(0);
            }
            buckets[table] = bucket;
        }
        return buckets;
    }
}
