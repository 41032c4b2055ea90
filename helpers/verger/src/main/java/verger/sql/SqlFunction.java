package verger.sql;

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
record SqlFunction(String name, String arguments, int minimum, int maximum, Function<SqlCall, Column> body)
        implements Function1<Seq<Expression>, Expression> {

    void register(FunctionRegistryBase<Expression> registry) {
        FunctionIdentifier identifier = new FunctionIdentifier(name);
        ExpressionInfo info = new ExpressionInfo(ImageFunctions.class.getName(), null, name, name + "(" + arguments + ")", "");
        boolean known = registry.lookupFunction(identifier).exists(other -> other.getClassName().equals(info.getClassName()));
        if (!known) { // Spark warns of what is registered again
            registry.registerFunction(identifier, info, this);
        }
    }

    /** Registers it unless there is a function of this name, whosoever it is. */
    void registerMissing(FunctionRegistryBase<Expression> registry) {
        if (!registry.functionExists(new FunctionIdentifier(name))) {
            register(registry);
        }
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
