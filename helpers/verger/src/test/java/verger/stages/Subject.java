package verger.stages;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A class of stages under check: how one is made, and what it can be fed. */
final class Subject {

    private final Class<? extends PipelineStage> type;
    private final List<Class<? extends PipelineStage>> others;
    private final Path folder;

    /** @param others among which a model's estimator is looked for */
    Subject(Class<? extends PipelineStage> type, List<Class<? extends PipelineStage>> others, Path folder) {
        this.type = type;
        this.others = others;
        this.folder = folder;
    }

    Class<? extends PipelineStage> type() {
        return type;
    }

    String name() {
        return type.getSimpleName();
    }

    /** A folder or file that does not exist yet. */
    String newPath() {
        return folder.resolve(UUID.randomUUID().toString()).toString();
    }

    /** A stage that has been told nothing yet; a model comes from its estimator. */
    PipelineStage make() throws Exception {
        if (!Model.class.isAssignableFrom(type)) {
            return type.getConstructor().newInstance();
        }
        Estimator<?> estimator = (Estimator<?>) new Subject(estimator(), others, folder).readyFor(null);
        return fitted(estimator, Inputs.rows());
    }

    /** The stage, told to read the column; null for the first one it takes. */
    PipelineStage readyFor(String column) throws Exception {
        PipelineStage stage = make();
        if (stage.hasParam("network")) {
            set(stage, "network", "EfficientNet-Lite0"); // the one whose weights the set-up has
        }
        set(stage, "inputCol", column == null ? inputs().get(0) : column);
        return stage;
    }

    /** The columns of {@link Inputs} whose type the stage takes: all that it refuses, it refuses in the proper way. */
    List<String> inputs() throws Exception {
        PipelineStage stage = make();
        if (!stage.hasParam("inputCol")) {
            throw new AssertionError(name() + " has no inputCol: the checks would not know what to feed it");
        }
        List<String> taken = new ArrayList<>();
        StructType schema = Inputs.rows().schema();
        for (String column : Inputs.COLUMNS) {
            set(stage, "inputCol", column);
            try {
                stage.transformSchema(schema);
                taken.add(column);
            } catch (IllegalArgumentException e) {
                if (!e.getMessage().contains(column)) {
                    throw new AssertionError(name() + " does not say which column it refuses: " + e.getMessage(), e);
                }
            }
        }
        if (taken.isEmpty()) {
            throw new AssertionError(name() + " takes none of the columns " + Inputs.COLUMNS
                    + ": the checks would not know what to feed it");
        }
        return taken;
    }

    /** The class whose {@code fit} gives this one. */
    Class<? extends PipelineStage> estimator() {
        for (Class<? extends PipelineStage> other : others) {
            for (Method method : other.getMethods()) {
                if (method.getName().equals("fit") && method.getReturnType().equals(type)) {
                    return other;
                }
            }
        }
        throw new AssertionError("No estimator fits a " + name());
    }

    /** What the stage makes of rows; of an estimator its model does. */
    static Dataset<Row> apply(PipelineStage stage, Dataset<Row> rows) {
        return transformer(stage).transform(rows);
    }

    static Transformer transformer(PipelineStage stage) {
        return transformer(stage, Inputs.rows());
    }

    /** The stage itself, or what the estimator fits on the rows. */
    static Transformer transformer(PipelineStage stage, Dataset<Row> rows) {
        return stage instanceof Estimator<?> estimator ? (Transformer) fitted(estimator, rows) : (Transformer) stage;
    }

    /** In one partition: the order in which several are merged shows in the last digits of a fit. */
    private static Model<?> fitted(Estimator<?> estimator, Dataset<Row> rows) {
        return estimator.fit(rows.coalesce(1));
    }

    PipelineStage load(String path) throws Exception {
        Method load = type.getMethod("load", String.class);
        if (!Modifier.isStatic(load.getModifiers()) || !load.getReturnType().equals(type)) {
            throw new AssertionError(name() + ".load is not static or gives another class");
        }
        return (PipelineStage) load.invoke(null, path);
    }

    static void set(PipelineStage stage, String param, Object value) {
        stage.set(stage.getParam(param), value);
    }

    /** The stage with another value for every param; it need not be able to run any more. */
    PipelineStage otherwise() throws Exception {
        PipelineStage stage = make();
        for (Param<?> param : stage.params()) {
            set(stage, param.name(), OtherValues.of(stage, param));
        }
        return stage;
    }

    /** All that is set and all defaults, in an order. */
    static String params(PipelineStage stage) {
        StringBuilder told = new StringBuilder();
        for (Param<?> param : stage.params()) {
            told.append(param.name()).append(" = ").append(stage.isSet(param) ? show(stage, param) : "(not set)")
                    .append(", by default ")
                    .append(stage.hasDefault(param) ? show(stage.getDefault(param).get()) : "nothing").append('\n');
        }
        return told.toString();
    }

    static String show(PipelineStage stage, Param<?> param) {
        return show(stage.getOrDefault(param));
    }

    private static String show(Object value) {
        return value instanceof Object[] array ? List.of(array).toString() : String.valueOf(value);
    }

    @SuppressWarnings("unchecked")
    static ParamMap map(Param<?> param, Object value) {
        return new ParamMap().put(((Param<Object>) param).w(value));
    }
}
