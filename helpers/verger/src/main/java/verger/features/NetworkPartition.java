package verger.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import verger.RowBatches;

/** Adds what a network makes of an image, or the reason why there is nothing, to the rows of a partition, a batch at a time. */
final class NetworkPartition implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

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
        return new RowBatches(rows, batchSize, batch -> withResults(batch, pixels));
    }

    private List<Row> withResults(List<Row> in, PixelBatch pixels) {
        List<byte[]> contents = new ArrayList<>(in.size());
        in.forEach(row -> contents.add(row.isNullAt(content) ? null : row.getAs(content)));
        List<NetworkRun.Result> results = run.results(contents, pixels);
        List<Row> out = new ArrayList<>(in.size());
        for (int i = 0; i < in.size(); i++) {
            out.add(withResult(in.get(i), results.get(i)));
        }
        return out;
    }

    private Row withResult(Row row, NetworkRun.Result result) {
        if (failOnInvalid && result.reason() != null) {
            throw new IllegalArgumentException(name(row) + " cannot be used: " + result.reason()
                    + "; set handleInvalid=keep for a row with its reason, or skip to leave it out");
        }
        Object[] values = RowBatches.values(row, 2);
        values[row.size()] = result.value();
        values[row.size() + 1] = result.reason();
        return new GenericRowWithSchema(values, schema);
    }

    private String name(Row row) {
        int origin = Arrays.asList(schema.fieldNames()).indexOf("origin");
        return origin < 0 || origin >= row.size() || row.isNullAt(origin) ? "An image" : String.valueOf(row.get(origin));
    }
}
