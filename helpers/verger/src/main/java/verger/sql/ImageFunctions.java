package verger.sql;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Option;
import verger.features.ImageFeaturizer;
import verger.features.ImagePredictor;
import verger.features.NetworkStage;
import verger.spark.SqlCall;
import verger.spark.SqlFunction;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;

/**
 * Functions of images for SQL, {@code selectExpr} and {@code expr}.
 *
 * <pre>{@code
 * ImageFunctions.register(spark);
 * Images.read(spark, "data-sample").createOrReplaceTempView("images");
 * spark.sql("select origin, image_predict(content, 1)[0].name from images")
 * }</pre>
 *
 * <ul>
 * <li>{@code image_features(content [, network [, weights]])}: {@code array<float>}, as {@link ImageFeaturizer}
 * <li>{@code image_predict(content [, k [, network [, weights]]])}: {@code array<struct<index, name, probability>>}, the
 *     {@code k} most likely classes (5 by default), as {@link ImagePredictor}
 * <li>{@code image_size(content)}: {@code struct<width: int, height: int>} in pixels, as the camera was held
 * <li>{@code image_thumbnail(content, px)}: a JPEG (binary) of {@code px} pixels at most on its longer side
 * <li>{@code image_reason(content)}: why an image cannot be used (string), or null where it can
 * <li>{@code image_label(path)}: the name of the folder that a file is in, as {@code Images.read} takes it for a label
 * </ul>
 *
 * <p>{@code content} is binary, a whole image file. Features, predictions and thumbnails are null for an image that cannot be
 * used; {@code image_size} reads the head of the file only, and is null where that cannot be read.
 * {@code network} is the name of a network, or the path or URI of an ONNX model. {@code k}, {@code network}, {@code weights} and
 * {@code px} are constants, and null stands for the default. A mistake in them, and weights that cannot be had, are errors of
 * the query before it runs, in one sentence.
 */
public final class ImageFunctions {

    private static final List<SqlFunction> ALL = List.of(
            new SqlFunction("image_features", "content [, network [, weights]]", 1, 3, ImageFunctions::features),
            new SqlFunction("image_predict", "content [, k [, network [, weights]]]", 1, 4, ImageFunctions::predict),
            new SqlFunction("image_size", "content", 1, 1, Pictures::size),
            new SqlFunction("image_thumbnail", "content, px", 2, 2, Pictures::thumbnail),
            new SqlFunction("image_reason", "content", 1, 1, Pictures::reason),
            new SqlFunction("image_label", "path", 1, 1, Pictures::label));

    private ImageFunctions() {
    }

    /**
     * Makes the functions known to a session; another call changes nothing.
     *
     * <p>A permanent view may use Spark's built-in functions only, so they count as such in this JVM: sessions that begin later
     * have them, too. Whoever reads such a view in another application calls this first.
     */
    public static void register(SparkSession spark) {
        String own = ImageFunctions.class.getName();
        register(spark, other -> !other.getClassName().equals(own)); // Spark warns of what is registered again
    }

    /**
     * Makes those functions known whose names are free in the session: a function of the user's own stays.
     */
    public static void registerMissing(SparkSession spark) {
        register(spark, other -> false);
    }

    private static void register(SparkSession spark, Predicate<ExpressionInfo> mayBeReplaced) {
        for (var registry : List.of(spark.sessionState().functionRegistry(), FunctionRegistry$.MODULE$.builtin())) {
            for (SqlFunction function : ALL) {
                Option<ExpressionInfo> other = registry.lookupFunction(new FunctionIdentifier(function.name()));
                if (other.isEmpty() || mayBeReplaced.test(other.get())) {
                    function.register(registry, ImageFunctions.class);
                }
            }
        }
    }

    private static Column features(SqlCall call) {
        return applied(new ImageFeaturizer(), call, 1);
    }

    private static Column predict(SqlCall call) {
        ImagePredictor predictor = new ImagePredictor();
        Integer k = call.count(1, "k");
        return applied(k == null ? predictor : predictor.setTopK(k), call, 2);
    }

    /** @param network which argument is the network; the one after it the weights */
    private static Column applied(NetworkStage<?> stage, SqlCall call, int network) {
        Column content = call.binary(0);
        String name = call.text(network, "network");
        if (name != null && isModel(name)) {
            stage.setModel(name);
        } else if (name != null) {
            stage.setNetwork(name);
        }
        stage.setWeights(call.text(network + 1, "weights"));
        return stage.function(SparkSession.active()).withName(call.function()).apply(content);
    }

    /** No network has a name that looks like a path. */
    private static boolean isModel(String name) {
        return name.contains("/") || name.toLowerCase(Locale.ROOT).endsWith(".onnx");
    }
}
