package verger.files;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Calls methods of libraries that this JAR is not compiled against. */
final class Reflected {

    private Reflected() {
    }

    /** Whether a class or what it is made of has a public method of that name. */
    static boolean has(Class<?> type, String method) {
        return Arrays.stream(type.getMethods()).anyMatch(one -> one.getName().equals(method));
    }

    /**
     * Calls a method of an object, or a static one of a class.
     *
     * @param type      a public class or interface that declares it
     * @param target    null for a static method
     * @param arguments none of them null
     * @throws RuntimeException      what the method throws, or if it throws what is checked, that in an
     *                               {@link IllegalStateException}
     * @throws IllegalStateException if there is no such method
     */
    static Object call(Class<?> type, Object target, String method, Object... arguments) {
        for (Method one : type.getMethods()) {
            if (one.getName().equals(method) && !one.isBridge() && takes(one.getParameterTypes(), arguments)) {
                return invoke(one, target, arguments);
            }
        }
        throw new IllegalStateException("There is no " + type.getName() + "." + method + " of " + arguments.length
                + " such arguments: the library is of another version");
    }

    private static boolean takes(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!(types[i].isPrimitive() ? types[i] == primitive(arguments[i]) : types[i].isInstance(arguments[i]))) {
                return false;
            }
        }
        return true;
    }

    private static Class<?> primitive(Object argument) {
        return argument instanceof Boolean ? boolean.class : argument instanceof Long ? long.class : null;
    }

    private static Object invoke(Method method, Object target, Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Cannot call " + method, e);
        }
    }

    /** A class by its name, of the loader of an object that knows it. */
    static Class<?> type(Object of, String name) {
        try {
            return Class.forName(name, true, of.getClass().getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("There is no class " + name + ": the library is of another version", e);
        }
    }
}
