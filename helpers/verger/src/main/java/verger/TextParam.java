package verger;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import scala.Function1;

/** A parameter of free text, such as a path: empty where there is none, and never null, which a saved stage could not hold. */
public final class TextParam extends Param<String> {

    private static final long serialVersionUID = 1L;

    /** A parameter of a stage, as Spark's own. */
    public TextParam(Identifiable stage, String name, String doc) {
        super(stage, name, doc, (Function1<String, Object> & Serializable) text -> text != null);
    }
}
