package verger.kernel.progress;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** How far a stage of Spark's is, in tasks and in images. */
final class StageProgress {

    /** One of two threads of a core, left alone, is up to twice as fast; one of two cores is hardly faster: in the middle. */
    private static final double MOST_FASTER = 1.4;

    /** A task that runs: what it had at which time, in seconds since the stage began. */
    private static final class Running {

        private final int partition;
        private double since;
        private long images;
        /** Whether the time since then was spent on images: the first tasks also wait for the network to be loaded. */
        private boolean counts;

        Running(int partition, double since, boolean counts) {
            this.partition = partition;
            this.since = since;
            this.counts = counts;
        }
    }

    /** What is done with the images, in a word; null while no image came. */
    private String what;
    private final int tasks;
    private final double rows;
    private final long began;
    private long ended;
    /** Tasks that have run at a time. */
    private int most;
    private final Set<Integer> done = new HashSet<>();
    /** By the id of the attempt. */
    private final Map<Long, Running> running = new HashMap<>();
    /** By partition. */
    private final Map<Integer, Long> images = new HashMap<>();
    private final Pace pace = new Pace();

    /**
     * A stage that begins.
     *
     * @param rows  images that its tasks will see if it filters none; 0 if nobody knows
     * @param began in nanoseconds
     */
    StageProgress(int tasks, double rows, long began) {
        this.tasks = tasks;
        this.rows = rows;
        this.began = began;
    }

    private double seconds(long nanos) {
        return (nanos - began) / 1e9;
    }

    void taskBegan(long attempt, int partition, long now) {
        running.put(attempt, new Running(partition, seconds(now), !images.isEmpty()));
        most = Math.max(most, running.size());
    }

    void taskEnded(long attempt, int partition, boolean successful) {
        running.remove(attempt);
        if (successful) {
            done.add(partition);
        }
    }

    /** An attempt that begins anew says less than the one before, and a copy of a task says the same. */
    void report(String doneWithThem, int partition, long count, long now) {
        what = doneWithThem;
        images.merge(partition, count, Math::max);
        double at = seconds(now);
        for (Running task : running.values()) {
            if (task.partition == partition && task.images != count) {
                if (task.counts && count > task.images) {
                    pace.add(at, at - task.since, count - task.images);
                }
                task.images = count;
                task.since = at;
                task.counts = true;
            }
        }
    }

    void goOn() {
        ended = 0;
    }

    void end(long nanos) {
        ended = nanos;
        running.clear();
    }

    boolean hasEnded() {
        return ended != 0;
    }

    long began() {
        return began;
    }

    /** In nanoseconds; that of now if it runs. */
    long ended(long now) {
        return ended == 0 ? now : ended;
    }

    String what() {
        return what;
    }

    int tasks() {
        return tasks;
    }

    int tasksDone() {
        return done.size();
    }

    long images() {
        return sum(images.values());
    }

    private static long sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Images a second, as long as so many tasks run; NaN while too little is known. */
    double perSecond() {
        return running.isEmpty() ? Double.NaN : running.size() * faster(running.size()) / pace.secondsOfTask();
    }

    /** Images of all tasks: known, or what tasks that have ended say of the others; NaN while nobody knows. */
    double allImages() {
        return done.size() == tasks ? images() : imagesOfTask() * tasks;
    }

    /** Whether {@link #allImages} is what was known before. */
    boolean isKnown() {
        return rows > 0 && Math.abs(allImages() - rows) < 0.5;
    }

    private double imagesOfTask() {
        double known = rows > 0 ? rows / tasks : Double.NaN;
        if (done.isEmpty()) {
            return known;
        }
        double mean = done.stream().mapToLong(partition -> images.getOrDefault(partition, 0L)).sum() / (double) done.size();
        return Math.abs(mean - known) < 1 ? known : mean; // Spark's partitions of a list differ by one at most
    }

    /**
     * Seconds until the last image: each task that runs has a rest, and those that wait follow it where one ends first, so that
     * the last may be alone. NaN while too little is known.
     */
    double secondsLeft(long now) {
        double each = imagesOfTask();
        double whole = each * pace.secondsOfTask();
        if (Double.isNaN(whole) || running.isEmpty()) {
            return Double.NaN;
        }
        PriorityQueue<Double> ends = new PriorityQueue<>();
        Set<Integer> partitions = new HashSet<>();
        for (Running task : running.values()) {
            if (partitions.add(task.partition)) {
                double spent = task.counts ? seconds(now) - task.since : 0;
                ends.add(Math.max(0, (each - task.images) * pace.secondsOfTask() - spent));
            }
        }
        for (int waiting = tasks - done.size() - partitions.size(); waiting > 0; waiting--) {
            ends.add(ends.remove() + whole);
        }
        double seconds = 0;
        double before = 0;
        while (!ends.isEmpty()) {
            seconds += (ends.element() - before) / faster(ends.size());
            before = ends.remove();
        }
        return seconds;
    }

    /** How much faster so few tasks are than as many as there have been, whose cores and memory they have for themselves. */
    private double faster(int few) {
        return Math.min(MOST_FASTER, Math.sqrt((double) most / few));
    }
}
