package verger.kernel.help;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import verger.kernel.cells.CellText;
import verger.kernel.values.Html;

/**
 * What Shift-Tab shows: the signatures and the documentation of the name that the cursor is in or behind, or of the call whose
 * parentheses it is in.
 */
public final class Help {

    /** @param text null if there is none */
    private record Entry(String signature, DocText text) {
    }

    private final JShell shell;
    private final Types types;
    private final Docs docs;

    /**
     * @param loader         finds the classes that cells may use, and the documentation in our JARs
     * @param sourcesOfSpark folder of jars; it need not exist
     */
    public Help(JShell shell, Supplier<ClassLoader> loader, Path sourcesOfSpark) {
        this.shell = shell;
        types = new Types(shell, loader);
        docs = new Docs(loader, sourcesOfSpark);
    }

    /**
     * Describes what is at a place of a cell.
     *
     * @param cursor in characters as Jupyter counts them: code points
     * @return null if nothing is known there
     */
    public DisplayData inspect(String code, int cursor) {
        int at = code.offsetByCodePoints(0, Math.min(cursor, code.codePointCount(0, code.length())));
        CellText text = CellText.of(code);
        if (text.partAt(at) == CellText.Part.COMMENT || !CellContext.isJava(code)) {
            return null;
        }
        List<Entry> found = text.partAt(at) == CellText.Part.CODE ? ofName(text, at) : List.of();
        for (int open = text.openParenthesis(at); found.isEmpty() && open >= 0; open = text.openParenthesis(open)) {
            found = ofCall(text, open, at);
        }
        return found.isEmpty() ? null : shown(found);
    }

    private static DisplayData shown(List<Entry> found) {
        StringBuilder text = new StringBuilder();
        StringBuilder html = new StringBuilder();
        for (Entry entry : found) {
            // The nearest is what is asked for; of the others, what they are.
            DocText doc = entry.text() == null || entry.equals(found.get(0)) ? entry.text() : entry.text().first();
            boolean hasText = doc != null && !doc.isEmpty();
            text.append(text.isEmpty() ? "" : "\n\n").append(entry.signature()).append(hasText ? "\n" + doc.text() : "");
            html.append("<p><b><code>").append(Html.escaped(entry.signature())).append("</code></b></p>")
                    .append(hasText ? doc.html() : "");
        }
        DisplayData data = new DisplayData(text.toString());
        data.putHTML(html.toString());
        return data;
    }

    private List<Entry> ofName(CellText text, int at) {
        int start = text.nameStart(at);
        int end = text.nameEnd(start);
        if (start == end) {
            if (text.isAt(at - 1, '.')) { // nothing is written behind it yet
                return at == 1 ? List.of() : ofName(text, text.blanksBefore(at - 1));
            }
            int open = text.isAt(at - 1, ')') ? text.opening(at - 1) : -1;
            return open < 0 ? List.of() : ofCall(text, open, at);
        }
        String name = text.code().substring(start, end);
        if (!SourceVersion.isIdentifier(name) || SourceVersion.isKeyword(name)) {
            return List.of();
        }
        int next = text.blanksAfter(end);
        CellContext context = CellContext.before(text.code(), end, shell, types);
        String expression = text.code().substring(text.expressionStart(end), end);
        if (expression.startsWith("new ")) {
            return ofType(expression.substring("new ".length()).strip(), context);
        }
        if (text.isAt(next, '(')) {
            return ofCall(text, next, at);
        }
        List<Entry> found = Character.isUpperCase(name.charAt(0)) ? ofType(expression, context) : List.of();
        if (found.isEmpty()) {
            found = ofVariable(text, end, context);
        }
        int colons = text.blanksBefore(start);
        if (found.isEmpty() && text.isAt(colons - 1, ':') && text.isAt(colons - 2, ':')) {
            String of = text.code().substring(text.expressionStart(colons - 2), colons - 2);
            List<Class<?>> owners = types.of(of, context).map(Types::hierarchy).orElse(List.of());
            found = ofMethods(context.withImports(of + "." + name + "("), owners);
            return found.isEmpty() ? ofMethods("((" + context.withImports(of + ") null).") + name + "(", owners) : found;
        }
        return found.isEmpty() ? entries(ofCall(context, expression), owners(text, end, context)) : found;
    }

    private List<Entry> ofType(String written, CellContext context) {
        Optional<Class<?>> type = types.written(written, context);
        String known = context.withImports(written + " ").strip();
        List<Entry> found = new ArrayList<>();
        for (Documentation header : shell.sourceCodeAnalysis().documentation(known, known.length(), true)) {
            if (header.signature().indexOf('(') < 0 && header.signature().indexOf(':') < 0) {
                String kind = type.map(Help::kind).orElse("class");
                DocText text = type.flatMap(docs::ofType).orElseGet(() -> jdkText(header));
                found.add(new Entry(kind + " " + header.signature(), text));
            }
        }
        if (!found.isEmpty()) {
            found.addAll(ofMethods("new " + known + "(", type.map(Types::hierarchy).orElse(List.of())));
        }
        return found;
    }

    private static String kind(Class<?> type) {
        return type.isAnnotation() ? "@interface" : type.isInterface() ? "interface" : type.isEnum() ? "enum"
                : type.isRecord() ? "record" : "class";
    }

    private static DocText jdkText(Documentation header) {
        return header.javadoc() == null ? null : DocText.of(header.javadoc());
    }

    /** A variable or a field, whose description is its name, a colon and its type. */
    private List<Entry> ofVariable(CellText text, int end, CellContext context) {
        String code = context.code("");
        List<Entry> found = new ArrayList<>();
        for (Documentation variable : shell.sourceCodeAnalysis().documentation(code, code.length(), true)) {
            int colon = variable.signature().indexOf(':');
            if (colon > 0) {
                String name = variable.signature().substring(0, colon);
                String type = variable.signature().substring(colon + 1);
                Optional<DocText> own = name.contains(".")
                        ? owners(text, end, context).stream()
                                .flatMap(owner -> docs.ofField(owner, name.substring(name.lastIndexOf('.') + 1)).stream())
                                .findFirst()
                        : types.written(type.replaceAll("<.*|\\[.*", ""), context).flatMap(docs::ofType).map(DocText::first);
                found.add(new Entry(type + " " + name, own.orElseGet(() -> jdkText(variable))));
            }
        }
        return found;
    }

    /** @param at the cursor: what stands before it in the parentheses makes some methods nearer than others */
    private List<Entry> ofCall(CellText text, int open, int at) {
        int end = text.blanksBefore(open);
        int start = text.nameStart(end);
        String name = text.code().substring(start, end);
        if (name.isEmpty() || SourceVersion.isKeyword(name)) {
            return List.of();
        }
        CellContext context = CellContext.before(text.code(), end, shell, types);
        List<Class<?>> owners = owners(text, end, context);
        List<Documentation> all = ofCall(context, text.code().substring(text.expressionStart(end), end));
        if (all.size() > 1 && at > open + 1) {
            String given = text.code().substring(end, text.partAt(at) == CellText.Part.TEXT ? text.startAt(at) - 1 : at);
            Set<String> near = documentation(context.code(context.withImports(given + " ").stripTrailing())).stream()
                    .map(Documentation::signature).collect(Collectors.toSet());
            all = all.stream()
                    .sorted((one, other) -> Boolean.compare(near.contains(other.signature()), near.contains(one.signature())))
                    .toList();
        }
        return entries(all, owners);
    }

    private List<Documentation> ofCall(CellContext context, String expression) {
        List<Documentation> all = documentation(context.code("("));
        return all.isEmpty() ? documentation(context.alone(expression + "(")) : all;
    }

    private List<Documentation> documentation(String code) {
        return shell.sourceCodeAnalysis().documentation(code, code.length(), true);
    }

    private List<Entry> ofMethods(String code, List<Class<?>> owners) {
        return entries(documentation(code), owners);
    }

    private List<Entry> entries(List<Documentation> methods, List<Class<?>> owners) {
        List<Entry> entries = new ArrayList<>();
        for (Documentation method : methods) {
            Signature.parse(method.signature()).ifPresent(signature -> {
                Optional<Docs.Method> own = docs.ofMethod(owners, signature);
                Signature shown = Types.withSelf(own.map(Docs.Method::signature).orElse(signature), owners);
                entries.add(new Entry(shown.text(), own.map(Docs.Method::text).orElseGet(() -> jdkText(method))));
            });
        }
        return entries.stream().distinct().toList();
    }

    /** The classes that may have a method: that of what stands before its name, or those that are imported. */
    private List<Class<?>> owners(CellText text, int end, CellContext context) {
        String expression = text.code().substring(text.expressionStart(end), end);
        if (expression.startsWith("new ")) {
            return types.written(expression.substring("new ".length()).strip(), context).map(Types::hierarchy)
                    .orElse(List.of());
        }
        int dot = text.blanksBefore(text.nameStart(end)) - 1;
        if (text.isAt(dot, '.')) {
            String receiver = text.code().substring(text.expressionStart(dot), dot).strip();
            return types.of(receiver, context).map(Types::hierarchy).orElse(List.of());
        }
        String name = text.code().substring(text.nameStart(end), end);
        List<Class<?>> imported = new ArrayList<>();
        shell.imports().filter(ImportSnippet::isStatic).map(one -> one.fullname().replaceAll("\\.[^.]*$", ""))
                .forEach(of -> types.named(of).ifPresent(imported::add));
        context.qualified(name + "(").flatMap(full -> types.named(full.replaceAll("\\.[^.]*$", ""))).ifPresent(imported::add);
        return imported;
    }
}
