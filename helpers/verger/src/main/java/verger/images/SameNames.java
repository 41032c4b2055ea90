package verger.images;

import java.util.ArrayList;
import java.util.List;

/**
 * Keys of S3 that are one path for Hadoop: it takes {@code a//b.jpg} for {@code a/b.jpg}, and whoever opens one gets the other, or
 * nothing.
 */
final class SameNames {

    static final String REASON = "unreadable: the key holds // or another empty name, which Hadoop cannot open: "
            + "copy the object to a key without";

    private SameNames() {
    }

    /**
     * Gives each file a name of its own: of those that Hadoop cannot tell apart, the last one can be opened.
     *
     * @param files sorted by their origins, and those of one origin as S3 sorts keys: {@code a//b.jpg} comes before {@code a/b.jpg}
     */
    static List<ListedFile> told(List<ListedFile> files) {
        List<ListedFile> told = new ArrayList<>(files);
        for (int i = files.size() - 2; i >= 0; i--) {
            ListedFile file = files.get(i);
            if (file.origin().equals(files.get(i + 1).origin())) {
                String after = told.get(i + 1).origin();
                int slash = after.lastIndexOf('/');
                told.set(i,
                        ListedFile.unread(after.substring(0, slash) + "/" + after.substring(slash), file.modified(), REASON));
            }
        }
        return told;
    }
}
