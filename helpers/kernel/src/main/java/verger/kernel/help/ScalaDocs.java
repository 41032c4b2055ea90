package verger.kernel.help;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The comments in Spark's own sources, which are Scala: the jars of sources that the set-up found, read when somebody asks.
 *
 * <p>Of a file it knows what stands after a comment, and the class that the last line without indentation declares.
 */
final class ScalaDocs implements DocSource {

    private static final String SPARK = "org.apache.spark.";

    /** What may stand behind a comment. */
    private static final Pattern DECLARED = Pattern.compile("\\s*(?:@[\\w.]+(?:\\([^)]*\\))?\\s*)*"
            + "(?:(?:private|protected)(?:\\[\\w+])?\\s+|(?:override|final|implicit|abstract|sealed|case|lazy)\\s+)*"
            + "(class|trait|object|def|val|var)\\s+([\\w$]+)");

    /** What is declared without indentation. */
    private static final Pattern TOP = Pattern.compile(
            "(?m)^(?:(?:private|protected)(?:\\[\\w+])?\\s+|(?:final|abstract|sealed|case)\\s+)*(?:class|trait|object)\\s+(\\w+)");

    /**
     * @param kind       of Scala: class, trait, object, def, val or var
     * @param parameters names
     * @param types      plain ones
     */
    private record Member(String of, String kind, String name, List<String> parameters, List<String> types, String text) {
    }

    private final Path folder;
    private final Map<String, Path> entries = new HashMap<>();
    private final Map<String, List<Member>> read = new HashMap<>();

    /** @param folder of the jars; it need not exist */
    ScalaDocs(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<Comment> ofType(Class<?> type) {
        return members(type).filter(member -> member.kind().matches("class|trait|object")
                && member.name().equals(type.getSimpleName()))
                .map(member -> new Comment(member.text(), List.of()))
                .max(Comparator.comparing(comment -> comment.text().length())); // an object beside a class says little
    }

    @Override
    public Optional<Comment> ofField(Class<?> type, String name) {
        return members(type).filter(member -> member.kind().startsWith("va") && member.name().equals(name))
                .map(member -> new Comment(member.text(), List.of())).findFirst();
    }

    @Override
    public Optional<Comment> ofMethod(Class<?> type, Signature signature) {
        List<Member> named = members(type).filter(member -> member.kind().matches("def|val|var")
                && member.name().equals(signature.name()) && member.parameters().size() == signature.parameters().size())
                .toList();
        List<String> names = signature.parameters().stream().map(Signature.Parameter::name).toList();
        List<Member> sameNames = named.stream().filter(member -> member.parameters().equals(names)).toList();
        // Of both languages types have names of their own; names of parameters are the same in source and class.
        return sameNames.stream().filter(member -> member.types().equals(signature.plainTypes())).findFirst()
                .or(() -> sameNames.stream().findFirst())
                .or(() -> named.stream().filter(member -> member.types().equals(signature.plainTypes())).findFirst())
                .map(member -> new Comment(member.text(), member.parameters()));
    }

    private synchronized Stream<Member> members(Class<?> type) {
        if (!type.getName().startsWith(SPARK)) {
            return Stream.empty();
        }
        Class<?> outermost = type;
        while (outermost.getEnclosingClass() != null) {
            outermost = outermost.getEnclosingClass();
        }
        String of = outermost.getSimpleName();
        String file = type.getPackageName().replace('.', '/') + "/" + of + ".scala";
        try {
            index();
            List<Member> found = inFile(file).stream().filter(member -> member.of().equals(of)).toList();
            if (found.isEmpty()) { // a file may have a name of its own
                found = inPackage(file.substring(0, file.lastIndexOf('/') + 1), of);
            }
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Member> inPackage(String packageFolder, String of) throws IOException {
        List<Member> found = new ArrayList<>();
        for (String file : entries.keySet()) {
            if (file.startsWith(packageFolder) && file.indexOf('/', packageFolder.length()) < 0) {
                inFile(file).stream().filter(member -> member.of().equals(of)).forEach(found::add);
            }
        }
        return found;
    }

    private void index() throws IOException {
        if (!entries.isEmpty() || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.filter(path -> path.toString().endsWith(".jar")).sorted().toList()) {
                try (ZipFile zip = new ZipFile(jar.toFile())) {
                    zip.stream().filter(entry -> entry.getName().endsWith(".scala"))
                            .forEach(entry -> entries.put(entry.getName(), jar));
                }
            }
        }
    }

    private List<Member> inFile(String file) throws IOException {
        if (!entries.containsKey(file)) {
            return List.of();
        }
        List<Member> members = read.get(file);
        if (members == null) {
            try (ZipFile zip = new ZipFile(entries.get(file).toFile())) {
                members = parse(new String(zip.getInputStream(zip.getEntry(file)).readAllBytes(), StandardCharsets.UTF_8));
            }
            read.put(file, members);
        }
        return members;
    }

    private static List<Member> parse(String source) {
        List<Member> members = new ArrayList<>();
        Matcher top = TOP.matcher(source);
        int nextTop = top.find() ? top.start() : source.length();
        String of = "";
        Matcher declared = DECLARED.matcher(source);
        for (int start = source.indexOf("/**"); start >= 0; start = source.indexOf("/**", start + 1)) {
            int end = source.indexOf("*/", start) + 2;
            if (end < 2 || !declared.region(end, source.length()).lookingAt()) {
                continue;
            }
            while (nextTop < declared.end()) { // the comment of a class stands before it
                of = top.group(1);
                nextTop = top.find() ? top.start() : source.length();
            }
            List<String> parameters = declared.group(1).equals("def") ? parameters(source, declared.end()) : List.of();
            members.add(new Member(of, declared.group(1), declared.group(2),
                    parameters.stream().map(parameter -> parameter.replaceAll(":.*", "").replaceAll(".*\\s", "")).toList(),
                    parameters.stream().map(ScalaDocs::plainType).toList(),
                    withoutStars(source.substring(start + 3, end - 2))));
        }
        return members;
    }

    private static String plainType(String parameter) {
        return Signature.plain(parameter.replaceAll("^[^:]*:\\s*(=>)?|\\s*=[^>].*$", ""));
    }

    /** The parameters of all lists of a method, but those of its types. */
    private static List<String> parameters(String source, int from) {
        List<String> parameters = new ArrayList<>();
        int at = skip(source, from, '[', ']');
        while (at < source.length() && source.charAt(at) == '(') {
            int end = skip(source, at, '(', ')');
            parameters.addAll(
                    Signature.split(source.substring(at + 1, end - 1).replace('\n', ' ').replaceAll("^\\s*implicit\\s", "")
                            .replace('[', '<').replace(']', '>')));
            at = end;
        }
        return parameters;
    }

    private static int skip(String source, int from, char open, char close) {
        if (from >= source.length() || source.charAt(from) != open) {
            return from;
        }
        int depth = 0;
        for (int at = from; at < source.length(); at++) {
            depth += source.charAt(at) == open ? 1 : source.charAt(at) == close ? -1 : 0;
            if (depth == 0) {
                return at + 1;
            }
        }
        return from;
    }

    private static String withoutStars(String comment) {
        return comment.replaceAll("(?m)^[ \\t]*\\* ?", "").strip();
    }
}
