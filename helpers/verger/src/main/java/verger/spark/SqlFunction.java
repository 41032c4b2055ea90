package verger.spark;

import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistryBase;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Function1;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A function as SQL knows it, of any number of arguments: where a query names it, its call becomes an expression.
 *
 * @param name      its name
 * @param arguments their names, the optional ones in brackets
 * @param minimum   how many arguments it takes at least
 * @param maximum   and at most
 * @param body      what a call stands for; throws IllegalArgumentException with a sentence
 */
public record SqlFunction(String name, String arguments, int minimum, int maximum, Function<SqlCall, Column> body)
        implements Function1<Seq<Expression>, Expression> {

    /**
     * Makes it known, in place of any other of its name.
     *
     * @param owner the class that {@code describe function extended} names
     */
    public void register(FunctionRegistryBase<Expression> registry, Class<?> owner) {
        registry.registerFunction(new FunctionIdentifier(name),
                new ExpressionInfo(owner.getName(), null, name, name + "(" + arguments + ")", ""), this);
    }

    @Override
    public Expression apply(Seq<Expression> given) {
        if (given.size() < minimum || given.size() > maximum) {
            throw new IllegalArgumentException(name + " takes (" + arguments + "): got " + given.size()
                    + (given.size() == 1 ? " argument" : " arguments"));
        }
        return body.apply(new SqlCall(name, JavaConverters.seqAsJavaList(given))).expr();
    }
}
