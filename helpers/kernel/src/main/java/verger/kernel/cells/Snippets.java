package verger.kernel.cells;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.SnippetWrapper;

/** Knows from which lines of which cells JShell's snippets come, and the classes that it makes of them. */
public final class Snippets {

    /** A class of a snippet, or one within it: REPL.$JShell$12, REPL.$JShell$12B$Fruit. */
    private static final Pattern OF_SNIPPET = Pattern.compile("(REPL\\.\\$JShell\\$\\d+[A-Z]*)(?:\\$.*)?");

    /** A snippet begins at a position of a cell. */
    private record From(Cell cell, int position, String source) {

        /** Magics in a snippet make it longer than the text that the cell has, and leave its lines where they are. */
        Place place(int inSource) {
            int end = Math.max(0, Math.min(inSource, source.length()));
            int lines = (int) source.substring(0, end).chars().filter(c -> c == '\n').count();
            return new Place(cell, cell.lineAt(position) + lines);
        }
    }

    /** What JShell made of a snippet when the class was made. */
    private record Made(From from, SnippetWrapper wrapper) {
    }

    private static final Method CLASS_NAME;

    static {
        try {
            CLASS_NAME = Snippet.class.getDeclaredMethod("classFullName");
            CLASS_NAME.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** By the id of a snippet, which one that takes its place has, too. */
    private final Map<String, From> known = new ConcurrentHashMap<>();
    /** By the name of the class: what was made with an earlier definition still runs that. */
    private final Map<String, Made> classes = new ConcurrentHashMap<>();

    /** The name of the class that JShell makes of a snippet now; it has another one after each change. */
    static String className(Snippet snippet) {
        try {
            return (String) CLASS_NAME.invoke(snippet);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("This JDK's JShell is not the one that Verger knows", e);
        }
    }

    /** The sentence that says which names a declaration waits for, or why it is not valid where it waits for none. */
    public static String waits(JShell shell, DeclarationSnippet snippet) {
        String names = shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            return snippet.name() + " cannot be used until a cell defines " + names;
        }
        return snippet.name() + " cannot be used as it is: " + shell.diagnostics(snippet).filter(Diag::isError).findFirst()
                .map(Snippets::sentence).map(sentence -> sentence + ": ").orElse("") + "define it again";
    }

    /** The compiler's message in a line: {@code cannot find symbol: variable labl}. */
    public static String sentence(Diag error) {
        return String.join(": ", error.getMessage(null).lines().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("location:"))
                .map(line -> line.replaceFirst("^symbol:\\s+", "")).toList());
    }

    /** A snippet begins at a position of a cell. */
    void add(Snippet snippet, Cell cell, int position) {
        known.put(snippet.id(), new From(cell, position, snippet.source()));
    }

    /** A snippet, perhaps of an earlier cell, has a class now that it did not have before. */
    void hasClass(JShell shell, Snippet snippet) {
        From from = known.get(snippet.id());
        if (from != null && !(snippet instanceof ImportSnippet)) {
            classes.put(className(snippet), new Made(from, shell.sourceCodeAnalysis().wrapper(snippet)));
        }
    }

    /** Where a position of a snippet's source is. */
    public Optional<Place> place(Snippet snippet, long position) {
        return Optional.ofNullable(known.get(snippet.id())).map(from -> from.place((int) position));
    }

    /**
     * The line of a snippet's source where a part of it begins, without the blanks around it, with marks about the part; without
     * marks where the part is not of this line.
     */
    public String line(Snippet snippet, long start, long end, String mark, String unmark) {
        From from = known.get(snippet.id());
        if (from == null) {
            return "";
        }
        String source = from.cell.source();
        int begin = Math.min(source.length(), from.position + (int) Math.max(0, start));
        int stop = Math.min(source.length(), from.position + (int) Math.max(start, end));
        int lineStart = source.lastIndexOf('\n', begin - 1) + 1;
        int lineEnd = source.indexOf('\n', begin) < 0 ? source.length() : source.indexOf('\n', begin);
        String line = source.substring(lineStart, lineEnd);
        if (start < 0 || stop <= begin || stop > lineEnd || !source.startsWith(snippet.source().strip(), from.position)) {
            return from.place((int) start).text();
        }
        return (line.substring(0, begin - lineStart) + mark + source.substring(begin, stop) + unmark
                + source.substring(stop, lineEnd)).strip();
    }

    /** Where a frame of a stack is that belongs to a cell; none if it does not. */
    public Optional<Place> place(StackTraceElement frame) {
        Matcher of = OF_SNIPPET.matcher(frame.getClassName());
        Made made = of.matches() ? classes.get(of.group(1)) : null;
        if (made == null || frame.getLineNumber() < 1) {
            return Optional.empty();
        }
        return Optional.of(made.from.place(made.wrapper.wrappedToSourcePosition(
                startOfLine(made.wrapper.wrapped(), frame.getLineNumber()))));
    }

    private static int startOfLine(String text, int number) {
        int start = 0;
        for (int line = 1; line < number; line++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                return start;
            }
            start = end + 1;
        }
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        return start;
    }
}
