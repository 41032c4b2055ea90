package verger.kernel.help;

import java.util.List;
import java.util.Optional;

/** Where documentation comments are. */
interface DocSource {

    /**
     * A comment without its stars.
     *
     * @param parameters the names that the source has for the parameters; empty for a class or a field
     */
    record Comment(String text, List<String> parameters) {
    }

    /** The comment of a class. */
    Optional<Comment> ofType(Class<?> type);

    /** The comment of a field of a class, not of one that it inherits. */
    Optional<Comment> ofField(Class<?> type, String name);

    /** The comment of a method or a constructor of a class, not of one that it inherits. */
    Optional<Comment> ofMethod(Class<?> type, Signature signature);
}
