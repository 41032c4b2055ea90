package verger.tuning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The result of a {@link Tuning}.
 *
 * @param candidates all that were tried, the best first
 * @param metric     what they were compared by, such as {@code accuracy}
 * @param model      takes photographs: the featurizer of the best candidate's network, pinned to its weights, and what the
 *     candidate has learnt from all images that were given. It leaves out rows whose photograph cannot be used
 *     ({@code handleInvalid} is {@code skip}), as a classifier takes no null: compare with what went in to find them, or
 *     set that of its first stage to {@code error}
 */
public record Tuned(List<Candidate> candidates, String metric, PipelineModel model) {

    private static final Map<Class<?>, DataType> TYPES = Map.of(
            Integer.class, DataTypes.IntegerType, Long.class, DataTypes.LongType, Float.class, DataTypes.FloatType,
            Double.class, DataTypes.DoubleType, Boolean.class, DataTypes.BooleanType);

    public Tuned {
        candidates = List.copyOf(candidates);
    }

    /** The model without its featurizer, for features that are there already. */
    public Transformer onFeatures() {
        return model.stages()[1];
    }

    /** The best candidate; of several that are as good, the one that was tried first. */
    public Candidate best() {
        return candidates.get(0);
    }

    /**
     * A line for each candidate, the best first: {@code network}, the settings by name (null where a candidate has no such
     * setting), the metric by its name (the mean of the folds) and {@code deviation} (of the folds; null of a single split).
     */
    public Dataset<Row> table(SparkSession spark) {
        StructType schema = new StructType().add("network", DataTypes.StringType, false);
        Map<String, DataType> settings = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            candidate.params().forEach((name, value) -> settings.putIfAbsent(name, type(value)));
        }
        for (Map.Entry<String, DataType> setting : settings.entrySet()) {
            schema = schema.add(setting.getKey(), setting.getValue());
        }
        schema = schema.add(metric, DataTypes.DoubleType, false).add("deviation", DataTypes.DoubleType);
        List<Row> rows = new ArrayList<>();
        for (Candidate candidate : candidates) {
            List<Object> values = new ArrayList<>();
            values.add(candidate.network());
            for (String name : settings.keySet()) {
                Object value = candidate.params().get(name);
                values.add(value == null || TYPES.containsKey(value.getClass()) ? value : value.toString());
            }
            values.add(candidate.mean());
            values.add(candidate.folds().length > 1 ? candidate.deviation() : null);
            rows.add(RowFactory.create(values.toArray()));
        }
        return spark.createDataFrame(rows, schema);
    }

    private static DataType type(Object value) {
        return TYPES.getOrDefault(value.getClass(), DataTypes.StringType);
    }

    /**
     * In words, such as {@code Best of 12 candidates: EfficientNet-Lite0, k = 32, regParam = 0.01, with accuracy 0.9931}, and how many
     * others are as good, if any.
     */
    @Override
    public String toString() {
        long asGood = candidates.stream().filter(candidate -> candidate.mean() == best().mean()).count() - 1;
        String tie = asGood == 0 ? "" : String.format(Locale.ROOT, "; %,d %s as good, and this was the first to be tried",
                asGood, asGood == 1 ? "other is" : "others are");
        return String.format(Locale.ROOT, "Best of %,d candidates: %s, with %s %.4f%s",
                candidates.size(), best(), metric, best().mean(), tie);
    }
}
