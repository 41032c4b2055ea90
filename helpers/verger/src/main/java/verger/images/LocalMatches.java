package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobPattern;
import verger.files.LocalPath;
import verger.files.UserPath;

/**
 * The files and folders of this machine's disks that a path, a URI or a pattern means. A pattern means what it means in Hadoop:
 * {@code *}, {@code ?}, {@code [a-c]}, {@code [^a]}, <code>{a,b/c}</code>, and a backslash before a letter that stands for itself.
 *
 * @param paths  what is there of that name, absolute
 * @param hidden what a pattern matches, and is passed over as its name begins with _ or .
 * @param place  the deepest folder that the pattern leaves no choice of
 */
record LocalMatches(Set<Path> paths, Set<Path> hidden, Path place) {

    private static final Pattern GLOB = Pattern.compile("[*?\\[{\\\\]");

    /** @throws FileNotFoundException if there is nothing of that name */
    static LocalMatches of(String uri) throws IOException {
        Path literal = UserPath.local(uri);
        if (exists(literal)) {
            return one(literal);
        }
        LocalMatches matches = matches(uri.replaceFirst("^file:(//(?=/))?", ""));
        if (matches.paths.isEmpty() && matches.hidden.isEmpty()) {
            throw new FileNotFoundException("there is no folder, file or match of that name (looked for file:"
                    + LocalPath.origin(literal) + ")");
        }
        return matches;
    }

    /** Whether it is no pattern. */
    boolean isOne() {
        return paths.equals(Set.of(place));
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static LocalMatches one(Path path) throws IOException {
        Path plain = path.normalize();
        boolean same = plain.equals(path) || exists(plain) && Files.isSameFile(plain, path); // not where a link comes before ..
        Path named = same ? plain : path;
        return new LocalMatches(Set.of(named), Set.of(), named);
    }

    private static LocalMatches matches(String pattern) throws IOException {
        LocalMatches all = new LocalMatches(new LinkedHashSet<>(), new LinkedHashSet<>(), place(pattern));
        for (String alternative : GlobExpander.expand(pattern)) {
            all.match(start(alternative), names(alternative));
        }
        return all;
    }

    private static Path start(String path) throws IOException {
        return LocalPath.of(path.startsWith("/") ? "/" : "").normalize();
    }

    private static List<String> names(String path) {
        List<String> names = new ArrayList<>(List.of(path.split("/")));
        names.removeIf(name -> name.isEmpty() || name.equals("."));
        return names;
    }

    private static Path place(String pattern) throws IOException {
        Path place = start(pattern);
        for (String name : names(pattern)) {
            if (GLOB.matcher(name).find()) {
                break;
            }
            place = LocalPath.of(place, name);
        }
        return place;
    }

    private void match(Path folder, List<String> names) throws IOException {
        if (names.isEmpty()) {
            paths.add(folder);
            return;
        }
        List<String> rest = names.subList(1, names.size());
        GlobPattern pattern = new GlobPattern(names.get(0));
        if (!pattern.hasWildcard()) {
            Path named = LocalPath.of(folder, names.get(0).replaceAll("\\\\(.)", "$1"));
            if (exists(named)) {
                match(named, rest);
            }
            return;
        }
        for (Path child : children(folder)) {
            String path = LocalPath.shown(LocalPath.origin(child));
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (!pattern.matches(name)) {
                continue;
            }
            if (Listing.isHidden(name)) {
                hidden.add(child);
            } else {
                match(child, rest);
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try {
            List<Path> children = LocalFiles.children(folder);
            children.sort(null);
            return children;
        } catch (NotDirectoryException | NoSuchFileException e) {
            return List.of(); // a pattern looks for folders, and passes over files
        }
    }
}
