package verger.features;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The classes of an image that are most likely, first the most likely one.
 *
 * @param k     how many
 * @param names of all classes, or an empty list where they are not known
 */
record TopClasses(int k, List<String> names) implements NetworkColumn {

    static final DataType TYPE = DataTypes.createArrayType(new StructType()
            .add("index", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("probability", DataTypes.FloatType, false), false);

    @Override
    public Output output() {
        return Output.PROBABILITIES;
    }

    @Override
    public DataType type() {
        return TYPE;
    }

    @Override
    public Row[] value(float[] probabilities) {
        return IntStream.range(0, probabilities.length).boxed()
                .sorted(Comparator.comparing(i -> -probabilities[i])) // stable: of two that are alike the first comes first
                .limit(k)
                .map(i -> RowFactory.create(i, names.isEmpty() ? "class " + i : names.get(i), probabilities[i]))
                .toArray(Row[]::new);
    }
}
