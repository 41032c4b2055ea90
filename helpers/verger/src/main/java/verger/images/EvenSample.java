package verger.images;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Some items of a list, spread evenly over their groups and, inside a group, over its length. */
final class EvenSample {

    private EvenSample() {
    }

    /** At most {@code size} of the items, in their order; the same ones every time. */
    static <T, G> List<T> of(List<T> items, Function<T, G> group, int size) {
        Map<G, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            groups.computeIfAbsent(group.apply(items.get(i)), g -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> bySize = new ArrayList<>(groups.values());
        bySize.sort((a, b) -> Integer.compare(a.size(), b.size())); // what a small group leaves goes to the larger ones
        List<Integer> chosen = new ArrayList<>(size);
        for (int g = 0; g < bySize.size(); g++) {
            List<Integer> members = bySize.get(g);
            int share = Math.min(members.size(), (size - chosen.size()) / (bySize.size() - g));
            for (int i = 0; i < share; i++) {
                chosen.add(members.get((int) ((long) i * members.size() / share)));
            }
        }
        chosen.sort(null);
        List<T> sample = new ArrayList<>(chosen.size());
        chosen.forEach(i -> sample.add(items.get(i)));
        return sample;
    }
}
