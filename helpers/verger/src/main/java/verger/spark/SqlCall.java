package verger.spark;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;

/**
 * A call of a function in a query, with arguments whose types are known.
 *
 * <p>An argument that is not there or null is null. Mistakes are an IllegalArgumentException with a sentence.
 */
public record SqlCall(String function, List<Expression> arguments) {

    /** A column of whole image files. */
    public Column binary(int index) {
        return column(index, DataTypes.BinaryType,
                "binary, whole image files, as the column content of Images.read or Spark's binaryFile");
    }

    /** A column of texts. */
    public Column string(int index) {
        return column(index, DataTypes.StringType, "string");
    }

    private Column column(int index, DataType type, String wanted) {
        Expression argument = arguments.get(index);
        if (argument.dataType() instanceof NullType) {
            return new Column(argument).cast(type);
        }
        if (!argument.dataType().equals(type)) {
            throw new IllegalArgumentException(function + ": " + argument.sql() + " must be " + wanted + ": it is "
                    + argument.dataType().simpleString());
        }
        return new Column(argument);
    }

    /** A constant that is a text. */
    public String text(int index, String name) {
        Object value = constant(index, name, DataTypes.StringType);
        return value == null ? null : value.toString();
    }

    /** A constant that is a whole number from 1 on. */
    public Integer count(int index, String name) {
        Integer value = (Integer) constant(index, name, DataTypes.IntegerType);
        if (value != null && value < 1) {
            throw new IllegalArgumentException(function + ": " + name + " must be 1 at least: got " + value);
        }
        return value;
    }

    private Object constant(int index, String name, DataType type) {
        if (index >= arguments.size() || arguments.get(index).dataType() instanceof NullType) {
            return null;
        }
        Expression argument = arguments.get(index);
        if (!argument.foldable() || !argument.dataType().equals(type)) {
            String is = argument.foldable() ? "of type " + argument.dataType().simpleString() : "none";
            throw new IllegalArgumentException(function + ": " + name + " must be a constant of type " + type.simpleString()
                    + ": "
                    + argument.sql() + " is " + is);
        }
        return argument.eval(null);
    }
}
