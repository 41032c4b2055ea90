package verger.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Row;

/** The rows of a partition after some work that is done for a batch of them at a time, when the first of it is asked for. */
public final class RowBatches implements Iterator<Row> {

    private final Iterator<Row> rows;
    private final int size;
    private final long weight;
    private final ToLongFunction<Row> weigh;
    private final UnaryOperator<List<Row>> work;
    /** A row that was taken is let go: its content may be large. */
    private final Queue<Row> ready = new ArrayDeque<>();

    /**
     * Rows in batches.
     *
     * @param size rows of a batch; the last one may have fewer
     * @param work makes of a batch, one row at least, as many rows in the same order
     */
    public RowBatches(Iterator<Row> rows, int size, UnaryOperator<List<Row>> work) {
        this(rows, size, Long.MAX_VALUE, row -> 0, work);
    }

    /**
     * Rows in batches that end early where they are heavy.
     *
     * @param size   rows of a batch at most
     * @param weight with the row that reaches it a batch ends
     * @param weigh  what a row weighs, such as its bytes
     * @param work   as above
     */
    public RowBatches(Iterator<Row> rows, int size, long weight, ToLongFunction<Row> weigh, UnaryOperator<List<Row>> work) {
        this.rows = rows;
        this.size = size;
        this.weight = weight;
        this.weigh = weigh;
        this.work = work;
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (ready.isEmpty()) {
            List<Row> batch = new ArrayList<>();
            long sum = 0;
            while (batch.size() < size && sum < weight && rows.hasNext()) {
                Row row = rows.next();
                batch.add(row);
                sum += weigh.applyAsLong(row);
            }
            ready.addAll(work.apply(batch));
        }
        return ready.remove();
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
