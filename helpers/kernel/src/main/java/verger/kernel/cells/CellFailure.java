package verger.kernel.cells;

import java.util.Optional;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;

/** A cell did not do what it says. */
public abstract class CellFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Place place;

    CellFailure(String message, Place place, Throwable cause) {
        super(message, cause, false, false);
        this.place = place;
    }

    /** Where, as far as it is known. */
    public Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    /** A statement threw. The cause is what it threw, with its own type. */
    public static final class Thrown extends CellFailure {

        private static final long serialVersionUID = 1L;

        Thrown(Throwable thrown, Place place) {
            super(Causes.message(thrown), place, thrown);
        }
    }

    /** The user or the gateway interrupted it. */
    public static final class Interrupted extends CellFailure {

        private static final long serialVersionUID = 1L;

        Interrupted(Place place) {
            super("The cell was interrupted", place, null);
        }
    }

    /** The compiler refuses a snippet. */
    public static final class NotCompiled extends CellFailure {

        private static final long serialVersionUID = 1L;

        private final transient SnippetEvent event;

        NotCompiled(SnippetEvent event, Place place) {
            super("does not compile", place, null);
            this.event = event;
        }

        /** The snippet, of which JShell has the diagnostics. */
        public Snippet snippet() {
            return event.snippet();
        }
    }

    /** The cell ends within a statement. */
    public static final class Incomplete extends CellFailure {

        private static final long serialVersionUID = 1L;

        Incomplete(Place place) {
            super("The statement that begins here does not end: a bracket, a quote or a semicolon is missing", place, null);
        }
    }

    /** JShell took a snippet and did not do it. */
    public static final class NotExecuted extends CellFailure {

        private static final long serialVersionUID = 1L;

        NotExecuted(String why, Place place) {
            super(why, place, null);
        }
    }

    /** A snippet names a class by the package that it was in. */
    public static final class ClassHasMoved extends CellFailure {

        private static final long serialVersionUID = 1L;

        ClassHasMoved(String sentence, Place place) {
            super(sentence, place, null);
        }
    }
}
