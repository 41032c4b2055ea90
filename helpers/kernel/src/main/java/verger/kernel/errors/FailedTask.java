package verger.kernel.errors;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import verger.kernel.cells.Causes;

/**
 * What a Spark job says of the task that it was aborted for, in a message of many lines: the task, where it ran, and what it threw.
 *
 * @param where  such as {@code task 3 of stage 5 on executor 2 (10.0.0.7)}
 * @param thrown class and message of what went wrong first, or what Spark says of an executor that is gone
 * @param frames of it
 */
record FailedTask(String where, String thrown, StackTraceElement[] frames) {

    private static final Pattern ABORTED = Pattern.compile(
            "(?s).*?Task (\\d+) in stage ([\\d.]+) failed \\d+ times?, most recent failure: Lost task [^(]*\\(TID \\d+\\) "
                    + "\\(([^ )]+)(?: executor (\\w+))?\\): (.*)");
    private static final Pattern FRAME = Pattern.compile(
            "\\s*at (?:[\\w.-]+/)*([\\w.$/]+)\\.([\\w$<>]+)\\(([^:)]*)(?::(\\d+))?\\)\\s*");
    private static final String CAUSED_BY = "Caused by: ";

    /** The failure of a task among the causes of an exception; null if no job was aborted for one. */
    static FailedTask in(Throwable e) {
        for (Throwable cause : Causes.of(e)) {
            if (cause instanceof SparkException && cause.getMessage() != null) {
                Matcher aborted = ABORTED.matcher(cause.getMessage());
                if (aborted.matches()) {
                    return of(aborted);
                }
            }
        }
        return null;
    }

    private static FailedTask of(Matcher aborted) {
        String said = aborted.group(5);
        int driver = said.indexOf("\n\nDriver stacktrace:");
        List<String> lines = (driver < 0 ? said : said.substring(0, driver)).lines().toList();
        int root = 0;
        for (int i = 0; i < lines.size(); i++) {
            root = lines.get(i).startsWith(CAUSED_BY) ? i : root;
        }
        StringBuilder thrown = new StringBuilder(lines.isEmpty() ? "" : lines.get(root).replaceFirst("^" + CAUSED_BY, ""));
        List<StackTraceElement> frames = new ArrayList<>();
        boolean message = true;
        for (int i = 0; i < lines.size(); i++) {
            Matcher frame = FRAME.matcher(lines.get(i));
            if (frame.matches()) {
                frames.add(new StackTraceElement(frame.group(1).replace('/', '.'), frame.group(2), frame.group(3),
                        frame.group(4) == null ? -1 : Integer.parseInt(frame.group(4))));
                message &= i < root;
            } else if (i > root && message) {
                thrown.append('\n').append(lines.get(i));
            }
        }
        String where = "task " + aborted.group(1) + " of stage " + aborted.group(2).replaceFirst("\\.0$", "")
                + (aborted.group(4) == null || aborted.group(4).equals("driver") ? ""
                        : " on executor " + aborted.group(4) + " (" + aborted.group(3) + ")");
        return new FailedTask(where, thrown.toString(), frames.toArray(StackTraceElement[]::new));
    }

    /** Class and message in a line, and where. */
    String sentence() {
        Matcher named = Pattern.compile("(?s)^(?:[\\w$]+\\.)*([\\w$]+(?:Exception|Error|Throwable)[\\w$]*)(?:: (.*))?$")
                .matcher(thrown);
        String text = !named.matches() ? Sentences.plain(thrown)
                : named.group(2) == null ? named.group(1) : named.group(1) + ": " + Sentences.plain(named.group(2));
        return text + " (in " + where + ")";
    }
}
