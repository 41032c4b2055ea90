package verger.tuning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import verger.features.ImageFeaturizer;
import verger.features.TopClasses;
import verger.files.LiteralPath;
import verger.files.S3;
import verger.files.UserPath;
import verger.spark.SqlFunction;

/**
 * Names the classes of photographs, in DataFrames and in SQL, by a saved PipelineModel that takes photographs, such as the
 * notebook {@code transfer-learning} leaves.
 *
 * <pre>{@code
 * ImageClassifier classifier = ImageClassifier.load(spark, "out/transfer-learning/model");
 * classifier.classify(Images.read(spark, "tomorrow"), 3).select("origin", "predicted", "predictions");
 * classifier.register(spark, "image_classify");
 * spark.sql("select origin, image_classify(content, 1)[0].name from images");
 * }</pre>
 */
public final class ImageClassifier {

    private final PipelineModel model;
    private final List<Transformer> stages;
    private final ImageFeaturizer featurizer;
    private final ProbabilisticClassificationModel<?, ?> classifier;
    private final List<String> classes;

    private ImageClassifier(PipelineModel model) {
        this.model = model;
        stages = flat(model);
        featurizer = only(ImageFeaturizer.class, "an ImageFeaturizer, to take photographs");
        classifier = only(ProbabilisticClassificationModel.class, "a classifier that gives probabilities");
        classes = stages.stream().filter(IndexToString.class::isInstance).map(IndexToString.class::cast)
                .filter(names -> names.getInputCol().equals(classifier.getPredictionCol()) && names.isDefined(names.labels()))
                .findFirst()
                .map(names -> List.of(names.getLabels()))
                .orElseGet(() -> IntStream.range(0, classifier.numClasses()).mapToObj(i -> "class " + i).toList());
    }

    /**
     * Takes a model from memory.
     *
     * @param model has an {@link ImageFeaturizer}, a classifier that gives probabilities and, for the names of the classes, an
     *     {@code IndexToString} of its predictions
     * @throws IllegalArgumentException if it has no such stages
     */
    public static ImageClassifier of(PipelineModel model) {
        return new ImageClassifier(model);
    }

    /**
     * Loads a model that was saved.
     *
     * @param path a folder, of any file system that Hadoop knows
     * @throws IllegalArgumentException if there is none there, or one that {@link #of} refuses
     */
    public static ImageClassifier load(SparkSession spark, String path) {
        Configuration settings = S3.settings(spark);
        Path folder = null;
        String plain;
        try {
            folder = UserPath.of(path, settings);
            FileSystem fs = S3.fileSystem(folder, settings);
            if (!fs.exists(new Path(folder, "metadata"))) {
                throw new IllegalArgumentException("There is no saved model at " + path + " (looked for "
                        + fs.makeQualified(folder) + "): let notebooks/run transfer-learning make one, or give the folder of a "
                        + "saved PipelineModel");
            }
            plain = LiteralPath.plain(spark, folder);
        } catch (IOException e) {
            String reason = folder == null ? e.getMessage() : S3.reason(folder, settings, e);
            throw new IllegalArgumentException("Cannot read the model at " + path + ": " + reason, e);
        }
        return of(PipelineModel.load(plain));
    }

    private static List<Transformer> flat(PipelineModel model) {
        List<Transformer> flat = new ArrayList<>();
        for (Transformer stage : model.stages()) {
            if (stage instanceof PipelineModel inner) {
                flat.addAll(flat(inner));
            } else {
                flat.add(stage);
            }
        }
        return flat;
    }

    private <T> T only(Class<T> type, String what) {
        List<T> found = stages.stream().filter(type::isInstance).map(type::cast).toList();
        if (found.size() != 1) {
            List<String> names = stages.stream().map(stage -> stage.getClass().getSimpleName()).toList();
            throw new IllegalArgumentException("A model that classifies photographs has " + what + ": this one has "
                    + found.size() + " among " + String.join(", ", names));
        }
        return found.get(0);
    }

    /** The model, for use as any other of Spark. */
    public PipelineModel model() {
        return model;
    }

    /** The stage that makes the features. */
    public ImageFeaturizer featurizer() {
        return featurizer;
    }

    /** The names of the classes, in the order of their indices. */
    public List<String> classes() {
        return classes;
    }

    /**
     * Adds the columns of the model, and {@code predictions}: the most likely classes, the most likely one first, as an array of
     * {@code struct<index: int, name: string, probability: float>}, like that of {@code ImagePredictor}.
     *
     * @param images with the featurizer's input column; those that cannot be used are left out, if the featurizer skips them;
     *     {@code image_reason(content)} in SQL says why
     * @param topK   how many classes, 1 at least
     */
    public Dataset<Row> classify(Dataset<Row> images, int topK) {
        Dataset<Row> transformed = model.transform(images);
        TopClasses top = new TopClasses(topK, classes);
        UserDefinedFunction named = functions.udf((UDF1<Vector, Row[]>) probabilities -> probabilities == null ? null
                : top.of(probabilities.size(), probabilities::apply), TopClasses.TYPE);
        return transformed.withColumn("predictions", named.apply(transformed.col(classifier.getProbabilityCol())));
    }

    /**
     * Makes the model a function of SQL, {@code name(content [, k])}: the {@code k} most likely classes (a constant; 5 by default
     * and for null), as {@link #classify} gives them, and null for an image that cannot be used. It sees one image at a time,
     * which takes longer than the batches of {@link #classify}.
     *
     * @param name such as {@code image_classify}; another function of that name is replaced in this session
     * @throws IllegalArgumentException if between featurizer and classifier there are stages other than
     *     {@code PrincipalComponentsModel}, which a function of one image does not know
     */
    public void register(SparkSession spark, String name) {
        UserDefinedFunction features = featurizer.copy(ParamMap.empty()).setHandleInvalid("keep").function(spark);
        Broadcast<FeatureClassifier> shared = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(FeatureClassifier.of(featurizer, between(), classifier));
        new SqlFunction(name, "content [, k]", 1, 2, call -> {
            Integer k = call.count(1, "k");
            UserDefinedFunction classify = functions.udf(
                    new FeatureClassifier.Classify(shared, new TopClasses(k == null ? 5 : k, classes)), TopClasses.TYPE);
            return classify.withName(name).apply(features.apply(call.binary(0)));
        }).register(spark.sessionState().functionRegistry(), ImageClassifier.class);
    }

    private List<Transformer> between() {
        int from = stages.indexOf(featurizer);
        int to = stages.indexOf(classifier);
        return from < to ? stages.subList(from + 1, to) : List.of();
    }
}
