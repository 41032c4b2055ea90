package verger.tuning;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The most likely classes of a vector of probabilities.
 *
 * <p>Not a record, as it travels to executors: Spark's Kryo, where it is switched on, cannot read records back.
 */
final class TopClasses implements Serializable {

    private static final long serialVersionUID = 1L;

    /** As {@code ImagePredictor} gives them. */
    static final DataType TYPE = DataTypes.createArrayType(new StructType()
            .add("index", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("probability", DataTypes.FloatType, false), false);

    private final int k;
    private final String[] names;

    TopClasses(int k, List<String> names) {
        if (k < 1) {
            throw new IllegalArgumentException("topK must be 1 or more: got " + k);
        }
        this.k = k;
        this.names = names.toArray(new String[0]);
    }

    /** Null of null. */
    Row[] of(Vector probabilities) {
        return probabilities == null ? null : IntStream.range(0, probabilities.size()).boxed()
                .sorted((a, b) -> Double.compare(probabilities.apply(b), probabilities.apply(a))) // stable: of equals the first
                .limit(k)
                .map(i -> RowFactory.create(i, names[i], (float) probabilities.apply(i)))
                .toArray(Row[]::new);
    }
}
