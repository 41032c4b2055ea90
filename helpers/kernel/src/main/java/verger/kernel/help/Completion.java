package verger.kernel.help;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import jdk.jshell.VarSnippet;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import verger.kernel.cells.CellText;

/** What Tab offers: what a Java person writes there first, and nothing that only the compiler of Scala has names for. */
public final class Completion {

    private static final Pattern MAGIC = Pattern.compile("%{1,2}[\\w-]*");

    private final JShell shell;
    private final Types types;
    private final BiFunction<String, Integer, ReplacementOptions> magics;

    /**
     * @param loader finds the classes that cells may use
     * @param magics completes a magic in a cell, at a place of it
     */
    public Completion(JShell shell, Supplier<ClassLoader> loader, BiFunction<String, Integer, ReplacementOptions> magics) {
        this.shell = shell;
        this.magics = magics;
        types = new Types(shell, loader);
    }

    /**
     * Completes what is before a place of a cell.
     *
     * @param cursor in characters as Jupyter counts them: code points
     * @return what may stand there, of which none may be; its places are counted in the same way
     */
    public ReplacementOptions complete(String code, int cursor) {
        int at = code.offsetByCodePoints(0, Math.min(cursor, code.codePointCount(0, code.length())));
        ReplacementOptions found = of(code, at);
        return new ReplacementOptions(found.getReplacements(), code.codePointCount(0, found.getSourceStart()),
                code.codePointCount(0, found.getSourceEnd()));
    }

    private ReplacementOptions of(String code, int at) {
        CellText text = CellText.of(code);
        String line = code.substring(code.lastIndexOf('\n', at - 1) + 1, at);
        return switch (text.partAt(at)) {
            case COMMENT, CHARACTER -> nothing(at);
            case TEXT -> new ReplacementOptions(LiteralCompletion.of(text, at), text.startAt(at), at);
            case CODE -> {
                if (MAGIC.matcher(line).matches()) {
                    yield Optional.ofNullable(magics.apply(code, at)).orElseGet(() -> nothing(at));
                }
                yield CellContext.isJava(code) ? ofCode(text, at) : nothing(at);
            }
        };
    }

    private static ReplacementOptions nothing(int at) {
        return new ReplacementOptions(List.of(), at, at);
    }

    private ReplacementOptions ofCode(CellText text, int at) {
        CellContext context = CellContext.before(text.code(), at, shell, types);
        int dot = text.blanksBefore(text.nameStart(at)) - 1;
        boolean isMember = text.isAt(dot, '.');
        int expression = isMember ? text.expressionStart(dot) : text.nameStart(at);
        Class<?> type = isMember ? types.of(text.code().substring(expression, dot).strip(), context).orElse(null) : null;
        String code = context.code();
        int[] anchor = new int[1];
        List<Suggestion> suggestions = shell.sourceCodeAnalysis().completionSuggestions(code, code.length(), anchor);
        // Of an unfinished statement, such as an if without its end, JShell may have understood nothing.
        if (suggestions.isEmpty()
                || type != null && suggestions.stream().map(MemberOrder::nameOf).noneMatch(Types.members(type)::contains)) {
            code = context.alone(text.code().substring(expression, at));
            suggestions = shell.sourceCodeAnalysis().completionSuggestions(code, code.length(), anchor);
        }
        int start = at - (code.length() - anchor[0]); // what is before may be longer than in the cell
        if (suggestions.isEmpty() || start < 0) {
            return nothing(at);
        }
        String typed = text.code().substring(start, at);
        Comparator<Suggestion> order = isMember
                ? MemberOrder.of(type, suggestions)
                : ofNames();
        List<String> options = suggestions.stream()
                .filter(suggestion -> typed.contains("$") || !suggestion.continuation().contains("$"))
                .filter(suggestion -> !MemberOrder.isInternal(suggestion.continuation()))
                .sorted(order).map(Suggestion::continuation).distinct().toList();
        return new ReplacementOptions(options, start, at);
    }

    /** What fits first, and of that the notebook's own names. */
    private Comparator<Suggestion> ofNames() {
        Set<String> own = Stream.concat(shell.variables().map(VarSnippet::name), shell.methods().map(MethodSnippet::name))
                .collect(Collectors.toCollection(HashSet::new));
        return Comparator.comparing((Suggestion suggestion) -> !suggestion.matchesType())
                .thenComparing(suggestion -> !own.contains(MemberOrder.nameOf(suggestion)));
    }
}
