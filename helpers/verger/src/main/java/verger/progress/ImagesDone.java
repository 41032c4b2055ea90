package verger.progress;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Counts the images that each task has behind it, those that cannot be used included.
 *
 * <p>Spark's accumulators say nothing of a task that runs but with the executor's heartbeat, every ten seconds. Here the tasks of
 * this JVM can be asked at any time; those of executors are told to the driver by {@link ProgressPlugin}.
 */
public final class ImagesDone {

    /**
     * The images of one partition so far. It counts from the task's beginning, so that one that is lost or comes twice does no harm.
     *
     * @param what      is done with them, in a word, such as {@code featurize}
     * @param stage     Spark's number of the stage
     * @param partition the task's place in the stage, from 0 on
     * @param images    0 or more
     */
    public record Report(String what, int stage, int partition, long images) implements Serializable {
    }

    private record Counter(String what, int stage, int partition, AtomicLong images) {

        Report report() {
            return new Report(what, stage, partition, images.get());
        }
    }

    /** By the id of the task's attempt. */
    private static final Map<Long, Counter> RUNNING = new ConcurrentHashMap<>();
    private static final List<Consumer<Report>> LISTENERS = new CopyOnWriteArrayList<>();

    private ImagesDone() {
    }

    /**
     * The task of this thread has more images behind it; outside of a task nothing is counted.
     *
     * @param what is done with them, in a word
     */
    public static void add(String what, int images) {
        TaskContext task = TaskContext.get();
        if (task != null) {
            RUNNING.computeIfAbsent(task.taskAttemptId(), id -> begin(what, task)).images.addAndGet(images);
        }
    }

    private static Counter begin(String what, TaskContext task) {
        task.addTaskCompletionListener((TaskCompletionListener) ended -> {
            Counter counter = RUNNING.remove(ended.taskAttemptId());
            if (counter != null) {
                tell(counter.report());
            }
        });
        return new Counter(what, task.stageId(), task.partitionId(), new AtomicLong());
    }

    /** How far the tasks are that run in this JVM and have counted any. */
    public static List<Report> running() {
        return RUNNING.values().stream().map(Counter::report).toList();
    }

    /** From now on this hears of every task of this JVM that ends, in the task's thread, and of what executors tell. */
    public static void listen(Consumer<Report> listener) {
        LISTENERS.add(listener);
    }

    static void tell(Report report) {
        LISTENERS.forEach(listener -> listener.accept(report));
    }
}
