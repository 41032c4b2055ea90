package verger.features;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import verger.networks.NetworkChoice;
import verger.networks.Output;
import org.apache.spark.ml.util.Identifiable$;

/**
 * Turns a column of image files (binary) into a column of features (vector) with a pretrained network.
 *
 * <p>An image that cannot be used has null features and its reason in the reason column; the job goes on, unless
 * {@link #setHandleInvalid} says otherwise.
 *
 * <pre>{@code
 * Dataset<Row> features = new ImageFeaturizer().setNetwork("auto").transform(Images.read(spark, "data-sample"));
 * }</pre>
 */
public final class ImageFeaturizer extends NetworkStage<ImageFeaturizer> {

    private static final long serialVersionUID = 1L;

    public ImageFeaturizer() {
        this(Identifiable$.MODULE$.randomUID("imageFeaturizer"));
    }

    /** For Spark, which makes a stage from its uid when it loads one. */
    public ImageFeaturizer(String uid) {
        super(uid, "features", "column for the features, a vector; null where the image cannot be used");
    }

    @Override
    DataType outputType() {
        return SQLDataTypes.VectorType();
    }

    @Override
    NetworkColumn column(NetworkChoice choice) {
        return new VectorColumn(Output.FEATURES);
    }

    /** A reader for saved featurizers. */
    public static MLReader<ImageFeaturizer> read() {
        return new DefaultParamsReader<>();
    }

    /** Loads what {@code write().save(path)} saved. */
    public static ImageFeaturizer load(String path) {
        return read().load(path);
    }
}
