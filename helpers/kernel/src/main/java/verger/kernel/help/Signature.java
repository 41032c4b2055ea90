package verger.kernel.help;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A method as JShell describes it.
 *
 * @param before     what stands before the class: type of the result
 * @param owner      simple name of the class, with those that it is inside of
 * @param name       of the method; of a constructor the class's
 * @param parameters type and, where it is known, name of each
 * @param after      what it throws
 */
record Signature(String before, String owner, String name, List<Parameter> parameters, String after) {

    /** @param name null if the class file has none */
    record Parameter(String type, String name) {

        /** The type without package, type arguments and marks: what sources of both languages have in common. */
        String plainType() {
            return plain(type);
        }

        @Override
        public String toString() {
            return name == null ? type : type + " " + name;
        }
    }

    private static final Pattern PACKAGES =
            Pattern.compile("\\b(?!scala\\.)(?:[a-z]\\w*\\.)+(?=[A-Z])(?<!scala\\.collection\\.)");
    private static final Pattern OWNER = Pattern.compile("(?:^|\\s)([\\w.$]+)$");

    /** Empty if this is no method. */
    static Optional<Signature> parse(String text) {
        int close = text.lastIndexOf(')');
        if (close < 0) {
            return Optional.empty();
        }
        int open = text.lastIndexOf('(', close);
        int start = open;
        while (start > 0 && Character.isJavaIdentifierPart(text.charAt(start - 1))) {
            start--;
        }
        String name = text.substring(start, open);
        List<Parameter> parameters = split(text.substring(open + 1, close)).stream().map(Signature::parameter).toList();
        String after = text.substring(close + 1);
        String before = text.substring(0, start);
        before = withoutArguments(before); // type parameters of the method
        if (!before.endsWith(".")) { // a constructor, or a method of the notebook
            return Optional.of(new Signature(before.strip(), before.isBlank() ? name : "", name, parameters, after));
        }
        before = withoutArguments(before.substring(0, before.length() - 1));
        Matcher owner = OWNER.matcher(before);
        return owner.find()
                ? Optional
                        .of(new Signature(before.substring(0, owner.start()).strip(), owner.group(1), name, parameters, after))
                : Optional.empty();
    }

    /** Without type arguments at the end. */
    private static String withoutArguments(String text) {
        String stripped = text.stripTrailing();
        if (!stripped.endsWith(">")) {
            return stripped;
        }
        int depth = 0;
        for (int at = stripped.length() - 1; at >= 0; at--) {
            depth += stripped.charAt(at) == '>' ? 1 : stripped.charAt(at) == '<' ? -1 : 0;
            if (depth == 0) {
                return stripped.substring(0, at);
            }
        }
        return stripped;
    }

    /** The parts between the commas that are in no brackets. */
    static List<String> split(String parameters) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < parameters.length(); at++) {
            char c = parameters.charAt(at);
            boolean arrow = c == '>' && at > 0 && parameters.charAt(at - 1) == '='; // of a function of Scala's
            depth += "<([".indexOf(c) >= 0 ? 1 : ">)]".indexOf(c) >= 0 && !arrow ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(parameters.substring(start, at).strip());
                start = at + 1;
            }
        }
        String last = parameters.substring(start).strip();
        if (!last.isEmpty()) {
            parts.add(last);
        }
        return parts;
    }

    private static Parameter parameter(String text) {
        Matcher named = Pattern.compile("(?s)(.*[\\w>\\].])\\s+([\\w$]+)").matcher(text);
        return named.matches() ? new Parameter(named.group(1), named.group(2)) : new Parameter(text, null);
    }

    /** With the names that sources give the parameters, where class files have none. */
    Signature named(List<String> names) {
        if (parameters.stream().allMatch(parameter -> parameter.name() != null)) {
            return this;
        }
        List<Parameter> named = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            named.add(new Parameter(parameters.get(i).type(), names.get(i)));
        }
        return new Signature(before, owner, name, named, after);
    }

    /** A type without package, type arguments, annotations and what makes it an array. */
    static String plain(String type) {
        String name = type.replaceAll("@\\w+\\s*", "").replaceAll("[<\\[(].*", "").replaceAll("\\.{3}$|\\*$", "").strip();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    List<String> plainTypes() {
        return parameters.stream().map(Parameter::plainType).toList();
    }

    /** Whether a class is the one that has this method: JShell leaves out the package of what is imported. */
    boolean isOf(Class<?> type) {
        return type.getCanonicalName() != null && ("." + type.getCanonicalName()).endsWith("." + owner);
    }

    boolean isConstructor() {
        return before.isEmpty() && Arrays.asList(owner.split("\\.")).contains(name);
    }

    /** In one line, as it is shown: a constructor is called by {@code new}, and no package is named but those of Scala. */
    String text() {
        String call = name + parameters.stream().map(Parameter::toString).collect(Collectors.joining(", ", "(", ")")) + after;
        String whole = isConstructor() ? "new " + call : before + " " + (owner.isEmpty() ? "" : owner + ".") + call;
        return PACKAGES.matcher(whole).replaceAll("").strip();
    }
}
