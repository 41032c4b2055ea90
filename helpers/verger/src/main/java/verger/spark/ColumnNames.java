package verger.spark;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Names of columns as they are: to Spark a dot in one would mean a field. */
public final class ColumnNames {

    private ColumnNames() {
    }

    /** The column of a name. */
    public static Column column(String name) {
        return functions.col(quoted(name));
    }

    /** The name in back quotes. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
