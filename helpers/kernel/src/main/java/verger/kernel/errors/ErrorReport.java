package verger.kernel.errors;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.UnresolvedReferenceException;
import org.apache.commons.lang3.StringUtils;
import org.dflib.jjava.jupyter.kernel.magic.UndefinedMagicException;
import verger.kernel.cells.Causes;
import verger.kernel.cells.CellFailure;
import verger.kernel.cells.Place;
import verger.kernel.cells.Snippets;
import verger.kernel.values.Html;

/**
 * What a cell shows of a failure: its line, what went wrong there in a sentence, and the way out where one is known.
 *
 * @param name  simple name of the exception's class
 * @param value its message
 * @param lines at most {@value #MOST_LINES}, with a terminal's colours
 * @param trace all that is known, as Java prints it; empty where the lines say all
 */
public record ErrorReport(String name, String value, List<String> lines, String trace) {

    static final int MOST_LINES = 10;

    private static final int MOST_CHARACTERS = 500;
    private static final int MOST_ERRORS = 3;
    private static final int MOST_PLACES = 4;
    private static final String OF_A_MAGIC = "Exception running ";
    private static final String RED = "\u001B[1m\u001B[31m";
    private static final String MARK = "\u001B[4m\u001B[31m";
    private static final String BOLD = "\u001B[1m";
    private static final String PLAIN = "\u001B[0m";

    /** Finds the lines of cells in the stacks of one shell. */
    public record Cells(JShell shell, Snippets snippets) {

        List<Place> places(StackTraceElement[] frames) {
            return Arrays.stream(frames).flatMap(frame -> snippets.place(frame).stream()).distinct().toList();
        }
    }

    /** Describes a failure. */
    public static ErrorReport of(Throwable failure, Cells cells) {
        if (failure instanceof CellFailure.NotCompiled refused) {
            return notCompiled(refused, cells);
        }
        if (failure instanceof CellFailure.Thrown) {
            return thrown(failure.getCause(), ((CellFailure) failure).place().orElse(null), cells);
        }
        if (failure instanceof CellFailure said) {
            String name = said.getClass().getSimpleName();
            return new ErrorReport(name, said.getMessage(), lines(said.place().orElse(null), name, said.getMessage()), "");
        }
        return thrown(failure, null, cells);
    }

    private static ErrorReport notCompiled(CellFailure.NotCompiled failure, Cells cells) {
        List<Diag> errors = cells.shell.diagnostics(failure.snippet()).filter(Diag::isError).toList();
        List<String> lines = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (Diag error : errors.subList(0, Math.min(MOST_ERRORS, errors.size()))) {
            Place place = cells.snippets.place(failure.snippet(), error.getPosition()).or(failure::place).orElse(null);
            String sentence = Snippets.sentence(error);
            said.add(sentence);
            if (place != null) {
                String marked = cells.snippets.line(failure.snippet(), error.getStartPosition(), error.getEndPosition(),
                        MARK, PLAIN);
                lines.add(BOLD + place + PLAIN + ": " + cut(marked, MOST_CHARACTERS));
            }
            lines.add(RED + sentence + PLAIN);
        }
        if (errors.size() > MOST_ERRORS) {
            lines.add((errors.size() - MOST_ERRORS) + " more errors");
        }
        String value = said.isEmpty() ? "The cell does not compile" : String.join("; ", said);
        return new ErrorReport("CompilationException", value, lines.isEmpty() ? List.of(value) : lines, "");
    }

    private static ErrorReport thrown(Throwable e, Place place, Cells cells) {
        if (e instanceof UnresolvedReferenceException unresolved) {
            String value = Snippets.waits(cells.shell, unresolved.getSnippet());
            return new ErrorReport("UnresolvedReferenceException", value, lines(place, "UnresolvedReferenceException", value),
                    "");
        }
        if (e instanceof UndefinedMagicException) {
            String value = e.getMessage() + ": %lsmagic lists those that there are";
            return new ErrorReport("UndefinedMagicException", value, lines(place, "UndefinedMagicException", value), "");
        }
        Throwable ofMagic = String.valueOf(Causes.message(e)).startsWith(OF_A_MAGIC) ? Causes.next(e) : null;
        if (ofMagic != null) {
            return ofMagic instanceof CellFailure within ? of(within, cells) : thrown(ofMagic, place, cells);
        }
        FailedTask task = FailedTask.in(e);
        String name = e.getClass().getSimpleName().replaceFirst("^Extended", ""); // Spark's own way to hand on a plan
        String root = task != null ? task.sentence() : Sentences.of(e);
        List<Throwable> causes = Causes.of(e);
        List<Place> places = new ArrayList<>(cells.places(e.getStackTrace()));
        if (task != null) {
            places.addAll(0, cells.places(task.frames()));
        } else {
            causes.stream().skip(1).forEach(cause -> places.addAll(0, cells.places(cause.getStackTrace())));
        }
        List<String> lines = new ArrayList<>(outermostFirst(places, place).stream().map(ErrorReport::line).toList());
        lines.addAll(lines(null, name, root));
        Throwable last = causes.get(causes.size() - 1);
        String first = Sentences.of(last);
        if (task == null && !root.contains(first) && !Advice.isOwn(e)) {
            lines.add("caused by " + last.getClass().getSimpleName() + ": "
                    + cut(first, MOST_CHARACTERS));
        }
        Optional.ofNullable(Advice.of(e, task)).ifPresent(lines::add);
        return new ErrorReport(name, root, lines, trace(e));
    }

    /** The line of the cell that ran, and the last lines of the way from there to where it was thrown. */
    private static List<Place> outermostFirst(List<Place> innermostFirst, Place known) {
        List<Place> places = new ArrayList<>(new LinkedHashSet<>(innermostFirst));
        Collections.reverse(places);
        if (places.isEmpty() && known != null) {
            places.add(known);
        }
        if (places.size() > 1) { // what stands below it says more
            places.removeIf(place -> place.text().startsWith("%%"));
        }
        if (places.size() > MOST_PLACES) {
            places.subList(1, places.size() - MOST_PLACES + 1).clear();
        }
        return places;
    }

    private static String line(Place place) {
        return BOLD + place + PLAIN + ": " + cut(place.text(), MOST_CHARACTERS);
    }

    private static List<String> lines(Place place, String name, String sentence) {
        List<String> lines = new ArrayList<>();
        if (place != null) {
            lines.add(line(place));
        }
        lines.add(RED + name + PLAIN + (sentence.isEmpty() ? "" : ": ") + cut(sentence, 2 * MOST_CHARACTERS));
        return lines;
    }

    private static String trace(Throwable e) {
        StringWriter trace = new StringWriter();
        PrintWriter to = new PrintWriter(trace);
        try {
            e.printStackTrace(to);
        } catch (RuntimeException | Error broken) { // it asks for the messages
            trace.getBuffer().setLength(0);
            Causes.of(e).forEach(cause -> {
                to.println(cause.getClass().getName() + ": " + Causes.message(cause));
                Arrays.stream(cause.getStackTrace()).forEach(frame -> to.println("\tat " + frame));
            });
        }
        return trace.toString();
    }

    private static String cut(String text, int most) {
        return StringUtils.abbreviate(Objects.toString(text, ""), "…", most);
    }

    /** For a notebook, where the trace is folded below the lines; null if there is none. */
    public String html() {
        if (trace.isEmpty()) {
            return null;
        }
        return "<details><summary>The whole trace, " + trace.lines().count() + " lines</summary><pre>" + Html.escaped(trace)
                + "</pre></details>";
    }
}
