package verger.charts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import verger.images.EvenShares;

/** The images that a chart shows, spread evenly over the classes, and how many there are in all. */
final class Sample {

    /** Of classes that a chart of marks can show; a photo library with a folder a day has more. */
    static final int MOST_CLASSES = 1000;

    /**
     * How many images a chart shows.
     *
     * @param images   in all, though at least one of each class
     * @param perClass of one class
     * @param classes  if there are more, only so many of those with the most images are shown
     */
    record Limits(int images, int perClass, int classes) {

        Limits(int images) {
            this(images, images, MOST_CLASSES);
        }

        /** The classes that are shown. */
        Set<String> shown(Map<String, Long> counts) {
            return counts.size() <= classes ? counts.keySet() : counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                    .limit(classes).map(Map.Entry::getKey).collect(Collectors.toSet());
        }

        /** How many images of one class are shown. */
        int level(Map<String, Long> counts) {
            long[] largest = counts.values().stream().sorted(Comparator.reverseOrder()).limit(classes)
                    .mapToLong(Long::longValue).toArray();
            return (int) Math.max(1, Math.min(EvenShares.level(largest, images), perClass));
        }
    }

    private final List<Item> items;
    private final Map<String, Long> counts;
    private final long leftOut;
    private final Limits limits;

    /**
     * A sample that has been taken.
     *
     * @param items   the images that are shown
     * @param counts  images of each class that could be shown
     * @param leftOut images that could not: without a projection, or without content
     */
    Sample(List<Item> items, Map<String, Long> counts, long leftOut, Limits limits) {
        this.items = shuffled(items); // or a class would lie on top of the others for its place in the alphabet
        this.counts = counts;
        this.leftOut = leftOut;
        this.limits = limits;
    }

    /** @throws IllegalArgumentException if there is no image that could be shown */
    static void requireSome(Map<String, Long> counts, long leftOut) {
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to draw: 0 images"
                    + (leftOut == 0 ? "." : ", and " + leftOut + " without a finite projection or content."));
        }
    }

    /**
     * Takes a sample, the same of the same list.
     *
     * @throws IllegalArgumentException if there is no image
     */
    static Sample of(List<Item> all, long leftOut, Limits limits) {
        Map<String, Long> counts = all.stream().collect(Collectors.groupingBy(Item::label, Collectors.counting()));
        requireSome(counts, leftOut);
        Set<String> shown = limits.shown(counts);
        int level = limits.level(counts);
        Map<String, Integer> taken = new HashMap<>();
        List<Item> items = shuffled(all).stream()
                .filter(item -> shown.contains(item.label()) && taken.merge(item.label(), 1, Integer::sum) <= level).toList();
        return new Sample(items, counts, leftOut, limits);
    }

    private static List<Item> shuffled(List<Item> items) {
        List<Item> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, new Random(1));
        return shuffled;
    }

    /** The images that are shown, in a random order. */
    List<Item> items() {
        return items;
    }

    /** Number of images that could be shown. */
    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of images that could not. */
    long leftOut() {
        return leftOut;
    }

    /** The classes that are shown, in the order of the alphabet. */
    List<String> classes() {
        return Classes.sorted(limits.shown(counts));
    }

    /** Number of classes, shown or not. */
    int classCount() {
        return counts.size();
    }

    /** A sentence that says which classes are not shown, with a space before it, or nothing. */
    String classesNote() {
        return counts.size() <= limits.classes() ? ""
                : " Only the " + Text.count(limits.classes()) + " classes with the most images are shown.";
    }
}
