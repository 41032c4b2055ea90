package verger.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import verger.networks.Networks;
import verger.networks.Output;

class NetworkPartitionTest {

    private static final StructType SCHEMA = new StructType().add("content", DataTypes.BinaryType)
            .add("features", DataTypes.BinaryType).add("reason", DataTypes.StringType);

    /** Sixteen files of 147 MB do not fit a heap: a batch ends with the file that reaches 64 MiB. */
    @Test
    void aBatchOfLargeFilesHasFewOfThem() {
        assertThat(readForTheFirstRow(new byte[22 << 20])).isEqualTo(3);
    }

    @Test
    void aBatchOfSmallFilesHasAsManyAsTheBatchSize() {
        assertThat(readForTheFirstRow(new byte[100])).isEqualTo(16);
    }

    /** No network is asked, as there is no picture among these. */
    private static int readForTheFirstRow(byte[] content) {
        AtomicInteger read = new AtomicInteger();
        Iterator<Row> rows = Collections.nCopies(20, RowFactory.create((Object) content)).stream()
                .peek(row -> read.incrementAndGet()).iterator();
        NetworkRun run = new NetworkRun(Networks.EFFICIENTNET_LITE0, null, 8, new VectorColumn(Output.FEATURES), null);

        Row first = new NetworkPartition(run, 0, 16, false, SCHEMA).call(rows).next();

        assertThat(first.<String>getAs("reason")).startsWith("not an image");
        return read.get();
    }
}
