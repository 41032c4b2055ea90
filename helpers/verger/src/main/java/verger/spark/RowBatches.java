package verger.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Row;

/** The rows of a partition after some work that is done for a batch of them at a time, when the first of it is asked for. */
public final class RowBatches implements Iterator<Row> {

    private final Iterator<Row> rows;
    private final int size;
    private final UnaryOperator<List<Row>> work;
    private Iterator<Row> ready = List.<Row>of().iterator();

    /**
     * Rows in batches.
     *
     * @param size rows of a batch; the last one may have fewer
     * @param work makes of a batch, one row at least, as many rows in the same order
     */
    public RowBatches(Iterator<Row> rows, int size, UnaryOperator<List<Row>> work) {
        this.rows = rows;
        this.size = size;
        this.work = work;
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
            List<Row> batch = new ArrayList<>(size);
            while (batch.size() < size && rows.hasNext()) {
                batch.add(rows.next());
            }
            ready = work.apply(batch).iterator();
        }
        return ready.next();
    }

    /** The values of a row, with room for so many more behind them. */
    public static Object[] values(Row row, int more) {
        Object[] values = new Object[row.size() + more];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        return values;
    }
}
