package verger.pca;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;

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
        return new Projected(rows);
    }

    private final class Projected implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Projection projection;
        private final double[] centred;
        private Iterator<Row> ready = List.<Row>of().iterator();

        Projected(Iterator<Row> rows) {
            this.rows = rows;
            projection = broadcast.value();
            centred = new double[Math.multiplyExact(BLOCK, projection.features())];
        }

        @Override
        public boolean hasNext() {
            return ready.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (!ready.hasNext()) {
                ready = nextBlock();
            }
            return ready.next();
        }

        private Iterator<Row> nextBlock() {
            List<Row> block = new ArrayList<>(BLOCK);
            int count = 0;
            while (block.size() < BLOCK && rows.hasNext()) {
                Row row = rows.next();
                block.add(row);
                if (!row.isNullAt(row.size() - 1)) {
                    projection.centred(row.<Vector>getAs(row.size() - 1), centred, count++ * projection.features());
                }
            }
            double[] projected = projection.transposed().times(centred, count);
            int k = projection.size();
            int done = 0;
            for (int i = 0; i < block.size(); i++) {
                Object[] values = values(block.get(i));
                int last = values.length - 1;
                if (values[last] != null) {
                    double[] own = new double[k];
                    System.arraycopy(projected, done++ * k, own, 0, k);
                    values[last] = Vectors.dense(own);
                    block.set(i, new GenericRowWithSchema(values, schema));
                }
            }
            return block.iterator();
        }

        private static Object[] values(Row row) {
            Object[] values = new Object[row.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.get(i);
            }
            return values;
        }
    }
}
