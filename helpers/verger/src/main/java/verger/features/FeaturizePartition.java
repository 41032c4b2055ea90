package verger.features;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import verger.RowBatches;
import verger.images.RgbImage;
import verger.images.UnusableImageException;

/** Adds features, or the reason why there are none, to the rows of a partition, a batch at a time. */
final class FeaturizePartition implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

    private final Network network;
    private final String engine;
    private final String modelFile;
    private final int localTasks;
    private final int content;
    private final int batchSize;
    private final int inputSize;
    /** The rows carry it, as those of any DataFrame: Spark hands them on without a detour through its own format. */
    private final StructType schema;

    /**
     * @param modelFile  name under which SparkFiles has the model
     * @param localTasks see {@link Engines#of}
     * @param content    index of the column with the images
     * @param schema     of the rows with features
     */
    FeaturizePartition(NetworkChoice choice, String modelFile, int localTasks, int content, int batchSize, int inputSize,
            StructType schema) {
        this.network = choice.network();
        this.engine = choice.engine();
        this.modelFile = modelFile;
        this.localTasks = localTasks;
        this.content = content;
        this.batchSize = batchSize;
        this.inputSize = inputSize;
        this.schema = schema;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        PixelBatch pixels = new PixelBatch(network, inputSize, batchSize);
        return new RowBatches(rows, batchSize, batch -> featurized(batch, pixels));
    }

    private List<Row> featurized(List<Row> in, PixelBatch pixels) {
        List<String> reasons = new ArrayList<>(in.size());
        pixels.clear();
        for (Row row : in) {
            reasons.add(decode(row.isNullAt(content) ? null : row.getAs(content), pixels));
        }
        float[][] features = pixels.count() == 0 ? new float[0][] : run(pixels);
        List<Row> out = new ArrayList<>(in.size());
        int used = 0;
        for (int i = 0; i < in.size(); i++) {
            Vector vector = reasons.get(i) == null ? vector(features[used++]) : null;
            out.add(withFeatures(in.get(i), vector, reasons.get(i)));
        }
        return out;
    }

    private static String decode(byte[] image, PixelBatch pixels) {
        try {
            pixels.add(RgbImage.decode(image));
            return null;
        } catch (UnusableImageException e) {
            return e.getMessage();
        }
    }

    private float[][] run(PixelBatch batch) {
        float[][] features = batch.features(Engines.of(modelFile, engine, localTasks));
        if (features[0].length != network.featureSize()) {
            throw new IllegalArgumentException("These weights give " + features[0].length + " features of an image, and "
                    + network.name() + " has " + network.featureSize() + ": they are another network's");
        }
        return features;
    }

    private static Vector vector(float[] features) {
        double[] values = new double[features.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = features[i];
        }
        return Vectors.dense(values);
    }

    private Row withFeatures(Row row, Vector features, String reason) {
        Object[] values = RowBatches.values(row, 2);
        values[row.size()] = features;
        values[row.size() + 1] = reason;
        return new GenericRowWithSchema(values, schema);
    }
}
