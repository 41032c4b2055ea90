package verger.similar;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Joins pairs of images into groups (union-find): each image is like another one of its group (single linkage).
 *
 * <p>It holds one entry for an image, however many pairs there are: its parent, and its largest cosine with another image.
 */
final class Groups implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, Double> largest = new HashMap<>();

    void pair(String a, String b, double cosine) {
        largest.merge(a, cosine, Math::max);
        largest.merge(b, cosine, Math::max);
        join(a, b);
    }

    private void join(String a, String b) {
        String rootA = root(a);
        String rootB = root(b);
        if (!rootA.equals(rootB)) {
            boolean aFirst = rootA.compareTo(rootB) < 0;
            parents.put(aFirst ? rootB : rootA, aFirst ? rootA : rootB);
        }
    }

    private String root(String id) {
        String root = id;
        for (String parent = parents.get(root); parent != null; parent = parents.get(root)) {
            root = parent;
        }
        for (String step = id; !step.equals(root);) {
            String next = parents.put(step, root);
            step = next;
        }
        return root;
    }

    Groups merge(Groups other) {
        other.largest.forEach((id, cosine) -> largest.merge(id, cosine, Math::max));
        other.parents.forEach(this::join);
        return this;
    }

    /** The largest cosine of an image with another one. */
    double largest(String id) {
        return largest.get(id);
    }

    /** The groups, each sorted, in the order of their first images. */
    Collection<List<String>> all() {
        Map<String, List<String>> groups = new TreeMap<>();
        for (String id : new TreeSet<>(largest.keySet())) {
            groups.computeIfAbsent(root(id), first -> new ArrayList<>()).add(id);
        }
        return groups.values();
    }
}
