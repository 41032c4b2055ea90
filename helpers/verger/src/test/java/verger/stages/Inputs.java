package verger.stages;

import java.awt.Color;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import verger.TestSpark;
import verger.images.TestImages;

/** Rows with a column of every type that a stage may ask for, under names that Spark would misread without quotes. */
final class Inputs {

    /** The columns, by what is in them. */
    static final List<String> COLUMNS =
            List.of("image.file", "vector.of 4", "array.of floats", "array.of doubles", "some.text", "a.number", "taken.at");

    static final int ROWS = 6;

    private static final Metadata TOLD = new MetadataBuilder().putString("comment", "to be kept").build();

    private static final StructType SCHEMA = new StructType(new StructField[] {
        new StructField("row", DataTypes.IntegerType, false, TOLD),
        field("image.file", DataTypes.BinaryType),
        field("vector.of 4", SQLDataTypes.VectorType()),
        field("array.of floats", DataTypes.createArrayType(DataTypes.FloatType)),
        field("array.of doubles", DataTypes.createArrayType(DataTypes.DoubleType)),
        field("some.text", DataTypes.StringType),
        field("a.number", DataTypes.DoubleType),
        field("taken.at", DataTypes.TimestampType)});

    private Inputs() {
    }

    private static StructField field(String name, org.apache.spark.sql.types.DataType type) {
        return new StructField(name, type, true, Metadata.empty());
    }

    /** Six rows, numbered in column {@code row} from 0, in two partitions. */
    static Dataset<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row(i));
        }
        return of(rows);
    }

    /** The same with a row after the third, and one after the last, that have null in each column but {@code row}. */
    static Dataset<Row> rowsAndNulls() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row(i));
            if (i == 2 || i == ROWS - 1) {
                rows.add(RowFactory.create(100 + i, null, null, null, null, null, null, null));
            }
        }
        return of(rows);
    }

    /** No row, and not a partition either. */
    static Dataset<Row> none() {
        return TestSpark.session().createDataFrame(List.of(), SCHEMA);
    }

    private static Dataset<Row> of(List<Row> rows) {
        return TestSpark.session().createDataFrame(rows, SCHEMA);
    }

    private static Row row(int i) {
        Random random = new Random(i);
        double[] doubles = random.doubles(4, -1, 1).toArray();
        List<Float> floats = new ArrayList<>();
        List<Double> boxed = new ArrayList<>();
        for (double value : doubles) {
            floats.add((float) value);
            boxed.add(value);
        }
        return RowFactory.create(i, TestImages.jpeg(40, new Color(random.nextInt(0xffffff))), Vectors.dense(doubles), floats,
                boxed,
                "text " + i, doubles[0], new Timestamp(1_700_000_000_000L + i));
    }
}
