package verger.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Field;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import verger.TestSpark;

/** What a stage owes its user, checked of any stage class by reflection. */
enum StageCheck {

    SAVED_AND_LOADED("saved and loaded it is the same, alone and in a pipeline") {
        @Override
        void of(Subject subject) throws Exception {
            PipelineStage otherwise = subject.otherwise();
            assertThat(otherwise).as("%s cannot be saved", subject.name()).isInstanceOf(MLWritable.class);
            String path = subject.newPath();
            ((MLWritable) otherwise).save(path);
            assertSame(subject, "read back by load", subject.load(path), otherwise);

            PipelineStage ready = subject.readyFor(null);
            path = subject.newPath();
            new Pipeline().setStages(new PipelineStage[] {ready}).save(path);
            PipelineStage loaded = Pipeline.load(path).getStages()[0];
            assertSame(subject, "read back in a pipeline", loaded, ready);
            assertThat(contents(Subject.apply(loaded, Inputs.rows()))).as("%s read back gives other values", subject.name())
                    .isEqualTo(contents(Subject.apply(ready, Inputs.rows())));
        }
    },

    COPIED("a copy has its uid, its params and those it is given, and is independent") {
        @Override
        void of(Subject subject) throws Exception {
            PipelineStage otherwise = subject.otherwise();
            assertSame(subject, "copied", otherwise.copy(ParamMap.empty()), otherwise);
            PipelineStage plain = subject.make();
            String before = Subject.params(plain);
            for (Param<?> param : plain.params()) {
                Object other = OtherValues.of(plain, param);
                PipelineStage copy = plain.copy(Subject.map(param, other));
                assertThat(copy.getOrDefault(copy.getParam(param.name())))
                        .as("%s copied with another %s", subject.name(), param.name()).isEqualTo(other);
                Subject.set(copy, param.name(), OtherValues.of(copy, param));
            }
            assertThat(Subject.params(plain)).as("%s changes with its copies", subject.name()).isEqualTo(before);

            PipelineStage ready = subject.readyFor(null);
            PipelineStage copy = ready.copy(ParamMap.empty());
            if (ready instanceof Model<?> model) {
                assertThat(((Model<?>) copy).parent()).as("the estimator of a copied %s", subject.name())
                        .isSameAs(model.parent());
            }
            assertThat(contents(Subject.apply(copy, Inputs.rows()))).as("%s copied gives other values", subject.name())
                    .isEqualTo(contents(Subject.apply(ready, Inputs.rows())));
        }
    },

    DOCUMENTED("every param is documented and listed") {
        @Override
        void of(Subject subject) throws Exception {
            PipelineStage stage = subject.make();
            List<String> listed = new ArrayList<>();
            for (Param<?> param : stage.params()) {
                assertThat(param.doc().strip()).as("the doc of %s's param %s", subject.name(), param.name())
                        .isNotEmpty().isNotEqualToIgnoringCase(param.name());
                listed.add(param.name());
            }
            for (Class<?> type = subject.type(); type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (Param.class.isAssignableFrom(field.getType()) && type.getName().startsWith("verger.")) {
                        field.setAccessible(true);
                        assertThat(listed).as("the params that %s lists", subject.name())
                                .contains(((Param<?>) field.get(stage)).name());
                    }
                }
            }
            assertThat(listed).as("%s has no params at all", subject.name()).isNotEmpty();
        }
    },

    /** How a model was fitted is told by its estimator's setters. */
    SET_FROM_JAVA("every param has a getter and a setter that gives the stage back") {
        @Override
        void of(Subject subject) throws Exception {
            for (Param<?> param : subject.make().params()) {
                boolean here = Stream.of(subject.type().getMethods()).anyMatch(method -> isSetter(method, param));
                Subject owner = here || !Model.class.isAssignableFrom(subject.type()) ? subject
                        : new Subject(subject.estimator(), List.of(), null);
                PipelineStage stage = owner.make();
                Object other = OtherValues.of(stage, stage.getParam(param.name()));
                Method setter = Stream.of(owner.type().getMethods())
                        .filter(method -> isSetter(method, param) && takes(method, other)).findFirst()
                        .orElseThrow(() -> new AssertionError(owner.name() + " has no setter for " + param.name()));
                assertThat(setter.getGenericReturnType() instanceof TypeVariable ? owner.type() : setter.getReturnType())
                        .as("what %s.%s gives back", owner.name(), setter.getName()).isEqualTo(owner.type());
                assertThat(setter.invoke(stage, other)).as("what %s.%s gives back", owner.name(), setter.getName())
                        .isSameAs(stage);
                Method getter = subject.type().getMethod("get" + capitalized(param.name()));
                getter.setAccessible(true); // it may be an interface's that is not public
                Object got = owner == subject ? getter.invoke(stage) : stage.getOrDefault(stage.getParam(param.name()));
                assertThat(got).as("what %s.%s has set", owner.name(), setter.getName()).isEqualTo(other);
            }
        }
    },

    VALIDATED("wrong values are refused, and the message names the param") {
        @Override
        void of(Subject subject) throws Exception {
            PipelineStage stage = subject.make();
            for (Param<?> param : stage.params()) {
                for (Object wrong : OtherValues.wrong(stage, param)) {
                    assertThat(OtherValues.isValid(param, wrong))
                            .as("%s takes %s for %s", subject.name(), wrong == null ? "null" : "'" + wrong + "'", param.name())
                            .isFalse();
                    for (Method setter : subject.type().getMethods()) {
                        if (wrong != null && isSetter(setter, param) && takes(setter, wrong)) {
                            assertRefused(subject, () -> setter.invoke(stage, wrong), setter.getName() + "(" + wrong + ")",
                                    param.name());
                        }
                    }
                }
            }
        }
    },

    SCHEMA("transformSchema says exactly what transform gives, and keeps the columns there are") {
        @Override
        void of(Subject subject) throws Exception {
            for (String column : subject.inputs()) {
                PipelineStage stage = subject.readyFor(column);
                Dataset<Row> rows = Inputs.rows();
                Dataset<Row> out = Subject.apply(stage, rows);
                assertThat(tree(stage.transformSchema(rows.schema())))
                        .as("what transformSchema of %s says of %s", subject.name(), column)
                        .isEqualTo(tree(out.schema()));
                assertThat(Arrays.asList(out.schema().fields())).as("the columns that %s was given", subject.name())
                        .startsWith(rows.schema().fields());
                assertThat(contents(out.select(given(rows)))).as("the values that %s was given", subject.name())
                        .isEqualTo(contents(rows));
            }
        }
    },

    COLUMNS_REFUSED("a column that is missing or there already is refused before anything runs") {
        @Override
        void of(Subject subject) throws Exception {
            StructType schema = Inputs.rows().schema();
            PipelineStage missing = subject.readyFor(null);
            Subject.set(missing, "inputCol", "missing.column");
            assertRefused(subject, () -> missing.transformSchema(schema), "a missing input column", "missing.column");
            List<String> added = new ArrayList<>();
            for (Param<?> param : missing.params()) {
                if (OtherValues.isColumn(param) && !param.name().startsWith("input")) {
                    for (String there : List.of("some.text", "SOME.text")) {
                        PipelineStage stage = subject.readyFor(null);
                        Subject.set(stage, param.name(), there);
                        assertRefused(subject, () -> stage.transformSchema(schema),
                                param.name() + "=" + there + ", which is there", there);
                    }
                    added.add(param.name());
                }
            }
            if (added.size() > 1) {
                PipelineStage stage = subject.readyFor(null);
                added.forEach(name -> Subject.set(stage, name, "twice"));
                assertRefused(subject, () -> stage.transformSchema(schema), String.join(" and ", added) + " of one name",
                        "twice");
            }
        }
    },

    STREAMED("a stream goes through it with the same values, and keeps its watermark") {
        @Override
        void of(Subject subject) throws Exception {
            Dataset<Row> rows = Inputs.rows();
            String path = subject.newPath();
            rows.write().parquet(path);
            Dataset<Row> stream = TestSpark.session().readStream().schema(rows.schema()).parquet(path)
                    .withWatermark("`taken.at`", "1 minute");
            PipelineStage stage = subject.readyFor(null);
            Transformer transformer = Subject.transformer(stage);
            Dataset<Row> out = transformer.transform(stream);
            assertThat(out.isStreaming()).as("what %s makes of a stream is one", subject.name()).isTrue();
            assertThat(tree(out.schema())).as("what transformSchema of %s says of a stream", subject.name())
                    .isEqualTo(tree(stage.transformSchema(stream.schema())));
            String table = "streamed_" + subject.name();
            StreamingQuery query = out.writeStream().format("memory").queryName(table).trigger(Trigger.AvailableNow()).start();
            query.awaitTermination();
            assertThat(contents(TestSpark.session().table(table))).as("%s on a stream", subject.name())
                    .isEqualTo(contents(transformer.transform(rows)));
        }
    },

    NULLS("a row with null stays, with null for what cannot be computed, and the others are as without it") {
        @Override
        void of(Subject subject) throws Exception {
            for (String column : subject.inputs()) {
                PipelineStage stage = subject.readyFor(column);
                Transformer transformer = Subject.transformer(stage, Inputs.rowsAndNulls());
                List<Row> with = transformer.transform(Inputs.rowsAndNulls()).collectAsList();
                List<String> without = contents(transformer.transform(Inputs.rows()));
                assertThat(with).as("rows that %s keeps of %s with nulls in %s", subject.name(), Inputs.ROWS, column)
                        .hasSize(Inputs.ROWS + 2);
                assertThat(with.stream().filter(row -> row.getInt(0) < 100).map(StageCheck::content).sorted().toList())
                        .as("%s beside rows with null in %s", subject.name(), column).isEqualTo(without);
                int first = Inputs.rows().columns().length;
                assertThat(with.stream().filter(row -> row.getInt(0) >= 100).map(row -> row.get(first)))
                        .as("what %s makes of null in %s", subject.name(), column).containsOnlyNulls();
            }
        }
    },

    EMPTY("no rows give no rows, and an estimator says that it needs some") {
        @Override
        void of(Subject subject) throws Exception {
            PipelineStage stage = subject.readyFor(null);
            for (Dataset<Row> none : List.of(Inputs.none(), Inputs.rows().filter("row < 0"))) {
                Dataset<Row> out = Subject.apply(stage, none);
                assertThat(out.collectAsList()).as("what %s makes of no rows", subject.name()).isEmpty();
                assertThat(tree(out.schema())).as("the schema of no rows after %s", subject.name())
                        .isEqualTo(tree(stage.transformSchema(none.schema())));
                if (stage instanceof Estimator<?> estimator) {
                    assertRefused(subject, () -> estimator.fit(none), "a fit on no rows", "row");
                }
            }
        }
    };

    private final String says;

    StageCheck(String says) {
        this.says = says;
    }

    /** @throws AssertionError that names the stage and what is wrong with it */
    abstract void of(Subject subject) throws Exception;

    @Override
    public String toString() {
        return says;
    }

    private static void assertSame(Subject subject, String how, PipelineStage stage, PipelineStage original) {
        assertThat(stage.getClass()).as("the class of a %s %s", subject.name(), how).isEqualTo(original.getClass());
        assertThat(stage).as("a %s %s", subject.name(), how).isNotSameAs(original);
        assertThat(stage.uid()).as("the uid of a %s %s", subject.name(), how).isEqualTo(original.uid());
        assertThat(Subject.params(stage)).as("the params of a %s %s", subject.name(), how).isEqualTo(Subject.params(original));
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void assertRefused(Subject subject, Attempt attempt, String what, String named) {
        Throwable thrown = catchThrowable(attempt::run);
        Throwable cause = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
        assertThat(cause).as("%s does not refuse %s", subject.name(), what)
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(named);
    }

    private static boolean isSetter(Method method, Param<?> param) {
        return method.getName().equals("set" + capitalized(param.name())) && method.getParameterCount() == 1
                && !method.isBridge();
    }

    /** Of two setters of a name one may take what a param's value is made from. */
    private static boolean takes(Method setter, Object value) {
        return MethodType.methodType(setter.getParameterTypes()[0]).wrap().returnType().isInstance(value);
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Names, types, nullability and what a column's metadata says; as text, which shows a difference. */
    private static String tree(StructType schema) {
        return String.join("\n", Stream.of(schema.fields()).map(field -> field.name() + ": " + field.dataType()
                + (field.nullable() ? "" : ", never null") + " " + field.metadata()).toList());
    }

    private static Column[] given(Dataset<Row> rows) {
        return Stream.of(rows.columns()).map(name -> functions.col("`" + name + "`")).toArray(Column[]::new);
    }

    /** The rows as text, by their number: a row's own equality does not look into arrays of bytes. */
    private static List<String> contents(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(StageCheck::content).sorted(Comparator.naturalOrder()).toList();
    }

    private static String content(Row row) {
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            told.append(row.get(i) instanceof byte[] bytes ? Arrays.hashCode(bytes) : row.get(i)).append('|');
        }
        return told.toString();
    }
}
