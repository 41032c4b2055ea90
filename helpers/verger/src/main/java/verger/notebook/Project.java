package verger.notebook;

import verger.files.ProjectFolder;

/** Finds what belongs to the project of a notebook. */
public final class Project {

    private Project() {
    }

    /**
     * Finds the project's own folders from wherever a notebook is run: {@code data-sample} means the one of the project,
     * unless there is one where the kernel was started.
     *
     * @param path a path or a URI
     * @return the same, or the URI of that folder in the project if it exists there alone
     */
    public static String path(String path) {
        return ProjectFolder.path(path);
    }
}
