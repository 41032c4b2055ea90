package verger.images;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is below a folder.
 *
 * @param place    the folder itself, or the deepest one that a pattern leaves no choice of: what must be there to read the files
 * @param files    sorted by origin, no two with the same
 * @param hidden   by folder the number of names in it that begin with _ or . and were passed over, files and folders
 * @param repeated folders that were met a second time, by a link or a mount
 */
record Listing(String place, List<ListedFile> files, SortedMap<String, Long> hidden, List<Repeated> repeated) {

    /**
     * A folder that was met a second time.
     *
     * @param before the same folder, whose files are listed
     */
    record Repeated(String folder, String before) {

        @Override
        public String toString() {
            return folder + " is " + before + " once more";
        }
    }

    Listing {
        files = Collections.unmodifiableList(files);
        hidden = Collections.unmodifiableSortedMap(hidden);
    }

    static SortedMap<String, Long> nothingHidden() {
        return new TreeMap<>();
    }

    static boolean isHidden(String name) {
        return !name.isEmpty() && isHidden(name.charAt(0));
    }

    /** @param first letter of a name */
    static boolean isHidden(char first) {
        return first == '_' || first == '.';
    }

    static void hide(Map<String, Long> hidden, String folder) {
        hidden.merge(folder, 1L, Long::sum);
    }

    long hiddenNames() {
        return hidden.values().stream().mapToLong(Long::longValue).sum();
    }
}
