package verger.pca;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import verger.spark.RowBatches;

/** Replaces the features in the last column by their projection, a block of rows in one product of matrices. */
final class ProjectBlocks implements MapPartitionsFunction<Row, Row> {

    private static final int BLOCK = 256;

    private final Broadcast<Projection> broadcast;
    /** The rows carry it, as those of any DataFrame. */
    private final StructType schema;

    ProjectBlocks(Broadcast<Projection> projection, StructType schema) {
        this.broadcast = projection;
        this.schema = schema;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Projection projection = broadcast.value();
        double[] centred = new double[Math.multiplyExact(BLOCK, projection.features())];
        return new RowBatches(rows, BLOCK, block -> projected(block, projection, centred));
    }

    private List<Row> projected(List<Row> block, Projection projection, double[] centred) {
        int count = 0;
        for (Row row : block) {
            if (!row.isNullAt(row.size() - 1)) {
                projection.centred(row.<Vector>getAs(row.size() - 1), centred, count++ * projection.features());
            }
        }
        double[] projected = projection.transposed().times(centred, count);
        int k = projection.size();
        List<Row> out = new ArrayList<>(block.size());
        int done = 0;
        for (Row row : block) {
            Object[] values = RowBatches.values(row, 0);
            int last = values.length - 1;
            if (values[last] != null) {
                values[last] = Vectors.dense(Arrays.copyOfRange(projected, done * k, (done + 1) * k));
                done++;
            }
            out.add(new GenericRowWithSchema(values, schema));
        }
        return out;
    }
}
