package verger.kernel.cells;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;

/**
 * Keeps the values of variables that JShell would set back to null or 0, and says which it could not keep.
 *
 * <p>When a cell defines a variable, a method or a class anew, JShell compiles all that names it again, and a variable among that
 * has a new class then, in which it was never set.
 */
final class KeptVariables {

    private final CellLoader loader;
    /** The class that has a variable, by the id of its snippet. */
    private final Map<String, String> classes = new HashMap<>();
    /** What is to be said of a variable or method, by its name. */
    private final Map<String, String> notes = new LinkedHashMap<>();

    KeptVariables(CellLoader loader) {
        this.loader = loader;
    }

    /** Looks at the events of one evaluation. */
    void keep(List<SnippetEvent> events) {
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null && event.snippet() instanceof PersistentSnippet named) {
                notes.remove(named.name());
            }
        }
        for (SnippetEvent event : events) {
            if (!(event.snippet() instanceof VarSnippet variable) || event.status() == Snippet.Status.OVERWRITTEN) {
                continue;
            }
            String before = classes.get(variable.id());
            if (event.status().isDefined()) {
                classes.put(variable.id(), Snippets.className(variable));
            }
            if (event.causeSnippet() != null && !variable.name().startsWith("$")) {
                String cause = event.causeSnippet() instanceof PersistentSnippet named ? named.name() : "another cell";
                notes.put(variable.name(), said(variable, event, before, cause));
            }
        }
    }

    private String said(VarSnippet variable, SnippetEvent event, String before, String cause) {
        if (!event.status().isDefined()) {
            return variable.name() + " is gone, since " + cause + " is another now: define it again";
        }
        if (before != null && copy(before, Snippets.className(variable), variable.name())) {
            return variable.name() + " was made with the earlier " + cause
                    + " and keeps its value: run its cell again to renew it";
        }
        return variable.name() + " was reset, since " + cause + " is another now: run its cell again";
    }

    /** Whether the variable has its value in the new class, too. */
    private boolean copy(String from, String to, String name) {
        try {
            Field old = loader.findClass(from).getDeclaredField(name);
            Field now = loader.findClass(to).getDeclaredField(name);
            if (old.getType() != now.getType()) {
                return false;
            }
            old.setAccessible(true);
            now.setAccessible(true);
            now.set(null, old.get(null));
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /** Whether a declaration waits for names that no cell has defined yet. */
    boolean waits(JShell shell, DeclarationSnippet snippet) {
        if (shell.unresolvedDependencies(snippet).findAny().isEmpty()) {
            return false;
        }
        notes.put(snippet.name(), Snippets.waits(shell, snippet));
        return true;
    }

    /** The sentences since this was asked last. */
    List<String> notes() {
        List<String> said = new ArrayList<>(notes.values());
        notes.clear();
        return said;
    }
}
