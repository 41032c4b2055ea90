package verger.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.io.input.ClassLoaderObjectInputStream;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Gives code of cells on an executor the values of the notebook's variables, as they were when the job started. Only that code
 * calls this class: the kernel changes it to do so.
 *
 * <p>The value is a copy, which a task keeps to its end: what code does to it there stays there, as with all that a lambda of
 * Spark takes along.
 */
public final class CellVariable {

    /** Begins the name of a property of the task: it says where a value is, or after {@link #REFUSED} why there is none. */
    public static final String PROPERTY = "verger.cell.";

    /** Begins the value of such a property that says why there is none. */
    public static final String REFUSED = "!";

    /** The values that the task of a thread has asked for. */
    private static final ThreadLocal<Map<String, Object>> HELD = new ThreadLocal<>();

    private CellVariable() {
    }

    /**
     * The value of a variable of an object or array type.
     *
     * @param variable class and name with a point between
     * @throws IllegalStateException if it has none on executors; the message names the variable and the way out
     */
    public static Object value(String variable) {
        TaskContext task = TaskContext.get();
        if (task == null) {
            throw new IllegalStateException(named(variable) + " can be read on an executor by the thread of a task only: "
                    + "read it there and hand its value on");
        }
        Map<String, Object> held = HELD.get();
        if (held == null) {
            held = new HashMap<>();
            HELD.set(held);
            task.addTaskCompletionListener((TaskCompletionListener) ended -> HELD.remove());
        }
        if (!held.containsKey(variable)) {
            held.put(variable, fetch(variable, task.getLocalProperty(PROPERTY + variable)));
        }
        return held.get(variable);
    }

    /** The value of a variable of type boolean, byte, char, short or int, as the JVM has it; errors as {@link #value}. */
    public static int intValue(String variable) {
        Object value = value(variable);
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        return value instanceof Character character ? character : ((Number) value).intValue();
    }

    /** The value of a variable of type long; errors as {@link #value}. */
    public static long longValue(String variable) {
        return (Long) value(variable);
    }

    /** The value of a variable of type float; errors as {@link #value}. */
    public static float floatValue(String variable) {
        return (Float) value(variable);
    }

    /** The value of a variable of type double; errors as {@link #value}. */
    public static double doubleValue(String variable) {
        return (Double) value(variable);
    }

    /** Refuses to set a variable, of which the notebook would not hear. */
    @SuppressWarnings("DoNotCallSuggester") // the rewritten cells call it
    public static void set(String variable) {
        throw new IllegalStateException(
                named(variable) + " cannot be set on an executor, as the notebook would not hear of it: "
                        + "return the value as part of the result, or count with an accumulator of Spark's");
    }

    /** How messages call a variable, by class and name with a point between. */
    public static String named(String variable) {
        return "The notebook's variable " + variable.substring(variable.lastIndexOf('.') + 1);
    }

    private static Object fetch(String variable, String place) {
        if (place == null) {
            throw new IllegalStateException(
                    named(variable) + " has no value on executors, as the statement that started this job "
                            + "started Spark, too: start the job in a later one");
        }
        if (place.startsWith(REFUSED)) {
            throw new IllegalStateException(place.substring(REFUSED.length()));
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream file = loader.getResourceAsStream(place)) {
            if (file == null) {
                throw new IllegalStateException(
                        named(variable) + " could not be fetched from the notebook: is it still running?");
            }
            return new ClassLoaderObjectInputStream(loader, file).readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(named(variable) + " could not be fetched from the notebook", e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(named(variable) + " is of a class that executors do not have: " + e.getMessage(),
                    e);
        }
    }
}
