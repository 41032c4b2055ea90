package verger.features;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.collection.mutable.WrappedArray;

/**
 * The classes of an image that are most likely, first the most likely one.
 *
 * @param k     how many
 * @param names of all classes, or an empty list where they are not known
 */
record TopClasses(int k, List<String> names) implements NetworkColumn {

    private static final StructType CLASS = new StructType()
            .add("index", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("probability", DataTypes.FloatType, false);
    static final DataType TYPE = DataTypes.createArrayType(CLASS, false);

    @Override
    public Output output() {
        return Output.PROBABILITIES;
    }

    @Override
    public DataType type() {
        return TYPE;
    }

    /** As Spark itself has an array in a row: it hands rows on to a typed operation without a detour through its own format. */
    @Override
    public Seq<Row> value(float[] probabilities) {
        return WrappedArray.make(IntStream.range(0, probabilities.length).boxed()
                .sorted(Comparator.comparing(i -> -probabilities[i])) // stable: of two that are alike the first comes first
                .limit(k)
                .map(i -> row(i, names.isEmpty() ? "class " + i : names.get(i), probabilities[i]))
                .toArray(Row[]::new));
    }

    private static Row row(Object... values) {
        return new GenericRowWithSchema(values, CLASS);
    }
}
