package verger.kernel.progress;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.storage.RDDInfo;
import scala.collection.JavaConverters;
import verger.progress.ImagesDone;
import verger.progress.KnownRows;

/** The jobs and stages of the cell that runs. What a thread does that an earlier cell has left behind is not among them. */
final class CellJobs extends SparkListener {

    /** Spark's own name of the property that has the tags of a job, with commas between. */
    private static final String TAGS = "spark.job.tags";

    /** Begins the tags that statements of cells give their jobs. */
    private static final String OURS = "verger-";

    private static final int MOST_TAGS = 10_000;

    private final LongSupplier clock;
    /** The cell that ran when a tag was first seen; 0 if none did. */
    private final Map<String, Long> cells = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_TAGS;
        }
    };
    private final Map<Integer, StageProgress> stages = new HashMap<>();
    private final Set<Integer> stagesOfCell = new HashSet<>();
    private final Set<Integer> active = new HashSet<>();
    private long begun;
    private boolean running;
    private int jobs;
    private long jobNanos;
    private long jobsSince;

    /** @param clock in nanoseconds */
    CellJobs(LongSupplier clock) {
        this.clock = clock;
    }

    /** A cell begins. */
    synchronized void begin() {
        begun++;
        running = true;
        forget();
    }

    /** No cell runs, and what is known of the last one stays. */
    synchronized void end() {
        running = false;
    }

    /** Another SparkContext numbers its jobs and stages anew. */
    synchronized void forget() {
        stages.clear();
        stagesOfCell.clear();
        active.clear();
        jobs = 0;
        jobNanos = 0;
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
        String tags = job.properties() == null ? null : job.properties().getProperty(TAGS);
        if (!isOfCell(tags == null ? List.of() : List.of(tags.split(",")))) {
            return;
        }
        if (active.isEmpty()) {
            jobsSince = clock.getAsLong();
        }
        active.add(job.jobId());
        jobs++;
        JavaConverters.seqAsJavaList(job.stageInfos()).forEach(stage -> stagesOfCell.add(stage.stageId()));
    }

    private boolean isOfCell(List<String> tags) {
        List<String> ours = tags.stream().filter(tag -> tag.startsWith(OURS)).toList();
        boolean ofCell = false;
        for (String tag : ours) {
            ofCell |= cells.computeIfAbsent(tag, t -> running ? begun : 0) == begun;
        }
        return running && (ofCell || ours.isEmpty());
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd job) {
        if (active.remove(job.jobId()) && active.isEmpty()) {
            jobNanos += clock.getAsLong() - jobsSince;
        }
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        StageInfo stage = submitted.stageInfo();
        if (stagesOfCell.contains(stage.stageId())) {
            // One that lost results goes on with those tasks alone.
            stages.computeIfAbsent(stage.stageId(), id -> new StageProgress(stage.numTasks(),
                    KnownRows.ofJob(submitted.properties()).orElse(Math.round(rows(stage))), clock.getAsLong()))
                    .goOn();
        }
    }

    /** Images in what the stage computes, as far as its RDDs tell; of those, as many as it has tasks for. */
    private static double rows(StageInfo stage) {
        List<RDDInfo> all = JavaConverters.seqAsJavaList(stage.rddInfos());
        Set<Integer> named = all.stream().filter(rdd -> KnownRows.of(rdd.name()).isPresent()).map(RDDInfo::id)
                .collect(Collectors.toSet());
        long rows = 0;
        long partitions = 0;
        for (RDDInfo rdd : all) {
            // One that is made of another may have its name.
            if (named.contains(rdd.id()) && JavaConverters.seqAsJavaList(rdd.parentIds()).stream().noneMatch(named::contains)) {
                rows += KnownRows.of(rdd.name()).getAsLong();
                partitions += rdd.numPartitions();
            }
        }
        // The stage's own is the last that was made. A union with others has more: nobody knows of how many images.
        int own = all.stream().max(Comparator.comparingInt(RDDInfo::id)).map(RDDInfo::numPartitions).orElse(0);
        return own == 0 || own > partitions ? 0 : rows * (double) stage.numTasks() / own;
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
        of(completed.stageInfo().stageId(), stage -> stage.end(clock.getAsLong()));
        stages.values().removeIf(stage -> stage.hasEnded() && stage.images() == 0); // a tuning has ten thousand of them
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
        of(task.stageId(), stage -> stage.taskBegan(task.taskInfo().taskId(), task.taskInfo().partitionId(),
                clock.getAsLong()));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        of(task.stageId(), stage -> stage.taskEnded(task.taskInfo().taskId(), task.taskInfo().partitionId(),
                task.taskInfo().successful()));
    }

    /** Hears of images. */
    synchronized void report(ImagesDone.Report report) {
        of(report.stage(), stage -> stage.report(report.what(), report.partition(), report.images(), clock.getAsLong()));
    }

    private void of(int id, Consumer<StageProgress> then) {
        StageProgress stage = stages.get(id);
        if (stage != null) {
            then.accept(stage);
        }
    }

    /** Asks the tasks of this JVM, which tell by themselves only that they have ended. */
    synchronized void sample() {
        ImagesDone.running().forEach(this::report);
    }

    /** How far the cell is. */
    synchronized Snapshot now() {
        long now = clock.getAsLong();
        List<StageProgress> running = stages.values().stream().filter(stage -> !stage.hasEnded()).toList();
        List<StageProgress> withImages = running.stream().filter(stage -> stage.images() > 0).toList();
        return new Snapshot(
                active.size(),
                running.stream().mapToInt(StageProgress::tasksDone).sum(),
                running.stream().mapToInt(StageProgress::tasks).sum(),
                withImages.stream().max(Comparator.comparingLong(StageProgress::images)).map(StageProgress::what).orElse(null),
                withImages.stream().mapToLong(StageProgress::images).sum(),
                withImages.stream().mapToDouble(StageProgress::allImages).sum(),
                withImages.stream().allMatch(StageProgress::isKnown),
                withImages.stream().mapToDouble(StageProgress::perSecond).sum(),
                // NaN is the largest of all
                withImages.stream().mapToDouble(stage -> stage.secondsLeft(now)).max().orElse(Double.NaN));
    }

    /** What the cell has done so far. */
    synchronized Done done() {
        long now = clock.getAsLong();
        List<StageProgress> withImages = stages.values().stream().filter(stage -> stage.images() > 0)
                .sorted(Comparator.comparingLong(StageProgress::began)).toList();
        long nanos = 0;
        long until = Long.MIN_VALUE;
        for (StageProgress stage : withImages) { // they may overlap
            long from = Math.max(until, stage.began());
            until = Math.max(until, stage.ended(now));
            nanos += Math.max(0, until - from);
        }
        return new Done(withImages.stream().mapToLong(StageProgress::images).sum(), nanos / 1e9, jobs,
                (jobNanos + (active.isEmpty() ? 0 : now - jobsSince)) / 1e9);
    }

    /**
     * How far a cell is.
     *
     * @param jobs        that run
     * @param tasksDone   of the stages that run
     * @param what        is done with images; null if there are none
     * @param images      so far
     * @param allImages   of these stages; NaN while nobody knows
     * @param known       whether that is no estimate
     * @param perSecond   images; NaN while too little is known
     * @param secondsLeft until the last image, likewise
     */
    record Snapshot(int jobs, int tasksDone, int tasks, String what, long images, double allImages, boolean known,
            double perSecond, double secondsLeft) {
    }

    /** What a cell has done: images and jobs, and in how many seconds each. */
    record Done(long images, double imageSeconds, int jobs, double jobSeconds) {
    }
}
