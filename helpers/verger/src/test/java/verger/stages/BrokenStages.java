package verger.stages;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Stages with one mistake each, of the kind that is easily made, and what the check says of it. */
enum BrokenStages {

    LOADED_WITHOUT_PARAMS(StageCheck.SAVED_AND_LOADED, Forgetful.class, "the params of a Forgetful read back by load"),
    COPY_LOSES_A_PARAM(StageCheck.COPIED, LossyCopy.class, "the params of a LossyCopy copied"),
    COPY_IS_ITSELF(StageCheck.COPIED, NoCopy.class, "a NoCopy copied"),
    NO_DOC(StageCheck.DOCUMENTED, Undocumented.class, "the doc of Undocumented's param unit"),
    SETTER_OF_THE_PARENT(StageCheck.SET_FROM_JAVA, ParentsSetters.class, "what ParentsSetters.setInputCol gives back"),
    TAKES_ANYTHING(StageCheck.VALIDATED, Unvalidated.class, "Unvalidated takes '-1' for unit"),
    SCHEMA_LIES(StageCheck.SCHEMA, LyingSchema.class, "what transformSchema of LyingSchema says of image.file"),
    OVERWRITES(StageCheck.COLUMNS_REFUSED, Overwrites.class, "Overwrites does not refuse outputCol=some.text, which is there"),
    COLLECTS(StageCheck.STREAMED, Collects.class, "what Collects makes of a stream is one"),
    LOSES_THE_WATERMARK(StageCheck.STREAMED, LosesWatermark.class, "what transformSchema of LosesWatermark says of a stream"),
    DROPS_NULLS(StageCheck.NULLS, DropsNulls.class, "rows that DropsNulls keeps of 6 with nulls in image.file"),
    NULL_IS_MINUS_ONE(StageCheck.NULLS, MinusOne.class, "what MinusOne makes of null in image.file"),
    A_ROW_FOR_NONE(StageCheck.EMPTY, RowForNone.class, "what RowForNone makes of no rows");

    private final StageCheck check;
    private final Class<? extends PipelineStage> type;
    private final String message;

    BrokenStages(StageCheck check, Class<? extends PipelineStage> type, String message) {
        this.check = check;
        this.type = type;
        this.message = message;
    }

    StageCheck check() {
        return check;
    }

    Class<? extends PipelineStage> type() {
        return type;
    }

    String message() {
        return message;
    }

    /** Gives a new stage instead of the one that was saved. */
    public static class Forgetful extends CountBytes {
        public Forgetful() {
        }

        public Forgetful(String uid) {
            super(uid);
        }

        public static Forgetful load(String path) {
            MLReader<Forgetful> reader = new DefaultParamsReader<>();
            return new Forgetful(reader.load(path).uid());
        }
    }

    public static class LossyCopy extends CountBytes {
        public LossyCopy() {
        }

        private LossyCopy(String uid) {
            super(uid);
        }

        @Override
        public Transformer copy(ParamMap extra) {
            return new LossyCopy(uid()).setInputCol(getInputCol()).setOutputCol(getOutputCol());
        }
    }

    public static class NoCopy extends CountBytes {
        @Override
        public Transformer copy(ParamMap extra) {
            return this;
        }
    }

    public static class Undocumented extends CountBytes {
        @Override
        String unitDoc() {
            return " ";
        }
    }

    /** Setters that are only inherited end a chain of calls in the parent's class. */
    public static class ParentsSetters extends CountBytes {
    }

    public static class Unvalidated extends CountBytes {
        @Override
        double lowestUnit() {
            return Double.NEGATIVE_INFINITY;
        }
    }

    public static class LyingSchema extends CountBytes {
        @Override
        public StructType transformSchema(StructType schema) {
            super.transformSchema(schema);
            return schema.add(getOutputCol(), DataTypes.LongType, true);
        }
    }

    public static class Overwrites extends CountBytes {
        @Override
        public StructType transformSchema(StructType schema) {
            return super.transformSchema(new StructType(Stream.of(schema.fields())
                    .filter(field -> !field.name().equalsIgnoreCase(getOutputCol())).toArray(StructField[]::new)));
        }
    }

    public static class Collects extends CountBytes {
        @Override
        public Dataset<Row> transform(Dataset<?> dataset) {
            StructType schema = transformSchema(dataset.schema());
            return dataset.sparkSession().createDataFrame(List.of(), schema);
        }
    }

    public static class LosesWatermark extends CountBytes {
        @Override
        public Dataset<Row> transform(Dataset<?> dataset) {
            StructType schema = transformSchema(dataset.schema());
            return super.transform(dataset).map((MapFunction<Row, Row>) row -> row, Encoders.row(schema));
        }
    }

    public static class DropsNulls extends CountBytes {
        @Override
        public Dataset<Row> transform(Dataset<?> dataset) {
            return super.transform(dataset).filter(functions.col("`" + getOutputCol() + "`").isNotNull());
        }
    }

    public static class MinusOne extends CountBytes {
        @Override
        Column length() {
            return functions.coalesce(super.length(), functions.lit(-1));
        }
    }

    public static class RowForNone extends CountBytes {
        @Override
        public Dataset<Row> transform(Dataset<?> dataset) {
            Dataset<Row> out = super.transform(dataset);
            return out.isEmpty() ? dataset.sparkSession().range(1).toDF() : out;
        }
    }
}
