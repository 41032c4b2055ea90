package verger.spark;

import java.io.Serializable;
import org.apache.spark.sql.expressions.SparkUserDefinedFunction;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import scala.Function1;
import scala.Option;

/**
 * Makes user-defined functions that Spark takes for the same where their Java functions are equal.
 *
 * <p>{@code group by f(x)} needs that, and Spark computes such a value only once for a row. {@code functions.udf} would wrap
 * the function in a new object that equals no other.
 */
public final class EqualUdf {

    private EqualUdf() {
    }

    /**
     * A function of one column.
     *
     * @param function gives the same for the same value; is given null, too, and may return it
     * @param type     of what it returns
     * @param name     for plans and columns
     */
    public static <F extends Function1<?, ?> & Serializable> UserDefinedFunction of(F function, DataType type, String name) {
        boolean nullable = true;
        boolean deterministic = true;
        return new SparkUserDefinedFunction(function, type, SparkUserDefinedFunction.apply$default$3(), Option.empty(),
                Option.apply(name), nullable, deterministic);
    }
}
