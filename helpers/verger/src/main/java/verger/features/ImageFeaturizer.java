package verger.features;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.runtime.AbstractFunction1;
import verger.S3;

/**
 * Turns a column of image files (binary) into a column of features (vector) with a pretrained network.
 *
 * <p>An image that cannot be used has null features and its reason in the reason column; the job goes on.
 *
 * <pre>{@code
 * Dataset<Row> features = new ImageFeaturizer().setNetwork("auto").transform(Images.read(spark, "data-sample"));
 * }</pre>
 */
public final class ImageFeaturizer extends Transformer implements DefaultParamsWritable {

    private static final long serialVersionUID = 1L;

    /** The engine that is used unless another is asked for: ONNX Runtime. */
    public static final String ONNX = "onnx";
    /** The engine that runs ResNet50 in DL4J itself: the reference, some ten times slower. */
    public static final String DL4J = "dl4j";

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> reasonCol;
    private final Param<String> network;
    private final Param<String> weights;
    private final IntParam batchSize;
    private final IntParam inputSize;
    private final Param<String> engine;

    public ImageFeaturizer() {
        this(Identifiable$.MODULE$.randomUID("imageFeaturizer"));
    }

    /** For Spark, which makes a stage from its uid when it loads one. */
    public ImageFeaturizer(String uid) {
        this.uid = uid; // before the params, which ask for it
        inputCol = new Param<>(this, "inputCol", "column with the whole image files, binary");
        outputCol = new Param<>(this, "outputCol", "column for the features, a vector; null where the image cannot be used");
        reasonCol = new Param<>(this, "reasonCol", "column for the reason why an image cannot be used, a string; null where it can");
        network = new Param<>(this, "network", "name of the network, or auto: ResNet50 where its weights can be had, else EfficientNet-Lite0",
                ParamValidators.inArray(Networks.choices()));
        weights = new Param<>(this, "weights", "path or Hadoop URI of the network's weights; empty: looked for in the usual places");
        batchSize = new IntParam(this, "batchSize", "images that go through the network at a time", ParamValidators.gtEq(1));
        inputSize = new IntParam(this, "inputSize", "width and height in pixels to which images are resized; 0: the network's own", ParamValidators.gtEq(0));
        engine = new Param<>(this, "engine", "onnx (ONNX Runtime) or dl4j (DL4J, ResNet50 only, as a reference)",
                ParamValidators.inArray(List.of(ONNX, DL4J)));
        setDefault(inputCol, "content");
        setDefault(outputCol, "features");
        setDefault(reasonCol, "reason");
        setDefault(network, Networks.AUTO);
        setDefault(weights, "");
        setDefault(batchSize, 16);
        setDefault(inputSize, 0);
        setDefault(engine, ONNX);
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public String getInputCol() {
        return $(inputCol);
    }

    /** @param value column with the whole image files, binary; {@code content} by default */
    public ImageFeaturizer setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public String getOutputCol() {
        return $(outputCol);
    }

    /** @param value a new column for the features; {@code features} by default */
    public ImageFeaturizer setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    public Param<String> reasonCol() {
        return reasonCol;
    }

    public String getReasonCol() {
        return $(reasonCol);
    }

    /** @param value a new column for the reason why an image cannot be used; {@code reason} by default */
    public ImageFeaturizer setReasonCol(String value) {
        set(reasonCol, value);
        return this;
    }

    public Param<String> network() {
        return network;
    }

    public String getNetwork() {
        return $(network);
    }

    /**
     * @param value a name in {@link Networks}, or {@code auto}
     * @throws IllegalArgumentException that lists the known names
     */
    public ImageFeaturizer setNetwork(String value) {
        set(network, Networks.canonical(value));
        return this;
    }

    public Param<String> weights() {
        return weights;
    }

    public String getWeights() {
        return $(weights);
    }

    /** @param value path or URI of a DL4J zip or a Keras 2 .h5 (ResNet50) or of the .pth (EfficientNet-Lite0); null or empty to look in the usual places */
    public ImageFeaturizer setWeights(String value) {
        set(weights, value == null ? "" : value);
        return this;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public int getBatchSize() {
        return (int) $(batchSize);
    }

    /** @param value images that go through the network at a time, 1 at least; 16 by default */
    public ImageFeaturizer setBatchSize(int value) {
        set(batchSize, value);
        return this;
    }

    public IntParam inputSize() {
        return inputSize;
    }

    public int getInputSize() {
        return (int) $(inputSize);
    }

    /** @param value width and height in pixels; others than the network's own give other features, small ones faster; 0: its own */
    public ImageFeaturizer setInputSize(int value) {
        set(inputSize, value);
        return this;
    }

    public Param<String> engine() {
        return engine;
    }

    public String getEngine() {
        return $(engine);
    }

    /**
     * @param value {@link #ONNX} or {@link #DL4J}, upper and lower case alike
     * @throws IllegalArgumentException that lists the two
     */
    public ImageFeaturizer setEngine(String value) {
        String name = String.valueOf(value).toLowerCase(Locale.ROOT);
        if (!List.of(ONNX, DL4J).contains(name)) {
            throw new IllegalArgumentException("Unknown engine '" + value + "': known are " + ONNX + " and " + DL4J);
        }
        set(engine, name);
        return this;
    }

    /**
     * The network that {@link #transform} uses with these settings, made ready on this machine.
     *
     * @throws IllegalArgumentException if its weights cannot be had; the message names the places looked in
     */
    public NetworkChoice choice() {
        Option<SparkSession> session = SparkSession.getActiveSession().orElse(SparkSession::getDefaultSession);
        return choice(session.isDefined() ? S3.settings(session.get()) : new Configuration());
    }

    private NetworkChoice choice(Configuration hadoop) {
        return NetworkChooser.choose($(network), $(weights), $(engine), hadoop);
    }

    /** Checks the columns and adds the two new ones. */
    @Override
    public StructType transformSchema(StructType schema) {
        String input = $(inputCol);
        if (!Arrays.asList(schema.fieldNames()).contains(input)) {
            throw new IllegalArgumentException("ImageFeaturizer needs a column " + input + " with the image files: the columns are "
                    + String.join(", ", schema.fieldNames()));
        }
        if (!schema.apply(input).dataType().equals(DataTypes.BinaryType)) {
            throw new IllegalArgumentException("Column " + input + " must be binary, whole image files: it is "
                    + schema.apply(input).dataType().simpleString());
        }
        for (String added : new String[] {$(outputCol), $(reasonCol)}) {
            if (Arrays.asList(schema.fieldNames()).contains(added)) {
                throw new IllegalArgumentException("Column " + added + " exists already: set another outputCol or reasonCol");
            }
        }
        return schema.add($(outputCol), SQLDataTypes.VectorType(), true).add($(reasonCol), DataTypes.StringType, true);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        NetworkChoice choice = choice(S3.settings(dataset.sparkSession()));
        int size = getInputSize() == 0 ? choice.network().inputSize() : getInputSize();
        requireSize(size, choice);
        SparkContext context = dataset.sparkSession().sparkContext();
        if (choice.engine().equals(DL4J)) {
            Dl4jJars.send(context);
        }
        return dataset.toDF().mapPartitions(
                new FeaturizePartition(
                        choice,
                        addFile(context, choice.model()),
                        context.isLocal() ? context.defaultParallelism() : 0,
                        dataset.schema().fieldIndex($(inputCol)),
                        getBatchSize(),
                        size,
                        schema),
                Encoders.row(schema));
    }

    private static void requireSize(int size, NetworkChoice choice) {
        int own = choice.network().inputSize();
        int fixed = size == own ? 0 : Engines.fixedSize(Path.of(choice.model()), choice.engine());
        if (fixed > 0 && size != fixed) {
            throw new IllegalArgumentException("These weights of " + choice.network().name() + " are tied to images of " + fixed + " × "
                    + fixed + " pixels, and inputSize is " + size + ": set inputSize=" + fixed + ", or 0");
        }
    }

    /** Sends a file of {@link ModelCache} to all executors, once however often it is asked for, and returns its name there. */
    private static String addFile(SparkContext context, String file) {
        Path path = Path.of(file);
        String name = path.getFileName().toString();
        boolean sent = context.listFiles().exists(new AbstractFunction1<String, Object>() {
            @Override
            public Object apply(String uri) {
                return uri.endsWith("/" + name);
            }
        });
        if (!sent) {
            context.addFile(path.toUri().toString());
        }
        return name;
    }

    @Override
    public ImageFeaturizer copy(ParamMap extra) {
        return defaultCopy(extra);
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
