package verger.kernel.values;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;

/** What a session of Spark is: version, master, application and where its UI is. */
final class SessionText {

    private static final String UI = "UI";

    private SessionText() {
    }

    /** @param title name of the class that stands for the session */
    static String text(String title, SparkContext context) {
        return title + facts(context).entrySet().stream().map(fact -> "\n  " + fact.getKey() + ": " + fact.getValue())
                .collect(Collectors.joining());
    }

    static String html(String title, SparkContext context) {
        StringBuilder html = new StringBuilder("<p><b>").append(title)
                .append("</b></p><table class=\"dataframe\"><tbody>");
        facts(context).forEach((name, value) -> {
            String shown = Html.escaped(value);
            html.append("<tr><th>").append(name).append("</th><td style=\"text-align: left\">")
                    .append(name.equals(UI) && value.startsWith("http")
                            ? "<a href=\"" + shown + "\" target=\"_blank\">" + shown + "</a>"
                            : shown)
                    .append("</td></tr>");
        });
        return html.append("</tbody></table>").toString();
    }

    private static Map<String, String> facts(SparkContext context) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", context.version());
        facts.put("master", context.master());
        facts.put("application", context.appName() + " (" + context.applicationId() + ")");
        facts.put(UI, context.isStopped() ? "none, it is stopped: SparkSession.builder().getOrCreate() starts another"
                : context.uiWebUrl().isEmpty() ? "switched off (spark.ui.enabled)" : context.uiWebUrl().get());
        return facts;
    }
}
