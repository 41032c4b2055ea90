package verger.kernel.help;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import verger.Settings;
import verger.kernel.cells.CellText;
import verger.networks.Networks;

/** What may be written inside of a text: the names of networks and the paths of files, where a method takes these. */
final class LiteralCompletion {

    /** Methods whose texts are paths, whatever has them. */
    private static final Set<String> TAKE_PATHS = Set.of("read", "stream", "folder", "path", "parquet", "csv", "json", "orc",
            "text",
            "textFile", "load", "save", "setWeights", "setModel", "File", "FileReader", "FileInputStream", "readImages");

    /** Methods of any name, with their class. */
    private static final Set<String> PATHS_OF = Set.of("Path.of", "Paths.get", "FileSystems.getDefault().getPath");

    private static final Set<String> TAKE_NETWORKS = Set.of("setNetwork", "Networks.named");

    private static final int MOST = 1000;

    private LiteralCompletion() {
    }

    /** The whole texts that may stand where one begins before a place. */
    static List<String> of(CellText text, int at) {
        int start = text.startAt(at);
        int open = text.openParenthesis(start - 1);
        if (open < 0) {
            return List.of();
        }
        int end = text.blanksBefore(open);
        String name = text.code().substring(text.nameStart(end), end);
        String expression = text.code().substring(text.expressionStart(end), end).replaceAll("\\s", "");
        String typed = text.code().substring(start, at);
        if (TAKE_NETWORKS.contains(name) || TAKE_NETWORKS.contains(expression)) {
            return Networks.choices().stream().filter(network -> network.regionMatches(true, 0, typed, 0, typed.length()))
                    .toList();
        }
        boolean isPath = TAKE_PATHS.contains(name) || PATHS_OF.stream().anyMatch(of -> ("." + expression).endsWith("." + of));
        return isPath ? paths(typed, expression.endsWith("Project.path")) : List.of();
    }

    private static List<String> paths(String typed, boolean ofProject) {
        if (typed.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
            return List.of(); // of a file system that would have to be asked
        }
        List<String> found = new ArrayList<>(in(Path.of(""), typed));
        if (ofProject && found.isEmpty() && Settings.home() != null) {
            found.addAll(in(Settings.home(), typed));
        }
        return found;
    }

    private static List<String> in(Path base, String typed) {
        String folder = typed.substring(0, typed.lastIndexOf('/') + 1);
        String begun = typed.substring(folder.length());
        try (Stream<Path> files = Files.list(base.resolve(folder).toAbsolutePath())) {
            return files.limit(MOST * 10L).filter(file -> begins(file.getFileName().toString(), begun))
                    .map(file -> folder + file.getFileName() + (Files.isDirectory(file) ? "/" : ""))
                    .map(path -> path.replace("\\", "\\\\").replace("\"", "\\\"")).sorted().limit(MOST).toList();
        } catch (IOException | InvalidPathException e) { // no such folder
            return List.of();
        }
    }

    /** Hidden files are offered to those who ask for them. */
    private static boolean begins(String name, String begun) {
        return name.startsWith(begun) && (begun.startsWith(".") || !name.startsWith("."));
    }
}
