package verger.kernel.help;

import java.lang.reflect.Member;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;

/** Finds the class of an expression of a cell. */
final class Types {

    private static final Pattern DECLARED = Pattern.compile("([\\w.]+)(?:<[^;=(]*>)?((?:\\[])*)\\s+%s\\s*=\\s*([^;]*);");

    private final JShell shell;
    private final Supplier<ClassLoader> loader;

    Types(JShell shell, Supplier<ClassLoader> loader) {
        this.shell = shell;
        this.loader = loader;
    }

    /** The class of a qualified name as Java writes it, which is not initialized. */
    Optional<Class<?>> named(String name) {
        String binary = name;
        while (true) {
            try {
                return Optional.of(Class.forName(binary, false, loader.get()));
            } catch (ClassNotFoundException | LinkageError e) {
                int dot = binary.lastIndexOf('.');
                if (dot < 0 || !Character.isUpperCase(simpleStart(binary, dot))) {
                    return Optional.empty();
                }
                binary = binary.substring(0, dot) + "$" + binary.substring(dot + 1); // a class inside of a class
            }
        }
    }

    private static char simpleStart(String name, int dot) {
        int before = name.lastIndexOf('.', dot - 1);
        return name.charAt(before + 1);
    }

    /** The class of a name as the cell writes it: imported, or qualified. */
    Optional<Class<?>> written(String name, CellContext context) {
        String known = context.withImports(name + ".").replaceAll("\\.$", "");
        return shell.sourceCodeAnalysis().documentation(known, known.length(), false).stream()
                .map(SourceCodeAnalysis.Documentation::signature)
                .filter(header -> header.indexOf('(') < 0 && header.indexOf(':') < 0)
                .map(header -> header.replaceAll("<.*", "")).flatMap(header -> named(header).stream()).findFirst();
    }

    /** The class of what an expression gives, or the class that it names. */
    Optional<Class<?>> of(String expression, CellContext context) {
        String known = context.withImports(expression + " ").strip();
        String type = shell.sourceCodeAnalysis().analyzeType(known, known.length());
        if (type != null) {
            return ofType(type, context);
        }
        Optional<Class<?>> declared = expression.matches("\\w+") ? declared(expression, context) : Optional.empty();
        return declared.isPresent() ? declared
                : expression.matches("[\\w.\\s]+") ? written(expression, context) : Optional.empty();
    }

    private Optional<Class<?>> ofType(String type, CellContext context) {
        if (type.endsWith("]")) {
            return Optional.of(Object[].class);
        }
        return written(type.replaceAll("<.*", ""), context);
    }

    /** Of a variable that the cell itself declares, before it is run. */
    private Optional<Class<?>> declared(String variable, CellContext context) {
        Matcher found = Pattern.compile(String.format(DECLARED.pattern(), variable)).matcher(context.code());
        Optional<Class<?>> type = Optional.empty();
        while (found.find()) {
            type = !found.group(2).isEmpty() ? Optional.of(Object[].class)
                    : found.group(1).equals("var") ? of(found.group(3), context) : written(found.group(1), context);
        }
        return type;
    }

    /** The class and all that it extends and implements, nearest first. */
    static List<Class<?>> hierarchy(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            all.add(each);
        }
        for (Class<?> each : new ArrayList<>(all)) {
            addInterfaces(each, all);
        }
        if (all.remove(Object.class) || type.isInterface()) {
            all.add(Object.class);
        }
        return new ArrayList<>(all);
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> all) {
        for (Class<?> each : type.getInterfaces()) {
            all.add(each);
            addInterfaces(each, all);
        }
    }

    /** Names the class that a method gives, where it is the class itself: setters say T, for which each stage has its own. */
    static Signature withSelf(Signature signature, List<Class<?>> hierarchy) {
        for (Class<?> type : hierarchy) {
            if (type.getGenericSuperclass() instanceof ParameterizedType parent
                    && signature.isOf((Class<?>) parent.getRawType())) {
                TypeVariable<?>[] variables = ((Class<?>) parent.getRawType()).getTypeParameters();
                for (int i = 0; i < variables.length; i++) {
                    if (variables[i].getName().equals(signature.before())
                            && parent.getActualTypeArguments()[i] instanceof Class<?> self) {
                        return new Signature(self.getSimpleName(), signature.owner(), signature.name(), signature.parameters(),
                                signature.after());
                    }
                }
            }
        }
        return signature;
    }

    static boolean hasMethod(Class<?> type, String name) {
        try {
            return Arrays.stream(type.getMethods()).anyMatch(method -> method.getName().equals(name));
        } catch (LinkageError e) { // of a class path that lacks what it mentions
            return false;
        }
    }

    /** The names of all that may stand behind the dot, as far as the class path knows. */
    static Set<String> members(Class<?> type) {
        Set<String> names = new LinkedHashSet<>(List.of("class", "length"));
        try {
            Stream.of(type.getMethods(), type.getFields(), Object.class.getMethods()).flatMap(Arrays::stream)
                    .forEach(member -> names.add(((Member) member).getName()));
            Arrays.stream(type.getClasses()).forEach(inner -> names.add(inner.getSimpleName()));
        } catch (LinkageError e) { // as above
            return names;
        }
        return names;
    }
}
