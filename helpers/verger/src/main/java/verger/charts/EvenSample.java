package verger.charts;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import verger.images.EvenShares;

/**
 * Keeps a limited number of images, spread evenly over the classes, of a stream or of the partitions of a Dataset: one
 * pass, and never many more in memory than are drawn.
 *
 * <p>Of each class those of the lowest random order are kept, up to a level that is the same for all classes. The level
 * only falls while counts grow, so what a part has dropped no whole would have kept: the sample does not depend on the
 * partitions.
 */
final class EvenSample implements Serializable {

    /** Of classes that a chart of marks can show; a photo library with a folder a day has more. */
    static final int MOST_CLASSES = 1000;

    private final int limit;
    private final int perClass;
    private final int mostClasses;
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, List<Item>> kept = new HashMap<>();
    private long keptCount;
    private long fullAt = 64;
    private long leftOut;

    /**
     * An empty sample.
     *
     * @param limit       images in all, though at least one of each class
     * @param perClass    images of one class
     * @param mostClasses if there are more, only so many of those with the most images are kept
     */
    EvenSample(int limit, int perClass, int mostClasses) {
        this.limit = limit;
        this.perClass = perClass;
        this.mostClasses = mostClasses;
    }

    EvenSample(int limit, int perClass) {
        this(limit, perClass, MOST_CLASSES);
    }

    EvenSample add(Item item) {
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
     * @throws IllegalArgumentException if there is no image
     */
    List<Item> items() {
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to draw: 0 images"
                    + (leftOut == 0 ? "." : ", and " + leftOut + " without a finite projection or content."));
        }
        trim();
        List<Item> items = new ArrayList<>();
        shown().forEach(label -> items.addAll(kept.get(label)));
        items.sort(Comparator.comparingLong(Item::order));
        return items;
    }

    /** Gives the images of the sample their files. */
    void setContents(Map<Long, byte[]> byKey) {
        kept.values().forEach(items -> items.replaceAll(item -> item.withContent(byKey.get(item.key()))));
    }

    /** Number of images that could be drawn. */
    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of images that could not. */
    long leftOut() {
        return leftOut;
    }

    /** The classes that are shown, in the order of the alphabet. */
    List<String> classes() {
        return Classes.sorted(shown());
    }

    /** Number of classes, shown or not. */
    int classCount() {
        return counts.size();
    }

    /** A sentence that says which classes are not shown, with a space before it, or nothing. */
    String classesNote() {
        return counts.size() <= mostClasses ? ""
                : " Only the " + Text.count(mostClasses) + " classes with the most images are shown.";
    }

    /** The largest classes. Of a part of the images they are others than of all, so the rest is dropped at the end only. */
    private Set<String> shown() {
        if (counts.size() <= mostClasses) {
            return counts.keySet();
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(mostClasses)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void trimIfFull() {
        if (keptCount > fullAt && keptCount > 1.5 * Math.min(limit, (long) perClass * counts.size())) {
            trim();
            fullAt = Math.max(64, 2 * keptCount); // or each image of a class of its own would make it trim again
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

    /** Images of one class; of the largest classes, whatever part has been counted, so that it never falls too low. */
    private int level() {
        long[] largest = counts.values().stream().sorted(Comparator.reverseOrder()).limit(mostClasses)
                .mapToLong(Long::longValue).toArray();
        return (int) Math.max(1, Math.min(EvenShares.level(largest, limit), perClass));
    }
}
