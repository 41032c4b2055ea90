package verger.kernel.cells;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;

/**
 * Keeps the values of variables that JShell would set back to null or 0, and says which it could not keep, and what else a new
 * definition has broken.
 *
 * <p>When a cell defines a variable, a method or a class anew, JShell compiles all that names it again, and a variable among that
 * has a new class then, in which it was never set. That class is there before the new definition runs, which may read the variable.
 */
final class KeptVariables {

    /** A variable, and the class that has its value. */
    private record Known(VarSnippet variable, String className) {
    }

    private final CellLoader loader;
    /** By the id of the snippet. */
    private final Map<String, Known> variables = new HashMap<>();
    /** The ids of those whose values were copied since the last evaluation began. */
    private final Set<String> copied = new HashSet<>();
    /** What is to be said of a variable, a method or a class, by the id of its snippet. */
    private final Map<String, String> notes = new LinkedHashMap<>();

    KeptVariables(CellLoader loader) {
        this.loader = loader;
    }

    /** Before a statement runs that may read variables: gives those their values that have a new class. */
    synchronized void copyBefore(Class<?> statement) {
        for (Map.Entry<String, Known> each : variables.entrySet()) {
            Known known = each.getValue();
            String now = Snippets.className(known.variable);
            if (!now.equals(known.className) && !now.equals(statement.getName())
                    && copy(known.className, now, known.variable.name())) {
                each.setValue(new Known(known.variable, now));
                copied.add(each.getKey());
            }
        }
    }

    /** Looks at the events of one evaluation. */
    synchronized void keep(JShell shell, List<SnippetEvent> events) {
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null || event.status() == Status.VALID) {
                notes.remove(event.snippet().id());
            }
        }
        for (SnippetEvent event : events) {
            String cause = event.causeSnippet() == null ? null
                    : event.causeSnippet() instanceof PersistentSnippet named ? named.name() : "another cell";
            if (event.snippet() instanceof VarSnippet variable && event.status() != Status.OVERWRITTEN) {
                keep(variable, event, cause);
            } else if (cause != null && event.snippet() instanceof DeclarationSnippet broken) {
                sayIfBroken(shell, broken, event.status(), cause);
            }
        }
        copied.clear();
    }

    /** @param cause null if the variable's own definition was evaluated */
    private void keep(VarSnippet variable, SnippetEvent event, String cause) {
        Known before = variables.get(variable.id());
        boolean waited = before == null && !event.previousStatus().isDefined(); // for its class, and was never set
        if (cause != null && !variable.name().startsWith("$") && !waited) {
            notes.put(variable.id(), said(variable, event.status(), before, cause));
        }
        if (event.status().isDefined()) {
            variables.put(variable.id(), new Known(variable, Snippets.className(variable)));
        }
    }

    private String said(VarSnippet variable, Status status, Known before, String cause) {
        if (!status.isDefined()) {
            return variable.name() + " is gone, since " + cause + " is another now: define it again";
        }
        if (copied.contains(variable.id())
                || before != null && copy(before.className, Snippets.className(variable), variable.name())) {
            return variable.name() + " was made with the earlier " + cause
                    + " and keeps its value: run its cell again to renew it";
        }
        return variable.name() + " was reset, since " + cause + " is another now: run its cell again";
    }

    /** A method or a class that waits for names says which; one that does not, and is not valid, does not fit what is new. */
    private void sayIfBroken(JShell shell, DeclarationSnippet snippet, Status status, String cause) {
        if (status != Status.RECOVERABLE_DEFINED && status != Status.RECOVERABLE_NOT_DEFINED && status != Status.REJECTED) {
            return;
        }
        if (!waits(shell, snippet)) {
            notes.put(snippet.id(), snippet.name() + " does not fit the new " + cause + ": define it again");
        }
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
    synchronized boolean waits(JShell shell, DeclarationSnippet snippet) {
        if (shell.unresolvedDependencies(snippet).findAny().isEmpty()) {
            return false;
        }
        notes.put(snippet.id(), Snippets.waits(shell, snippet));
        return true;
    }

    /** The sentences since this was asked last. */
    synchronized List<String> notes() {
        List<String> said = new ArrayList<>(notes.values());
        notes.clear();
        return said;
    }
}
