package verger.features;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The classes of an image that are most likely, first the most likely one.
 *
 * @param k     how many, 1 at least; all where there are fewer
 * @param names of all classes, or an empty list where they are not known
 */
public record TopClasses(int k, List<String> names) implements Serializable {

    private static final StructType CLASS = new StructType()
            .add("index", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("probability", DataTypes.FloatType, false);

    /** Of what {@link #of} gives. */
    public static final DataType TYPE = DataTypes.createArrayType(CLASS, false);

    public TopClasses {
        if (k < 1) {
            throw new IllegalArgumentException("topK must be 1 or more: got " + k);
        }
    }

    /**
     * The most likely of some classes.
     *
     * @param count         how many classes there are
     * @param probabilities of each, by its index
     */
    public Row[] of(int count, IntToDoubleFunction probabilities) {
        return IntStream.range(0, count).boxed()
                .sorted(Comparator.comparingDouble(i -> -probabilities.applyAsDouble(i))) // stable: of equals the first
                .limit(k)
                .map(i -> row(i, names.isEmpty() ? "class " + i : names.get(i), (float) probabilities.applyAsDouble(i)))
                .toArray(Row[]::new);
    }

    private static Row row(Object... values) {
        return new GenericRowWithSchema(values, CLASS);
    }
}
