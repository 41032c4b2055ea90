package verger.features;

import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import verger.networks.ClassNames;
import verger.networks.Network;
import verger.networks.NetworkChoice;
import verger.networks.Output;
import org.apache.spark.ml.util.Identifiable$;

/**
 * Says what is seen on images (binary): the most likely classes of a pretrained network, with names and probabilities.
 *
 * <p>The new column holds, most likely first, an array of {@code struct<index: int, name: string, probability: float>}: the
 * index of the class in the network's own order from 0 on, its name, or {@code class 17} where names are not known (networks
 * that were trained on other classes than ImageNet's), and its probability from 0 to 1. It is null for an image that cannot be
 * used; the reason column says why.
 *
 * <pre>{@code
 * new ImagePredictor().setTopK(1).transform(Images.read(spark, "data-sample")).selectExpr("origin", "predictions[0].name")
 * }</pre>
 */
public final class ImagePredictor extends NetworkStage<ImagePredictor> {

    private static final long serialVersionUID = 1L;

    private final IntParam topK;
    private final BooleanParam decode;

    public ImagePredictor() {
        this(Identifiable$.MODULE$.randomUID("imagePredictor"));
    }

    /** For Spark, which makes a stage from its uid when it loads one. */
    public ImagePredictor(String uid) {
        super(uid, "predictions", "column for the most likely classes, or for the probabilities of all (see decode); "
                + "null where the image cannot be used");
        topK = new IntParam(this, "topK", "how many classes an image gets, the most likely ones; all where there are fewer",
                ParamValidators.gtEq(1));
        decode = new BooleanParam(this, "decode", "true: classes with names and probabilities; "
                + "false: a vector of the probabilities of all classes");
        setDefault(topK, 5);
        setDefault(decode, true);
    }

    public IntParam topK() {
        return topK;
    }

    public int getTopK() {
        return (int) $(topK);
    }

    /** @param value how many classes an image gets, 1 at least; 5 by default, and all where the network has fewer */
    public ImagePredictor setTopK(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("topK must be 1 or more: got " + value);
        }
        set(topK, value);
        return this;
    }

    public BooleanParam decode() {
        return decode;
    }

    public boolean getDecode() {
        return (boolean) $(decode);
    }

    /** @param value false for a vector of the probabilities of all classes, in the network's order; true by default */
    public ImagePredictor setDecode(boolean value) {
        set(decode, value);
        return this;
    }

    @Override
    DataType outputType() {
        return getDecode() ? TopClasses.TYPE : SQLDataTypes.VectorType();
    }

    @Override
    NetworkColumn column(NetworkChoice choice) {
        int classes = Engines.facts(choice).classCount();
        if (classes == 0) {
            throw new IllegalArgumentException("This " + choice.network().name()
                    + " has no classifier, and ImagePredictor needs one:"
                    + " give weights that have (in Keras: include_top=True) instead of " + choice.weightsFrom()
                    + ", or use ImageFeaturizer");
        }
        return getDecode()
                ? new ClassesColumn(new TopClasses(getTopK(), names(choice.network(), classes)))
                : new VectorColumn(Output.PROBABILITIES);
    }

    /** Names count only where the weights have the classes that the network was published with. */
    private static List<String> names(Network network, int classes) {
        return network.classes() == null || network.classCount() != classes ? List.of() : ClassNames.of(network.classes());
    }

    /** A reader for saved predictors. */
    public static MLReader<ImagePredictor> read() {
        return new DefaultParamsReader<>();
    }

    /** Loads what {@code write().save(path)} saved. */
    public static ImagePredictor load(String path) {
        return read().load(path);
    }
}
