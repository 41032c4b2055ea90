package verger.tuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.functions$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import verger.spark.ColumnNames;

/**
 * Says how well predicted classes agree with the true ones: accuracy, recall and precision of each class, the confusion matrix, and the
 * mistakes themselves.
 *
 * <pre>{@code
 * Evaluation evaluation = Evaluation.of(model.transform(test));   // columns label and predicted
 * evaluation.accuracy();
 * evaluation.worstMistakes(12);
 * }</pre>
 *
 * <p>Unlike Spark's {@code MulticlassMetrics}, which knows only classes that are somebody's true class, it keeps those that
 * are merely predicted.
 */
public final class Evaluation {

    private static final String ORIGIN = "origin";
    private static final String PROBABILITY = "probability";
    /** No class that anybody has named. */
    private static final String NAN = "\0NaN";

    private static final StructType PER_CLASS = new StructType()
            .add("class", DataTypes.StringType, false)
            .add("images", DataTypes.LongType, false)
            .add("recall", DataTypes.DoubleType)
            .add("precision", DataTypes.DoubleType)
            .add("takenFor", DataTypes.StringType, false);

    private final Dataset<Row> predictions;
    private final Column label;
    private final Column predicted;
    private final List<String> classes;
    private final long[][] confusion;
    private final long leftOut;

    private Evaluation(Dataset<Row> predictions, String labelCol, String predictionCol) {
        this.predictions = predictions;
        requireComparable(predictions, labelCol, predictionCol);
        label = named(predictions, labelCol, labelCol);
        predicted = named(predictions, predictionCol, labelCol);
        Map<List<String>, Long> counts = new HashMap<>();
        for (Row row : predictions.groupBy(label.as("label"), predicted.as("predicted")).count().collectAsList()) {
            counts.put(Arrays.asList(row.getString(0), row.getString(1)), row.getLong(2));
        }
        if (counts.keySet().stream().anyMatch(pair -> pair.contains(NAN))) {
            throw new IllegalArgumentException("An index of a class must be a number: there are rows with NaN in " + labelCol
                    + " or " + predictionCol + "; filter them out, or look why the model gives NaN");
        }
        leftOut = counts.entrySet().stream().filter(count -> count.getKey().contains(null))
                .mapToLong(Map.Entry::getValue).sum();
        counts.keySet().removeIf(pair -> pair.contains(null));
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to evaluate: no row has both " + labelCol + " and "
                    + predictionCol + (leftOut == 0 ? "" : ", and " + leftOut + " have one of them or none"));
        }
        TreeSet<String> names = new TreeSet<>(order());
        counts.keySet().forEach(names::addAll);
        classes = List.copyOf(names);
        confusion = new long[classes.size()][classes.size()];
        counts.forEach((pair, count) -> confusion[classes.indexOf(pair.get(0))][classes.indexOf(pair.get(1))] = count);
    }

    /** Compares the columns {@code label} and {@code predicted}. */
    public static Evaluation of(Dataset<Row> predictions) {
        return of(predictions, "label", "predicted");
    }

    /**
     * Compares the predicted classes with the true ones, in one job.
     *
     * @param labelCol      the true class: a string, or an index, whose names are looked up in what {@code StringIndexer}
     *     wrote into the column's metadata, if it did
     * @param predictionCol the predicted one: a string, or an index into the names of {@code labelCol}
     * @throws IllegalArgumentException if a column is missing or neither, if one is a string and the other an index without
     *     names, if an index is NaN, or if no row has both; rows that lack one are left out and counted
     */
    public static Evaluation of(Dataset<Row> predictions, String labelCol, String predictionCol) {
        return new Evaluation(predictions, labelCol, predictionCol);
    }

    /** A name never equals a bare index: every prediction would count as wrong. */
    private static void requireComparable(Dataset<Row> predictions, String labelCol, String predictionCol) {
        StructField label = field(predictions, labelCol);
        StructField predicted = field(predictions, predictionCol);
        boolean names = label.dataType().equals(DataTypes.StringType);
        boolean indices = label.dataType() instanceof NumericType && names(label).length == 0;
        if (names && predicted.dataType() instanceof NumericType
                || indices && predicted.dataType().equals(DataTypes.StringType)) {
            throw new IllegalArgumentException("Column " + (names ? labelCol : predictionCol) + " holds classes by name, and "
                    + (names ? predictionCol : labelCol) + " by indices whose names are not known: give both by name "
                    + "(IndexToString turns indices into names), or both by index");
        }
    }

    private static Column named(Dataset<Row> predictions, String name, String labelCol) {
        StructField field = field(predictions, name);
        if (field.dataType().equals(DataTypes.StringType)) {
            return predictions.col(ColumnNames.quoted(name));
        }
        if (!(field.dataType() instanceof NumericType)) {
            throw new IllegalArgumentException("Column " + name + " must hold classes, as strings or as indices: it is "
                    + field.dataType().simpleString());
        }
        Column number = predictions.col(ColumnNames.quoted(name));
        Column index = number.cast("int"); // of NaN it is 0
        String[] names = names(field(predictions, labelCol));
        Column[] literals = Arrays.stream(names).map(functions::lit).toArray(Column[]::new);
        Column text = names.length == 0 ? index.cast("string")
                : functions.coalesce(functions.array(literals).apply(index), index.cast("string"));
        return functions.when(functions.isnan(number.cast("double")), NAN).otherwise(text);
    }

    private static StructField field(Dataset<Row> predictions, String name) {
        return Arrays.stream(predictions.schema().fields()).filter(field -> field.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no column " + name + " to evaluate: the columns are "
                        + String.join(", ", predictions.columns())));
    }

    private static String[] names(StructField field) {
        Attribute attribute = field.dataType() instanceof NumericType ? Attribute.fromStructField(field) : null;
        return attribute instanceof NominalAttribute nominal && nominal.values().isDefined()
                ? nominal.values().get() : new String[0];
    }

    /** By the alphabet, but numbers by their value. */
    private static Comparator<String> order() {
        return Comparator.comparing((String name) -> name.matches("\\d{1,9}") ? Integer.parseInt(name) : Integer.MAX_VALUE)
                .thenComparing(Comparator.naturalOrder());
    }

    /** The classes that are true or predicted for some row, in the order of the alphabet. */
    public List<String> classes() {
        return classes;
    }

    /** How many rows of a true class (first index) have which predicted one (second), in the order of {@link #classes}. */
    public long[][] confusion() {
        return Arrays.stream(confusion).map(long[]::clone).toArray(long[][]::new);
    }

    /** The number of rows with a true class and a predicted one. */
    public long total() {
        return Arrays.stream(confusion).flatMapToLong(Arrays::stream).sum();
    }

    /** The number of rows whose predicted class is the true one. */
    public long correct() {
        long correct = 0;
        for (int c = 0; c < confusion.length; c++) {
            correct += confusion[c][c];
        }
        return correct;
    }

    /** The number of rows without a label or a prediction, which are not counted elsewhere. */
    public long leftOut() {
        return leftOut;
    }

    /** The share of rows whose predicted class is the true one, 0 … 1. */
    public double accuracy() {
        return (double) correct() / total();
    }

    /** The share of the rows of each true class that are predicted as this class, 0 … 1; NaN where it has no row. */
    public double[] recall() {
        double[] recall = new double[confusion.length];
        for (int c = 0; c < confusion.length; c++) {
            recall[c] = (double) confusion[c][c] / images(c);
        }
        return recall;
    }

    /** The share of the rows predicted as each class that are of this class, 0 … 1; NaN where none is predicted as it. */
    public double[] precision() {
        double[] precision = new double[confusion.length];
        for (int c = 0; c < confusion.length; c++) {
            long sum = 0;
            for (long[] row : confusion) {
                sum += row[c];
            }
            precision[c] = (double) confusion[c][c] / sum;
        }
        return precision;
    }

    private long images(int c) {
        return Arrays.stream(confusion[c]).sum();
    }

    /**
     * A line for each class, the lowest recall first: {@code class}, {@code images} (of that true class), {@code recall} and
     * {@code precision} (null where they are not defined), {@code takenFor} (its mistakes, such as {@code Peach (2)}).
     */
    public Dataset<Row> perClass() {
        double[] recall = recall();
        double[] precision = precision();
        List<Row> rows = new ArrayList<>();
        for (int c = 0; c < confusion.length; c++) {
            rows.add(RowFactory.create(classes.get(c), images(c), orNull(recall[c]), orNull(precision[c]), takenFor(c)));
        }
        rows.sort(Comparator.comparing((Row row) -> row.isNullAt(2) ? 2 : row.getDouble(2)));
        return predictions.sparkSession().createDataFrame(rows, PER_CLASS);
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private String takenFor(int c) {
        List<Integer> others = new ArrayList<>();
        for (int other = 0; other < confusion.length; other++) {
            if (other != c && confusion[c][other] > 0) {
                others.add(other);
            }
        }
        others.sort(Comparator.comparing((Integer other) -> -confusion[c][other]));
        return String.join(", ", others.stream().map(other -> classes.get(other) + " (" + confusion[c][other] + ")").toList());
    }

    /**
     * The rows whose predicted class is wrong, first those that the model was surest of: {@code origin} (if there is such a
     * column), {@code label}, {@code predicted}, {@code probability} (of the predicted class; null without a column
     * {@code probability}, a vector).
     *
     * @param most rows at most
     */
    public Dataset<Row> worstMistakes(int most) {
        List<String> columns = Arrays.asList(predictions.columns());
        List<Column> selected = new ArrayList<>();
        if (columns.contains(ORIGIN)) {
            selected.add(predictions.col(ORIGIN));
        }
        selected.add(label.as("label"));
        selected.add(predicted.as("predicted"));
        selected.add((columns.contains(PROBABILITY)
                ? functions.array_max(functions$.MODULE$.vector_to_array(predictions.col(PROBABILITY), "float64"))
                : functions.lit(null).cast("double")).as(PROBABILITY));
        Column[] order = columns.contains(ORIGIN)
                ? new Column[] {functions.desc(PROBABILITY), functions.col(ORIGIN)}
                : new Column[] {functions.desc(PROBABILITY), functions.col("label"), functions.col("predicted")};
        return predictions.filter(label.notEqual(predicted)).select(selected.toArray(new Column[0])).orderBy(order).limit(most);
    }

    /** In words, such as {@code accuracy 0.9917: 119 of 120 right, 12 classes}. */
    @Override
    public String toString() {
        String left = leftOut == 0 ? ""
                : String.format(Locale.ROOT, " (%,d without a class or a prediction left out)", leftOut);
        return String.format(Locale.ROOT, "accuracy %.4f: %,d of %,d right, %,d classes%s",
                accuracy(), correct(), total(), classes.size(), left);
    }
}
