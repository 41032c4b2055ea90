package verger.similar;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.spark.ColumnNames;

/** Says which classes lie near which. */
public final class Neighbours {

    private static final StructType SCHEMA = new StructType()
            .add("label", DataTypes.StringType)
            .add("nearest", DataTypes.StringType)
            .add("distance", DataTypes.DoubleType)
            .add("images", DataTypes.LongType);

    private Neighbours() {
    }

    /**
     * For each class the one whose centre is nearest to its own, nearest pairs first.
     *
     * @param labelCol  column with the class, a string; null is a class of its own
     * @param vectorCol column with vectors, such as projections; rows with null are left out
     * @return columns {@code label}, {@code nearest} and {@code distance} (Euclidean, in the vectors' unit; both null for an
     *         only class), {@code images} (how many the class has)
     */
    public static Dataset<Row> ofClasses(Dataset<Row> rows, String labelCol, String vectorCol) {
        Column label = ColumnNames.column(labelCol);
        Column vector = ColumnNames.column(vectorCol);
        List<Row> centres = rows.filter(vector.isNotNull())
                .groupBy(label)
                .agg(Summarizer.mean(vector), functions.count(vector))
                .collectAsList();
        List<Row> nearest = new ArrayList<>();
        for (Row centre : centres) {
            nearest.add(nearest(centre, centres));
        }
        return rows.sparkSession().createDataFrame(nearest, SCHEMA).orderBy("distance", "label");
    }

    private static Row nearest(Row centre, List<Row> centres) {
        Row found = null;
        double distance = Double.POSITIVE_INFINITY;
        for (Row other : centres) {
            double squared = other == centre ? Double.POSITIVE_INFINITY
                    : Vectors.sqdist(centre.<Vector>getAs(1), other.<Vector>getAs(1));
            if (squared < distance) {
                distance = squared;
                found = other;
            }
        }
        return RowFactory.create(
                centre.getString(0),
                found == null ? null : found.getString(0),
                found == null ? null : Math.sqrt(distance),
                centre.getLong(2));
    }
}
