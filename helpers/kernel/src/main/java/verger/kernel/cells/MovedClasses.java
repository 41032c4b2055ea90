package verger.kernel.cells;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/**
 * Says where a class is now, when a cell does not compile because it names the class by the package that it was in: notebooks
 * are older than the helper JAR that they run on.
 */
final class MovedClasses {

    /** The names up to version 0.1, and those that they have now. */
    static final Map<String, String> NEW_NAMES = new TreeMap<>();

    static {
        moved("verger", "verger.features", "TopClasses");
        moved("verger", "verger.files", "LiteralPath", "S3", "S3Commit", "WholeTable");
        moved("verger", "verger.pca.linalg", "DotProduct");
        moved("verger", "verger.spark", "ColumnMetadata", "ColumnNames", "ColumnParam", "EqualUdf", "RowBatches", "SqlCall",
                "SqlFunction", "StageProvenance", "TextParam");
        moved("verger.features", "verger.networks", "ClassNames", "ModelCard", "Network", "NetworkChoice", "Networks",
                "UnreadableWeightsException", "UnsupportedLayerException", "UnusableModelException",
                "WeightsNotFoundException");
        moved("verger.pca", "verger.similar", "Neighbours");
    }

    private static void moved(String from, String to, String... classes) {
        for (String name : classes) {
            NEW_NAMES.put(from + "." + name, to + "." + name);
        }
    }

    private MovedClasses() {
    }

    /** The sentence that says the new import, if a snippet that is not defined names a class by the package that it was in. */
    static Optional<String> newName(JShell shell, Snippet snippet) {
        return oldName(shell, snippet).map(old -> old + " has moved: write import " + NEW_NAMES.get(old) + ";");
    }

    /** The first class in the errors of a snippet that is known by another name. */
    private static Optional<String> oldName(JShell shell, Snippet snippet) {
        Stream<String> named = shell.diagnostics(snippet).filter(Diag::isError).map(error -> named(snippet.source(), error));
        // A method or class that names unknown ones is kept until they are known: these are no errors of the compiler.
        Stream<String> unknown = snippet instanceof DeclarationSnippet declaration
                ? shell.unresolvedDependencies(declaration).map(kindAndName -> kindAndName.replaceFirst("^\\w+ ", ""))
                : Stream.empty();
        return Stream.concat(named, unknown).flatMap(name -> known(shell, name)).findFirst();
    }

    /** What the compiler underlines: a name, mostly. */
    private static String named(String source, Diag error) {
        int start = (int) Math.max(0, error.getStartPosition());
        int end = (int) Math.min(source.length(), error.getEndPosition());
        return start < end ? source.substring(start, end).replaceAll("\\s", "") : "";
    }

    /** A name alone means a class of ours if all of the package that it was in are imported. */
    private static Stream<String> known(JShell shell, String name) {
        return NEW_NAMES.keySet().stream().filter(old -> {
            int dot = old.lastIndexOf('.');
            return name.equals(old) || name.startsWith(old + ".")
                    || name.equals(old.substring(dot + 1)) && isImported(shell, old.substring(0, dot) + ".*");
        });
    }

    private static boolean isImported(JShell shell, String wildcard) {
        return shell.imports().anyMatch(imported -> imported.fullname().equals(wildcard));
    }
}
