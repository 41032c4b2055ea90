package verger.spark;

import java.io.Serializable;
import java.util.function.Predicate;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import scala.Function1;

/** A parameter of free text, such as a path: empty where there is none, and never null, which a saved stage could not hold. */
public final class TextParam extends Param<String> {

    private static final long serialVersionUID = 1L;

    /** A parameter of any text. */
    public TextParam(Identifiable stage, String name, String doc) {
        this(stage, name, doc, "(?s).*");
    }

    /** A parameter of text that matches a regular expression as a whole. */
    public TextParam(Identifiable stage, String name, String doc, String pattern) {
        this(stage, name, doc, (Check) text -> text.matches(pattern));
    }

    /** A parameter of text that passes a check, which may throw an IllegalArgumentException that says why it does not. */
    public TextParam(Identifiable stage, String name, String doc, Check check) {
        super(stage, name, doc, (Function1<String, Object> & Serializable) text -> isText(name, text) && check.test(text));
    }

    /** Says whether a text is one that a parameter takes. */
    public interface Check extends Predicate<String>, Serializable {
    }

    /** Spark itself has but a NullPointerException for null. */
    private static boolean isText(String param, String text) {
        if (text == null) {
            throw new IllegalArgumentException(param + " is null: leave it empty where there is none");
        }
        return true;
    }
}
