package verger.files;

import java.nio.file.Files;
import java.nio.file.Path;
import verger.Settings;

/** The folders of the project that a notebook belongs to, such as {@code data-sample}. */
public final class ProjectFolder {

    private ProjectFolder() {
    }

    /**
     * Finds the project's own folders from wherever a notebook is run: {@code data-sample} means the one of the project,
     * unless there is one where the kernel was started.
     *
     * @param path a path or a URI
     * @return the same, or the URI of that folder in the project if it exists there alone
     */
    public static String path(String path) {
        boolean relative = !path.matches("[A-Za-z][A-Za-z0-9+.-]*:.*") && !Path.of(path).isAbsolute();
        if (relative && Settings.home() != null && !Files.exists(Path.of(path))) {
            Path own = Settings.home().resolve(path);
            return Files.exists(own) ? "file:" + own.toAbsolutePath() : path;
        }
        return path;
    }
}
