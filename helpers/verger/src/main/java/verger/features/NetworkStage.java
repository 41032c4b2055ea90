package verger.features;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import verger.files.S3;
import verger.networks.GivenModel;
import verger.networks.ModelCard;
import verger.networks.EngineKind;
import verger.networks.NetworkChoice;
import verger.networks.NetworkChooser;
import verger.networks.Networks;
import verger.networks.PixelBatch;
import verger.spark.ColumnMetadata;
import verger.spark.ColumnNames;
import verger.spark.ColumnParam;
import verger.spark.EqualUdf;
import verger.spark.TextParam;

/**
 * What the stages that send a column of image files (binary) through a pretrained network have in common.
 *
 * <p>They add two columns: what the network makes of an image, and the reason why an image cannot be used. One of the two is
 * null. What becomes of images that cannot be used is for {@link #setHandleInvalid} to say.
 *
 * @param <T> the stage itself, which its setters return
 */
public abstract class NetworkStage<T extends NetworkStage<T>> extends Transformer implements DefaultParamsWritable {

    private static final long serialVersionUID = 1L;

    /** The engine that is used unless another is asked for: ONNX Runtime. */
    public static final String ONNX = EngineKind.ONNX;
    /** The engine that runs networks of DL4J's zoo in DL4J itself: the reference, some ten times slower. */
    public static final String DL4J = EngineKind.DL4J;

    /** Keeps the rows of images that cannot be used, with the reason and nothing else: the default. */
    public static final String KEEP = "keep";
    /** Leaves out the rows of images that cannot be used. */
    public static final String SKIP = "skip";
    /** Ends the job at an image that cannot be used. */
    public static final String ERROR = "error";

    private static final List<String> HANDLINGS = List.of(KEEP, SKIP, ERROR);

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> reasonCol;
    private final Param<String> network;
    private final Param<String> weights;
    private final Param<String> weightsSha256;
    private final Param<String> model;
    private final Param<String> card;
    private final IntParam batchSize;
    private final IntParam inputSize;
    private final Param<String> engine;
    private final Param<String> handleInvalid;

    /**
     * @param output    name of the new column unless another is set
     * @param outputDoc what the new column holds
     */
    NetworkStage(String uid, String output, String outputDoc) {
        this.uid = uid; // before the params, which ask for it
        inputCol = new ColumnParam(this, "inputCol", "column with the whole image files, binary");
        outputCol = new ColumnParam(this, "outputCol", outputDoc);
        reasonCol = new ColumnParam(this, "reasonCol", "column for the reason why an image cannot be used, a string; null "
                + "where it can");
        network = new Param<>(this, "network", "name of the network, or auto: ResNet50 where its weights can be had, else "
                + "EfficientNet-Lite0",
                ParamValidators.inArray(Networks.choices()));
        weights = new TextParam(this, "weights", "path or Hadoop URI of the network's weights; empty: looked for in the usual "
                + "places");
        weightsSha256 = new TextParam(this, "weightsSha256", "SHA-256 that the file of weights must have, in hex; empty: any",
                "([0-9a-f]{64})?");
        model = new TextParam(this, "model", "path or Hadoop URI of an ONNX image model that takes the network's place; empty: "
                + "network counts");
        card = new TextParam(this, "card", "JSON of the model's card; empty: the .json beside the model, else what its graph "
                + "tells",
                (TextParam.Check) json -> json.isEmpty() || ModelCard.fromJson(json) != null);
        batchSize = new IntParam(this, "batchSize", "images that go through the network at a time", ParamValidators.gtEq(1));
        inputSize = new IntParam(this, "inputSize", "width and height in pixels to which images are resized; 0: the network's "
                + "own", ParamValidators.gtEq(0));
        engine = new Param<>(this, "engine", "onnx (ONNX Runtime) or dl4j (DL4J, networks of its zoo only, as a reference)",
                ParamValidators.inArray(List.of(ONNX, DL4J)));
        handleInvalid = new Param<>(this, "handleInvalid", "what becomes of images that cannot be used: keep (a row with the "
                + "reason), skip (no row) or error (the job fails)", ParamValidators.inArray(HANDLINGS));
        setDefault(inputCol, "content");
        setDefault(outputCol, output);
        setDefault(reasonCol, "reason");
        setDefault(network, Networks.AUTO);
        setDefault(weights, "");
        setDefault(weightsSha256, "");
        setDefault(model, "");
        setDefault(card, "");
        setDefault(batchSize, 16);
        setDefault(inputSize, 0);
        setDefault(engine, ONNX);
        setDefault(handleInvalid, KEEP);
    }

    /** The type of the new column. */
    abstract DataType outputType();

    /**
     * What becomes of the network's output, of {@link #outputType()}.
     *
     * @throws IllegalArgumentException if the network has no such output
     */
    abstract NetworkColumn column(NetworkChoice choice);

    @SuppressWarnings("unchecked") // by the contract of T
    final T self() {
        return (T) this;
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
    public T setInputCol(String value) {
        set(inputCol, value);
        return self();
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public String getOutputCol() {
        return $(outputCol);
    }

    /** @param value a new column for what the network makes of an image */
    public T setOutputCol(String value) {
        set(outputCol, value);
        return self();
    }

    public Param<String> reasonCol() {
        return reasonCol;
    }

    public String getReasonCol() {
        return $(reasonCol);
    }

    /** @param value a new column for the reason why an image cannot be used; {@code reason} by default */
    public T setReasonCol(String value) {
        set(reasonCol, value);
        return self();
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
    public T setNetwork(String value) {
        set(network, Networks.canonical(value));
        return self();
    }

    public Param<String> weights() {
        return weights;
    }

    public String getWeights() {
        return $(weights);
    }

    /**
     * @param value path or URI of a DL4J zip or a Keras .h5, or of the .pth of an EfficientNet-Lite; null or empty to look in
     * the usual places
     */
    public T setWeights(String value) {
        set(weights, value == null ? "" : value);
        return self();
    }

    public Param<String> weightsSha256() {
        return weightsSha256;
    }

    public String getWeightsSha256() {
        return $(weightsSha256);
    }

    /**
     * Other weights than these are refused, so that a saved stage never gives other numbers without a word.
     *
     * @param value SHA-256 of the file of weights in hex, as {@link NetworkChoice#weightsSha256()} gives it; null or
     * empty for any
     */
    public T setWeightsSha256(String value) {
        set(weightsSha256, value == null ? "" : value.strip().toLowerCase(Locale.ROOT));
        return self();
    }

    public Param<String> model() {
        return model;
    }

    public String getModel() {
        return $(model);
    }

    /**
     * Any image classifier or feature extractor in ONNX takes the network's place: its image input, its classifier and its
     * features are found in its graph, and a {@link ModelCard} says what a graph does not. A dense layer at the end is taken
     * for a classifier, and what goes into it for the features: where it makes an embedding (FaceNet, CLIP), name its output
     * with {@link ModelCard#setFeatures}.
     *
     * @param value local path or Hadoop URI of the model; null or empty for a network by name
     */
    public T setModel(String value) {
        set(model, value == null ? "" : value.strip());
        return self();
    }

    public Param<String> card() {
        return card;
    }

    public String getCard() {
        return $(card);
    }

    /** @param value the model's card; null for the .json beside the model, if there is one */
    public T setCard(ModelCard value) {
        set(card, value == null ? "" : value.toJson());
        return self();
    }

    /**
     * @param json the model's card in JSON; null or empty for the .json beside the model, if there is one
     * @throws IllegalArgumentException if it is no card
     */
    public T setCard(String json) {
        set(card, json == null ? "" : json.strip());
        return self();
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public int getBatchSize() {
        return (int) $(batchSize);
    }

    /** @param value images that go through the network at a time, 1 at least; 16 by default */
    public T setBatchSize(int value) {
        set(batchSize, value);
        return self();
    }

    public IntParam inputSize() {
        return inputSize;
    }

    public int getInputSize() {
        return (int) $(inputSize);
    }

    /**
     * @param value width and height in pixels; others than the network's own give other numbers, small ones faster; 0: its own
     */
    public T setInputSize(int value) {
        set(inputSize, value);
        return self();
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
    public T setEngine(String value) {
        String name = String.valueOf(value).toLowerCase(Locale.ROOT);
        if (!List.of(ONNX, DL4J).contains(name)) {
            throw new IllegalArgumentException("Unknown engine '" + value + "': known are " + ONNX + " and " + DL4J);
        }
        set(engine, name);
        return self();
    }

    public Param<String> handleInvalid() {
        return handleInvalid;
    }

    public String getHandleInvalid() {
        return $(handleInvalid);
    }

    /**
     * @param value {@link #KEEP} (the default), {@link #SKIP} or {@link #ERROR}, upper and lower case alike
     * @throws IllegalArgumentException that lists the three
     */
    public T setHandleInvalid(String value) {
        String name = String.valueOf(value).toLowerCase(Locale.ROOT);
        if (!HANDLINGS.contains(name)) {
            throw new IllegalArgumentException("Unknown handleInvalid '" + value + "': known are "
                    + String.join(", ", HANDLINGS));
        }
        set(handleInvalid, name);
        return self();
    }

    /**
     * The network that {@link #transform} uses with these settings, made ready on this machine.
     *
     * @throws IllegalArgumentException if its weights cannot be had, or are not those of {@code weightsSha256}; the message
     *                                  names the places looked in
     */
    public NetworkChoice choice() {
        return choice(settings());
    }

    private static Configuration settings() {
        Option<SparkSession> session = SparkSession.getActiveSession().orElse(SparkSession::getDefaultSession);
        return session.isDefined() ? S3.settings(session.get()) : new Configuration();
    }

    private NetworkChoice choice(Configuration hadoop) {
        NetworkChoice choice = $(model).isEmpty() ? NetworkChooser.choose($(network), $(weights), $(engine), hadoop)
                : givenModel(hadoop);
        String wanted = $(weightsSha256);
        if (!wanted.isEmpty() && !wanted.equals(choice.weightsSha256())) {
            throw new IllegalArgumentException("These are not the weights that this " + getClass().getSimpleName()
                    + " is to use: "
                    + choice.weightsFrom() + " has SHA-256 " + choice.weightsSha256() + ", and weightsSha256 is " + wanted
                    + "; set " + ($(model).isEmpty() ? "weights" : "model")
                    + "=<path or URI of that file>, or weightsSha256= (empty) to use what is found");
        }
        return choice;
    }

    private NetworkChoice givenModel(Configuration hadoop) {
        if ($(engine).equals(DL4J)) {
            throw new IllegalArgumentException("The engine dl4j runs networks of DL4J's zoo only: set engine=onnx for the "
                    + "model " + $(model));
        }
        if (!$(weights).isEmpty()) {
            throw new IllegalArgumentException("A model has its weights within: model=" + $(model) + " and weights="
                    + $(weights)
                    + " are both set; leave one of them empty");
        }
        return GivenModel.choose($(model), $(card), hadoop);
    }

    /**
     * A copy that gives the same numbers wherever it is loaded, or says why it cannot: with the network that was chosen by its
     * name, and its weights by their SHA-256; a model with its card.
     *
     * @throws IllegalArgumentException as {@link #choice()} does
     */
    public T pinned() {
        NetworkChoice choice = choice();
        T pinned = copy(ParamMap.empty()).setWeightsSha256(choice.weightsSha256());
        return $(model).isEmpty() ? pinned.setNetwork(choice.network().name())
                : pinned.setCard(GivenModel.card($(model), $(card), settings()));
    }

    /** Checks the columns and adds the two new ones. */
    @Override
    public StructType transformSchema(StructType schema) {
        String input = $(inputCol);
        if (!Arrays.asList(schema.fieldNames()).contains(input)) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs a column " + input
                    + " with the image files: the columns are " + String.join(", ", schema.fieldNames()));
        }
        if (!schema.apply(input).dataType().equals(DataTypes.BinaryType)) {
            throw new IllegalArgumentException("Column " + input + " must be binary, whole image files: it is "
                    + schema.apply(input).dataType().simpleString());
        }
        return with(with(schema, $(outputCol), outputType()), $(reasonCol), DataTypes.StringType);
    }

    private static StructType with(StructType schema, String column, DataType type) {
        // Spark's own names differ by more than their case, unless it is told otherwise.
        if (Arrays.stream(schema.fieldNames()).anyMatch(column::equalsIgnoreCase)) {
            throw new IllegalArgumentException("Column " + column + " exists already: set another outputCol or reasonCol");
        }
        return schema.add(column, type, true);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        Dataset<Row> rows = ColumnMetadata.restored(schema, dataset.toDF().mapPartitions(
                new NetworkPartition(
                        run(dataset.sparkSession(), getBatchSize()),
                        dataset.schema().fieldIndex($(inputCol)),
                        getBatchSize(),
                        $(handleInvalid).equals(ERROR),
                        schema),
                Encoders.row(schema)));
        return $(handleInvalid).equals(SKIP) ? rows.where(rows.col(ColumnNames.quoted($(reasonCol))).isNull())
                : rows;
    }

    /**
     * The same for SQL and {@code select}: a function of a column of image files, null where an image cannot be used. What is
     * a vector in {@link #transform} is an array of floats here.
     *
     * <pre>{@code
     * images.select(col("origin"), new ImagePredictor().setTopK(1).function(spark).apply(col("content")))
     * }</pre>
     *
     * <p>It sees one image at a time, which on ONNX Runtime takes about as long as the batches of {@link #transform}. The
     * columns and the batch size that are set here do not count.
     *
     * @throws IllegalArgumentException as {@link #choice()} does, and with {@code handleInvalid=skip}
     */
    public UserDefinedFunction function(SparkSession spark) {
        if ($(handleInvalid).equals(SKIP)) {
            throw new IllegalArgumentException("handleInvalid=skip leaves out rows, which a function of a column cannot do: "
                    + "set keep or error, or use transform");
        }
        OneImage function = new OneImage(run(spark, 1).forSql(), $(handleInvalid).equals(ERROR));
        return EqualUdf.of(function, function.type(), getClass().getSimpleName());
    }

    /** What sends images through the network, which is made ready on this machine and sent to all executors. */
    private NetworkRun run(SparkSession spark, int images) {
        NetworkChoice choice = choice(S3.settings(spark));
        int size = getInputSize() == 0 ? choice.network().inputSize() : getInputSize();
        requireSize(size, choice);
        requireRoom(images, size);
        NetworkColumn column = column(choice);
        return new NetworkRun(choice.network(), SentModel.send(choice, spark.sparkContext()), size, column,
                ImagesSeen.counter(spark.sparkContext(), choice.network().name()));
    }

    private static void requireSize(int size, NetworkChoice choice) {
        int own = choice.network().inputSize();
        int fixed = size == own ? 0 : Engines.facts(choice).fixedSize();
        if (fixed > 0 && size != fixed) {
            throw new IllegalArgumentException("These weights of " + choice.network().name() + " are tied to images of "
                    + fixed + " × "
                    + fixed + " pixels, and inputSize is " + size + ": set inputSize=" + fixed + ", or 0");
        }
    }

    private static void requireRoom(int images, int size) {
        int largest = PixelBatch.largest(size);
        if (images > largest) {
            throw new IllegalArgumentException("A batch has room for " + largest + " images of " + size + " × " + size
                    + " pixels, and batchSize is " + images + ": set "
                    + (largest > 0 ? "batchSize=" + largest + " or fewer" : "a smaller inputSize"));
        }
    }

    /** Saves the params, and says in the metadata which network they stand for. */
    @Override
    public MLWriter write() {
        return new StageWriter(this);
    }

    @Override
    public T copy(ParamMap extra) {
        return defaultCopy(extra);
    }
}
