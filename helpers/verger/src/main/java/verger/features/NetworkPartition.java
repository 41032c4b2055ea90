package verger.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import verger.networks.PixelBatch;
import verger.spark.RowBatches;

/** Adds what a network makes of an image, or the reason why there is nothing, to the rows of a partition, a batch at a time. */
final class NetworkPartition implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

    /** With the file that reaches it a batch ends: sixteen files of 147 MB do not fit a heap. */
    private static final long BATCH_BYTES = 64 << 20;

    private final NetworkRun run;
    private final int content;
    private final int batchSize;
    private final boolean failOnInvalid;
    /** The rows carry it, as those of any DataFrame: Spark hands them on without a detour through its own format. */
    private final StructType schema;

    /**
     * @param content       index of the column with the images
     * @param failOnInvalid whether an image that cannot be used ends the job
     * @param schema        of the rows with the two new columns
     */
    NetworkPartition(NetworkRun run, int content, int batchSize, boolean failOnInvalid, StructType schema) {
        this.run = run;
        this.content = content;
        this.batchSize = batchSize;
        this.failOnInvalid = failOnInvalid;
        this.schema = schema;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        PixelBatch pixels = run.batch(batchSize);
        return new RowBatches(rows, batchSize, BATCH_BYTES, this::bytes, batch -> withOutcomes(batch, pixels));
    }

    private long bytes(Row row) {
        return row.isNullAt(content) ? 0 : ((byte[]) row.get(content)).length;
    }

    private List<Row> withOutcomes(List<Row> in, PixelBatch pixels) {
        List<byte[]> contents = new ArrayList<>(in.size());
        in.forEach(row -> contents.add(row.isNullAt(content) ? null : row.getAs(content)));
        List<NetworkRun.Outcome> outcomes = run.outcomes(contents, pixels);
        List<Row> out = new ArrayList<>(in.size());
        for (int i = 0; i < in.size(); i++) {
            out.add(withOutcome(in.get(i), outcomes.get(i)));
        }
        return out;
    }

    private Row withOutcome(Row row, NetworkRun.Outcome outcome) {
        if (failOnInvalid && outcome.reason() != null) {
            throw new IllegalArgumentException(unusable(name(row), outcome.reason()));
        }
        Object[] values = RowBatches.values(row, 2);
        values[row.size()] = outcome.row() == null ? null : run.column().value(outcome.row());
        values[row.size() + 1] = outcome.reason();
        return new GenericRowWithSchema(values, schema);
    }

    static String unusable(String image, String reason) {
        return image + " cannot be used: " + reason
                + "; set handleInvalid=keep for a row with its reason, or skip to leave it out";
    }

    private String name(Row row) {
        int origin = Arrays.asList(schema.fieldNames()).indexOf("origin");
        return origin < 0 || origin >= row.size() || row.isNullAt(origin) ? "An image" : String.valueOf(row.get(origin));
    }
}
