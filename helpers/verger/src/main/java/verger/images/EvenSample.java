package verger.images;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Takes some items of a list, spread evenly over their groups and, inside a group, over its length. */
final class EvenSample {

    private EvenSample() {
    }

    /**
     * Returns {@code size} of the items, in their order and the same ones every time.
     *
     * @param size smaller than the number of items
     */
    static <T, G> List<T> of(List<T> items, Function<T, G> group, int size) {
        Map<G, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            groups.computeIfAbsent(group.apply(items.get(i)), g -> new ArrayList<>()).add(i);
        }
        long level = EvenShares.level(groups.values().stream().mapToLong(List::size).toArray(), size);
        long left = size - groups.values().stream().mapToLong(members -> Math.min(members.size(), level)).sum();
        List<List<Integer>> bySize = new ArrayList<>(groups.values());
        bySize.sort((a, b) -> Integer.compare(b.size(), a.size())); // the largest groups take one more while there are some
        List<Integer> chosen = new ArrayList<>(size);
        for (List<Integer> members : bySize) {
            int share = (int) Math.min(members.size(), level + (left > 0 ? 1 : 0));
            left -= share > level ? 1 : 0;
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
