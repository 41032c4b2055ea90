package verger.charts;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a limited number of images, spread evenly over the classes, of a stream or of the partitions of a Dataset: one
 * pass, and never many more in memory than are drawn.
 *
 * <p>Of each class those of the lowest random order are kept, up to a level that is the same for all classes. The level
 * only falls while counts grow, so what a part has dropped no whole would have kept: the sample does not depend on the
 * partitions.
 */
final class EvenSample implements Serializable {

    private static final int MOST_CLASSES = 1000;

    private final int limit;
    private final int perClass;
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, List<Item>> kept = new HashMap<>();
    private long keptCount;
    private long leftOut;

    /**
     * An empty sample.
     *
     * @param limit    images in all, though at least one of each class
     * @param perClass images of one class
     */
    EvenSample(int limit, int perClass) {
        this.limit = limit;
        this.perClass = perClass;
    }

    EvenSample add(Item item) {
        if (counts.size() > MOST_CLASSES) {
            return this;
        }
        counts.merge(item.label(), 1L, Long::sum);
        kept.computeIfAbsent(item.label(), label -> new ArrayList<>()).add(item);
        keptCount++;
        trimIfFull();
        return this;
    }

    /** Counts an image that cannot be drawn: without a projection, or without content. */
    EvenSample leaveOut() {
        leftOut++;
        return this;
    }

    EvenSample merge(EvenSample other) {
        other.counts.forEach((label, count) -> counts.merge(label, count, Long::sum));
        other.kept.forEach((label, items) -> kept.computeIfAbsent(label, l -> new ArrayList<>()).addAll(items));
        keptCount += other.keptCount;
        leftOut += other.leftOut;
        trimIfFull();
        return this;
    }

    /**
     * The sample, in random order: no class lies on top of the others for the place of its name in the alphabet.
     *
     * @throws IllegalArgumentException if there is no image, or there are more classes than a chart can show
     */
    List<Item> items() {
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to draw: 0 images"
                    + (leftOut == 0 ? "." : ", and " + leftOut + " without a finite projection or content."));
        }
        if (counts.size() > MOST_CLASSES) {
            throw new IllegalArgumentException("A chart of classes shows at most " + MOST_CLASSES
                    + ": the labels have more different values, such as \"" + counts.keySet().iterator().next() + "\".");
        }
        trim();
        List<Item> items = new ArrayList<>();
        kept.values().forEach(items::addAll);
        items.sort(Comparator.comparingLong(Item::order));
        return items;
    }

    /** Number of images that could be drawn. */
    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of images that could not. */
    long leftOut() {
        return leftOut;
    }

    List<String> classes() {
        return Classes.sorted(counts.keySet());
    }

    private void trimIfFull() {
        if (keptCount > Math.max(64, 1.5 * Math.min(limit, (long) perClass * counts.size()))) {
            trim();
        }
    }

    private void trim() {
        int level = level();
        keptCount = 0;
        for (List<Item> items : kept.values()) {
            if (items.size() > level) {
                items.sort(Comparator.comparingLong(Item::order));
                items.subList(level, items.size()).clear();
            }
            keptCount += items.size();
        }
    }

    /** The largest number of images of one class with which all classes together stay within the limit. */
    private int level() {
        long[] sorted = counts.values().stream().mapToLong(Long::longValue).sorted().toArray();
        long left = limit;
        for (int i = 0; i < sorted.length; i++) {
            long share = left / (sorted.length - i);
            if (sorted[i] > share) {
                return (int) Math.max(1, Math.min(share, perClass));
            }
            left -= sorted[i];
        }
        return perClass;
    }
}
