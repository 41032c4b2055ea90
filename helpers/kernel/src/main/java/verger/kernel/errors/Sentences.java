package verger.kernel.errors;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import verger.kernel.cells.Causes;

/** The sentence of an exception that says what went wrong, without what only its authors understand. */
final class Sentences {

    /** Spark's name of an error before its sentence, and of its standard behind it. */
    private static final Pattern ERROR_CLASS = Pattern.compile("^\\[[A-Z][A-Z0-9_.]+] ");
    private static final Pattern SQL_STATE = Pattern.compile(" ?SQLSTATE: \\w{5}\\.?");

    private static final Pattern POSITION = Pattern.compile(";? line \\d+ pos \\d+;?\\s*$");
    /** JShell's classes, where a user knows a name alone. */
    private static final Pattern OF_SNIPPET = Pattern.compile("REPL\\.\\$JShell\\$\\d+[A-Z]*[.$]");
    /** Of a ClassCastException. */
    private static final Pattern MODULES = Pattern.compile(" \\([^()]* (?:is|are) in (?:unnamed )?module .*\\)$");

    private Sentences() {
    }

    /** Of the exception itself if it has one, or else of its first cause that has. */
    static String of(Throwable e) {
        List<Throwable> causes = Causes.of(e);
        for (Throwable cause : causes) {
            String message = Causes.message(cause);
            Throwable next = Causes.next(cause);
            boolean only = next != null && (cause instanceof InvocationTargetException
                    || cause instanceof UndeclaredThrowableException || cause instanceof ExecutionException
                    || cause instanceof CompletionException || isOf(next, message));
            if (!only && message != null && !message.isBlank()) {
                String sentence = plain(message);
                return cause == e ? sentence : sentence + " (" + cause.getClass().getSimpleName() + ")";
            }
        }
        Throwable last = causes.get(causes.size() - 1);
        return last == e ? "" : last.getClass().getSimpleName();
    }

    /** Whether a message is the one that an exception has by itself if it is given a cause alone. */
    private static boolean isOf(Throwable cause, String message) {
        try {
            return cause.toString().equals(message);
        } catch (RuntimeException | Error broken) { // it asks for the cause's message
            return false;
        }
    }

    /** The first paragraph of a message, in a line. */
    static String plain(String message) {
        String text = ERROR_CLASS.matcher(message.strip()).replaceFirst("");
        int plan = text.indexOf(";\n"); // below is Spark's plan of the query
        if (plan >= 0) {
            text = text.substring(0, plan);
        }
        text = POSITION.matcher(text).replaceFirst(""); // of a query, which the cell shows
        int trace = text.indexOf("\n\tat ");
        if (trace >= 0) {
            text = text.substring(0, trace);
        }
        text = MODULES.matcher(OF_SNIPPET.matcher(text).replaceAll("")).replaceFirst("");
        text = SQL_STATE.matcher(text.split("\n\\s*\n", 2)[0]).replaceAll("");
        // Of a parse error, whose query is shown with a mark in it.
        return text.split("\n== SQL", 2)[0].replaceAll("\\s*\n\\s*", " ").strip();
    }
}
