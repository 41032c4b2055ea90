package verger.stages;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.FloatParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/** Values for a param by its type alone. */
final class OtherValues {

    private OtherValues() {
    }

    /** A valid value that is not the param's present one. Where a text must be one of a few, the doc has to name them. */
    static Object of(PipelineStage stage, Param<?> param) {
        Object present = stage.isDefined(param) ? stage.getOrDefault(param) : null;
        for (Object candidate : candidates(param)) {
            if (!candidate.equals(present) && isValid(param, candidate)) {
                return candidate;
            }
        }
        throw new AssertionError(stage.getClass().getSimpleName() + ": no value but " + present + " was found for param "
                + param.name() + "; its doc should name those it takes: " + param.doc());
    }

    private static List<Object> candidates(Param<?> param) {
        if (param instanceof BooleanParam) {
            return List.of(true, false);
        }
        if (param instanceof IntParam) {
            return List.of(3, 4, 1, 2, 0, 100);
        }
        if (param instanceof LongParam) {
            return List.of(3L, 4L, 1L, 0L, 100L);
        }
        if (param instanceof DoubleParam) {
            return List.of(0.25, 0.75, 1.0, 2.0, 10.0);
        }
        if (param instanceof FloatParam) {
            return List.of(0.25f, 0.75f, 1f, 2f, 10f);
        }
        List<Object> candidates = new ArrayList<>();
        if (isColumn(param)) {
            candidates.add("another." + param.name());
        }
        candidates.addAll(List.of(param.doc().split("[\\s,;:()=]+")));
        candidates.addAll(List.of("hdfs://host/été 100 %", "0123456789abcdef".repeat(4), "0".repeat(64), "{}",
                "{\"name\":\"a\"}"));
        return candidates;
    }

    /** Values that make no sense for any param of the type. */
    static List<Object> wrong(PipelineStage stage, Param<?> param) {
        List<Object> wrong = new ArrayList<>();
        if (param instanceof IntParam) {
            wrong.add(-1);
        } else if (param instanceof LongParam) {
            wrong.add(-1L);
        } else if (param instanceof DoubleParam) {
            wrong.addAll(List.of(Double.NaN, Double.NEGATIVE_INFINITY));
        } else if (param instanceof FloatParam) {
            wrong.addAll(List.of(Float.NaN, Float.NEGATIVE_INFINITY));
        } else if (isText(param)) {
            wrong.add(null);
            if (isColumn(param)) {
                wrong.addAll(List.of("", "  "));
            } else if (!isFree(stage, param)) {
                wrong.addAll(List.of("", "no such value"));
            }
        }
        return wrong;
    }

    private static boolean isText(Param<?> param) {
        return !(param instanceof BooleanParam || param instanceof IntArrayParam || param instanceof DoubleArrayParam
                || param instanceof StringArrayParam);
    }

    static boolean isColumn(Param<?> param) {
        return param.name().endsWith("Col");
    }

    /** A text that may be left empty, such as a path, may be anything; others are one of a few. */
    private static boolean isFree(PipelineStage stage, Param<?> param) {
        return stage.hasDefault(param) && "".equals(stage.getDefault(param).get());
    }

    static boolean isValid(Param<?> param, Object value) {
        try {
            Subject.map(param, value);
            return true;
        } catch (IllegalArgumentException | NullPointerException e) { // the latter is Spark's own word on null
            return false;
        }
    }
}
