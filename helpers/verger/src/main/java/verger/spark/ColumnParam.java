package verger.spark;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import scala.Function1;

/** A parameter that names a column: refuses null and names of blanks. */
public final class ColumnParam extends Param<String> {

    private static final long serialVersionUID = 1L;

    /** A parameter of a stage, as Spark's own. */
    public ColumnParam(Identifiable stage, String name, String doc) {
        super(stage, name, doc, (Function1<String, Object> & Serializable) column -> isName(name, column));
    }

    /** Spark itself has but a NullPointerException for null. */
    private static boolean isName(String param, String column) {
        if (column == null) {
            throw new IllegalArgumentException(param + " is null: it needs the name of a column");
        }
        return !column.isBlank();
    }
}
