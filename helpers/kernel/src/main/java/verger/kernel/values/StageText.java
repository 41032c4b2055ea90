package verger.kernel.values;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** A stage of Spark ML with the params that are set: not those that have their defaults, which explainParams() lists. */
final class StageText {

    private StageText() {
    }

    /** The stage in a line, inside of another value. */
    static String line(Params stage, Function<Object, String> text) {
        return stage.getClass().getSimpleName() + set(stage).entrySet().stream()
                .map(param -> param.getKey() + "=" + text.apply(param.getValue())).collect(Collectors.joining(", ", "(", ")"));
    }

    /** The stage alone: a line for each param. */
    static String text(Params stage) {
        String title = stage.getClass().getSimpleName() + " " + stage.uid();
        Map<String, Object> set = set(stage);
        return title + (set.isEmpty() ? "\n  " + nothing() : set.entrySet().stream()
                .map(param -> "\n  " + param.getKey() + " = " + ValueText.of(param.getValue()).replace("\n", "\n    "))
                .collect(Collectors.joining()));
    }

    static String html(Params stage) {
        StringBuilder html = new StringBuilder("<p><b>").append(Html.escaped(stage.getClass().getSimpleName()))
                .append("</b> <code>").append(Html.escaped(stage.uid())).append("</code></p>");
        Map<String, Object> set = set(stage);
        if (set.isEmpty()) {
            return html.append("<p>").append(nothing()).append("</p>").toString();
        }
        html.append("<table class=\"dataframe\"><tbody>");
        set.forEach((name, value) -> html.append("<tr><th>").append(Html.escaped(name))
                .append("</th><td style=\"text-align: left; white-space: pre-wrap\">")
                .append(Html.escaped(ValueText.of(value))).append("</td></tr>"));
        return html.append("</tbody></table>").toString();
    }

    private static String nothing() {
        return "no param is set: explainParams() lists all of them with their defaults";
    }

    private static Map<String, Object> set(Params stage) {
        Map<String, Object> set = new LinkedHashMap<>();
        if (stage instanceof PipelineModel pipeline) { // what it is made of is none of its params
            set.put("stages", pipeline.stages());
        }
        for (Param<?> param : stage.params()) {
            if (stage.isSet(param)) {
                set.put(param.name(), stage.get(param).get());
            }
        }
        return set;
    }
}
