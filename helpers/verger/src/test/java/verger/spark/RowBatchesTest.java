package verger.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class RowBatchesTest {

    /** Thirty files of 147 MB in batches of 16 would be 2.4 GB at a time. */
    @Test
    void aBatchOfLargeFilesEndsByTheirBytes() {
        List<Integer> sizes = new ArrayList<>();
        Iterator<Row> rows =
                new RowBatches(weights(147, 147, 10, 30, 30, 1, 1, 1, 1, 1), 4, 64, row -> row.getInt(0), batch -> {
                    sizes.add(batch.size());
                    return batch;
                });

        assertThat(read(rows)).containsExactly(147, 147, 10, 30, 30, 1, 1, 1, 1, 1);
        assertThat(sizes).containsExactly(1, 1, 3, 4, 1);
    }

    @Test
    void withoutAWeightABatchEndsByItsNumber() {
        List<Integer> sizes = new ArrayList<>();
        Iterator<Row> rows = new RowBatches(weights(147, 147, 147), 2, batch -> {
            sizes.add(batch.size());
            return batch;
        });

        assertThat(read(rows)).containsExactly(147, 147, 147);
        assertThat(sizes).containsExactly(2, 1);
    }

    /** A row is read when the batch it is in is made, and not before: the files of the next one would lie in memory, too. */
    @Test
    void noMoreRowsAreReadThanABatchTakes() {
        List<Integer> asked = new ArrayList<>();
        Iterator<Row> rows = new RowBatches(
                IntStream.range(0, 6).mapToObj(i -> RowFactory.create(40)).peek(row -> asked.add(1)).iterator(), 4, 64,
                row -> row.getInt(0), batch -> batch);

        rows.next();

        assertThat(asked).hasSize(2);
    }

    private static Iterator<Row> weights(Integer... weights) {
        return Stream.of(weights).map(RowFactory::create).toList().iterator();
    }

    private static List<Integer> read(Iterator<Row> rows) {
        List<Integer> read = new ArrayList<>();
        rows.forEachRemaining(row -> read.add(row.getInt(0)));
        return read;
    }
}
