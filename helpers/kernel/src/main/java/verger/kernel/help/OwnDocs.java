package verger.kernel.help;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The comments of our own classes, which the build writes into the JARs: see WriteDocumentation of the helper JAR. */
final class OwnDocs implements DocSource {

    private static final String FOLDER = "META-INF/verger/docs/";
    private static final String METHOD = "method ";

    private final Supplier<ClassLoader> loader;

    OwnDocs(Supplier<ClassLoader> loader) {
        this.loader = loader;
    }

    @Override
    public Optional<Comment> ofType(Class<?> type) {
        return Optional.ofNullable(comments(type).get("class")).map(text -> new Comment(text, java.util.List.of()));
    }

    @Override
    public Optional<Comment> ofField(Class<?> type, String name) {
        return Optional.ofNullable(comments(type).get("field " + name)).map(text -> new Comment(text, java.util.List.of()));
    }

    @Override
    public Optional<Comment> ofMethod(Class<?> type, Signature signature) {
        for (Map.Entry<String, String> entry : comments(type).entrySet()) {
            if (entry.getKey().startsWith(METHOD + signature.name() + "(")) {
                Signature written = Signature.parse(entry.getKey().substring(METHOD.length())).orElseThrow();
                if (written.plainTypes().equals(signature.plainTypes())) {
                    return Optional.of(new Comment(entry.getValue(),
                            written.parameters().stream().map(Signature.Parameter::name).toList()));
                }
            }
        }
        return Optional.empty();
    }

    private Map<String, String> comments(Class<?> type) {
        String file = type.getCanonicalName() == null ? null : FOLDER + type.getCanonicalName();
        if (file == null || !type.getName().startsWith("verger.")) {
            return Map.of();
        }
        try (InputStream in = loader.get().getResourceAsStream(file)) {
            return in == null ? Map.of() : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> parse(String file) {
        Map<String, String> comments = new LinkedHashMap<>();
        String of = "";
        for (String line : file.split("\n")) {
            if (line.startsWith("\t")) {
                comments.merge(of, line.substring(1), (above, below) -> above + "\n" + below);
            } else {
                of = line;
            }
        }
        return comments;
    }
}
