package verger.kernel.help;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import verger.kernel.cells.CellText;

/**
 * What JShell is asked about: the statement that the cursor is in, after those of its cell that it may depend on.
 *
 * <p>JShell takes a cell for the body of a method, where neither an import nor a class nor a magic may stand. The names that the
 * imports of the cell would bring are written out.
 */
final class CellContext {

    private static final Pattern NAME = Pattern.compile("(?<![\\w$.])[A-Za-z_]\\w*");
    private static final Pattern IMPORT = Pattern.compile("import\\s+(static\\s+)?([\\w.]+?)\\.(\\w+|\\*)\\s*;?");

    /** What makes a look at each statement necessary. */
    private static final Pattern DECLARES = Pattern.compile("(?m)\\b(import|class|interface|enum|record)\\b|\\)[^;(]*\\{");

    private record Import(boolean isStatic, String of, String name) {
    }

    private final JShell shell;
    private final Types types;
    private final List<Import> imports = new ArrayList<>();
    private final StringBuilder kept = new StringBuilder();
    private String rest;
    private boolean isSplit;

    private CellContext(JShell shell, Types types) {
        this.shell = shell;
        this.types = types;
    }

    /**
     * The code before a place of a cell, as JShell understands it.
     *
     * @param end where it ends in the cell; what stands there is not completed
     */
    static CellContext before(String cell, int end, JShell shell, Types types) {
        CellContext context = new CellContext(shell, types);
        context.rest = withoutMagics(cell.substring(0, end));
        if (DECLARES.matcher(CellText.of(context.rest).masked()).find()) {
            context.split();
        }
        return context;
    }

    /** Whether a cell is no other language's, such as SQL, by its magic. */
    static boolean isJava(String cell) {
        return !cell.startsWith("%%") || cell.startsWith("%%time");
    }

    /** A blank line in the place of each magic. */
    private static String withoutMagics(String code) {
        Matcher line = Pattern.compile("(?m)^[ \\t]*%.*$").matcher(code);
        return line.replaceAll(found -> CellText.of(code).partAt(found.start()) == CellText.Part.CODE
                ? " ".repeat(found.end() - found.start())
                : Matcher.quoteReplacement(found.group()));
    }

    private void split() {
        isSplit = true;
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        CompletionInfo info = analysis.analyzeCompletion(rest);
        while (info.completeness().isComplete() && !info.remaining().isBlank()) {
            keep(info.source(), analysis);
            rest = info.remaining();
            info = analysis.analyzeCompletion(rest);
        }
    }

    private void keep(String source, SourceCodeAnalysis analysis) {
        Snippet.Kind kind = analysis.sourceToSnippets(source).stream().map(Snippet::kind).findFirst().orElse(null);
        if (kind == Snippet.Kind.IMPORT) {
            Matcher parts = IMPORT.matcher(source.strip());
            if (parts.matches()) {
                imports.add(new Import(parts.group(1) != null, parts.group(2), parts.group(3)));
            }
        } else if (kind != Snippet.Kind.TYPE_DECL && kind != Snippet.Kind.METHOD) {
            kept.append(source).append('\n');
        }
    }

    /** The statements and the beginning of the last one, with the names of the cell's own imports written out. */
    String code() {
        return code("");
    }

    /** The same with something behind it. */
    String code(String more) {
        return withImports(kept.toString()) + withImports(rest + more);
    }

    /** An expression without the statement that it is in, which may be too unfinished to be understood. */
    String alone(String expression) {
        if (!isSplit) {
            split();
        }
        return withImports(kept.toString()) + withImports(expression);
    }

    /** An expression, with the names of the cell's own imports written out. */
    String withImports(String code) {
        if (imports.isEmpty()) {
            return code;
        }
        String masked = CellText.of(code).masked();
        Matcher names = NAME.matcher(masked);
        StringBuilder written = new StringBuilder();
        int copied = 0;
        while (names.find()) {
            Optional<String> qualified =
                    names.end() == code.length() ? Optional.empty() : qualified(names.group(), masked, names.end());
            if (qualified.isPresent()) {
                written.append(code, copied, names.start()).append(qualified.get());
                copied = names.end();
            }
        }
        return written.append(code, copied, code.length()).toString();
    }

    /** The full name of a class, or of a method with its parenthesis, that only an import of this cell brings. */
    Optional<String> qualified(String name) {
        int end = name.endsWith("(") ? name.length() - 1 : name.length();
        return qualified(name.substring(0, end), name, end);
    }

    private Optional<String> qualified(String name, String code, int end) {
        boolean isCall = end < code.length() && code.charAt(end) == '(';
        return imports.stream().filter(one -> one.name().equals("*") || one.name().equals(name))
                .filter(one -> one.isStatic()
                        ? isCall && types.named(one.of()).filter(type -> Types.hasMethod(type, name)).isPresent()
                        : Character.isUpperCase(name.charAt(0)) && types.named(one.of() + "." + name).isPresent())
                .map(one -> one.of() + "." + name).findFirst();
    }
}
