package verger.kernel.help;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** All documentation comments that are at hand. */
final class Docs {

    /** A method with its comment, and with the names that the source gives its parameters. */
    record Method(Signature signature, DocText text) {
    }

    private final List<DocSource> sources;

    /** @param sourcesOfSpark folder of jars; it need not exist */
    Docs(Supplier<ClassLoader> loader, Path sourcesOfSpark) {
        sources = List.of(new OwnDocs(loader), new ScalaDocs(sourcesOfSpark));
    }

    Optional<DocText> ofType(Class<?> type) {
        return first(source -> source.ofType(type)).map(comment -> DocText.of(comment.text()));
    }

    Optional<DocText> ofField(Class<?> type, String name) {
        return first(source -> source.ofField(type, name)).map(comment -> DocText.of(comment.text()));
    }

    /** @param hierarchy where the method may have its comment: one that overrides another may have none of its own */
    Optional<Method> ofMethod(List<Class<?>> hierarchy, Signature signature) {
        return hierarchy.stream().sorted((one, other) -> Boolean.compare(signature.isOf(other), signature.isOf(one)))
                .flatMap(type -> first(source -> source.ofMethod(type, signature)).stream())
                .map(comment -> new Method(comment.parameters().size() == signature.parameters().size()
                        ? signature.named(comment.parameters())
                        : signature, DocText.of(comment.text())))
                .filter(method -> !method.text().isEmpty()).findFirst()
                .or(() -> ofParam(hierarchy, signature.name()).map(text -> new Method(signature, text)));
    }

    /** Spark says nothing of most of its setters, and of the params that they set. */
    private Optional<DocText> ofParam(List<Class<?>> hierarchy, String setter) {
        if (!setter.matches("set[A-Z]\\w*")) {
            return Optional.empty();
        }
        String param = Character.toLowerCase(setter.charAt(3)) + setter.substring(4);
        return hierarchy.stream().flatMap(type -> ofField(type, param).stream()).filter(text -> !text.isEmpty()).findFirst();
    }

    private Optional<DocSource.Comment> first(Function<DocSource, Optional<DocSource.Comment>> comment) {
        return sources.stream().flatMap(source -> comment.apply(source).stream()).findFirst();
    }
}
