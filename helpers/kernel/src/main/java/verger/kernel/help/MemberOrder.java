package verger.kernel.help;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import org.apache.spark.internal.Logging;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.Identifiable;

/**
 * The order of the members of a class: ours before those that are inherited, setters before all else, then what moves a stage's
 * params about, and at the end what every object has.
 */
final class MemberOrder {

    private static final Set<String> OF_OBJECT = names(Object.class);
    private static final Set<String> OF_LOGGING = names(Logging.class);

    /** How stages keep their params: public as Scala sees it, called by stages alone. */
    private static final Set<String> OF_PARAMS = Arrays.stream(new Class<?>[] {Params.class, Identifiable.class})
            .flatMap(type -> names(type).stream())
            .filter(name -> !name.equals("explainParams") && !name.equals("copy") && !OF_OBJECT.contains(name))
            .collect(Collectors.toUnmodifiableSet());

    /** Spark's own doors for other languages, which Java sees. */
    private static final Pattern OTHER_LANGUAGE = Pattern.compile(".*(Python|ToR|InR|InArrow|InPandas|Pandas)$|python.*");

    private static final List<String> PLUMBING = List.of("copy", "transformSchema", "class");

    private MemberOrder() {
    }

    private static Set<String> names(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).map(Method::getName).collect(Collectors.toUnmodifiableSet());
    }

    /** @param type null if it is not known; the names alone count, then */
    static Comparator<Suggestion> of(Class<?> type, List<Suggestion> all) {
        // Where any type is right, JShell finds that most fit, and has no reason for the others.
        boolean fits = all.stream().filter(Suggestion::matchesType).count() * 2 <= all.size();
        Map<String, Integer> ranks = type == null ? Map.of() : ranks(type);
        boolean isStage = type != null && Params.class.isAssignableFrom(type);
        return Comparator.comparing((Suggestion suggestion) -> tier(nameOf(suggestion), isStage))
                .thenComparing(suggestion -> fits && !suggestion.matchesType())
                .thenComparing(suggestion -> ranks.getOrDefault(nameOf(suggestion), 3));
    }

    private static Map<String, Integer> ranks(Class<?> type) {
        Map<String, Integer> ranks = new HashMap<>();
        try {
            for (Method method : type.getMethods()) {
                ranks.merge(method.getName(), rank(method), Math::min);
            }
        } catch (LinkageError e) { // of a class path that lacks what the class mentions: by names, then
            ranks.clear();
        }
        return ranks;
    }

    private static int rank(Method method) {
        boolean ours = method.getDeclaringClass().getName().startsWith("verger.");
        if (Param.class.isAssignableFrom(method.getReturnType())) {
            return 4;
        }
        boolean setter = method.getName().matches("set[A-Z].*");
        return ours ? setter ? 0 : 1 : setter ? 2 : 3;
    }

    private static int tier(String name, boolean isStage) {
        return OF_OBJECT.contains(name) ? 2
                : isStage && OF_PARAMS.contains(name) || PLUMBING.contains(name) || OTHER_LANGUAGE.matcher(name).matches() ? 1
                        : 0;
    }

    /** Nothing that anybody calls: Scala's way to write logs. */
    static boolean isInternal(String continuation) {
        String name = continuation.replaceAll("\\(.*", "");
        return continuation.contains("(") && OF_LOGGING.contains(name);
    }

    static String nameOf(Suggestion suggestion) {
        return suggestion.continuation().replaceAll("\\(.*", "");
    }
}
