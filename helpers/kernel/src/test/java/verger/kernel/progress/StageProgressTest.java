package verger.kernel.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages whose course is made up, looked at as the kernel does. */
class StageProgressTest {

    private static final int BATCH = 16;
    private static final double TICK = 0.25;

    /** A look at a stage: the share of its images that was done, and the seconds that were left, as said and in truth. */
    private record Look(double share, double said, double truth) {
    }

    /** One task after the other, a batch at a time. */
    private static final class Slot {

        private int task = -1;
        private int done;
        private double batchEnds = Double.POSITIVE_INFINITY;
    }

    /**
     * Runs a stage.
     *
     * @param sizes   images of each task
     * @param slots   tasks at a time
     * @param warmUp  seconds until the first batch begins
     * @param seconds for an image on one slot, in the mean; a batch takes up to 30 % more or less
     * @param alone   how much faster a task is that has all cores for itself, at most
     * @param known   whether the number of images is
     */
    private static List<Look> run(int[] sizes, int slots, double warmUp, double seconds, double alone, boolean known) {
        double all = Arrays.stream(sizes).sum();
        StageProgress stage = new StageProgress(sizes.length, known ? all : 0, 0);
        Random noise = new Random(7);
        List<Slot> running = new ArrayList<>();
        int waiting = 0;
        for (; waiting < Math.min(slots, sizes.length); waiting++) {
            Slot slot = new Slot();
            slot.task = waiting;
            slot.batchEnds = warmUp + batch(sizes[waiting], seconds, noise);
            stage.taskBegan(waiting, waiting, 0);
            running.add(slot);
        }
        List<Look> looks = new ArrayList<>();
        double now = 0;
        double tick = TICK;
        while (running.stream().anyMatch(slot -> slot.task >= 0)) {
            Slot next = running.stream().reduce((a, b) -> a.batchEnds <= b.batchEnds ? a : b).orElseThrow();
            for (; tick < next.batchEnds; tick += TICK) {
                looks.add(new Look(stage.images() / all, stage.secondsLeft((long) (tick * 1e9)), tick));
            }
            now = next.batchEnds;
            next.done = Math.min(sizes[next.task], next.done + BATCH);
            stage.report("featurize", next.task, next.done, (long) (now * 1e9));
            if (next.done == sizes[next.task]) {
                stage.taskEnded(next.task, next.task, true);
                next.task = waiting < sizes.length ? waiting++ : -1;
                next.done = 0;
                if (next.task >= 0) {
                    stage.taskBegan(next.task, next.task, (long) (now * 1e9));
                }
            }
            double speed = Math.min(alone, slots / (double) running.stream().filter(slot -> slot.task >= 0).count());
            next.batchEnds = next.task < 0 ? Double.POSITIVE_INFINITY
                    : now + batch(sizes[next.task] - next.done, seconds, noise) / speed;
        }
        double end = now;
        return looks.stream().map(look -> new Look(look.share, look.said, end - look.truth)).toList();
    }

    private static double batch(int images, double seconds, Random noise) {
        return Math.min(BATCH, images) * seconds * (0.7 + 0.6 * noise.nextDouble());
    }

    private static int[] alike(int images, int tasks) {
        int[] sizes = new int[tasks];
        for (int i = 0; i < tasks; i++) { // as Spark cuts a list
            sizes[i] = (int) ((long) (i + 1) * images / tasks - (long) i * images / tasks);
        }
        return sizes;
    }

    /** The laptop, two cores and few tasks; a cluster; a slow network; one task alone; fewer tasks than slots. */
    @ParameterizedTest
    @CsvSource({
        "3000,   13,  2,  3, 0.008,  1",
        "3000,   13,  2,  3, 0.008,  2",
        "78572, 300,  2,  2, 0.0073, 1",
        "78572, 300, 16,  8, 0.02,   1.5",
        "2000,    9,  2,  4, 0.08,   1",
        "2000,    9,  2,  4, 0.08,   1.7",
        "2000,    5,  2,  1, 0.04,   1",
        "2000,    5,  2,  1, 0.04,   1.7",
        "2000,    1,  2,  2, 0.04,   1",
        "2000,    8, 16,  2, 0.2,    1"})
    void whatIsLeftIsTrueToAQuarterAfterTheFirstTenth(int images, int tasks, int slots, double warmUp, double seconds,
            double alone) {
        List<Look> looks = run(alike(images, tasks), slots, warmUp, seconds, alone, true);

        assertThat(looks).filteredOn(look -> look.share >= 0.1 && look.truth >= 2).isNotEmpty().allSatisfy(
                look -> assertThat(look.said).isBetween(0.75 * look.truth - 1, 1.25 * look.truth + 1));
    }

    @Test
    void whereNobodyKnowsTheNumberTheFirstTasksTellOfTheOthers() {
        List<Look> looks = run(alike(6000, 40), 2, 2, 0.01, 1, false);

        assertThat(looks).filteredOn(look -> look.share < 0.04).allSatisfy(look -> assertThat(look.said).isNaN());
        assertThat(looks).filteredOn(look -> look.share >= 0.1 && look.truth >= 2).isNotEmpty().allSatisfy(
                look -> assertThat(look.said).isBetween(0.75 * look.truth - 1, 1.25 * look.truth + 1));
    }

    @Test
    void whatAFilterLeavesOutIsLearned() {
        StageProgress stage = new StageProgress(4, 400, 0); // 100 images a task, of which 25 come
        stage.taskBegan(0, 0, 0);
        stage.report("featurize", 0, 25, 1);
        assertThat(stage.allImages()).isEqualTo(400);
        stage.taskEnded(0, 0, true);

        assertThat(stage.allImages()).isEqualTo(100);
        assertThat(stage.isKnown()).isFalse();
    }

    @Test
    void aTaskThatIsRunAgainIsCountedOnce() {
        StageProgress stage = new StageProgress(1, 100, 0);
        stage.taskBegan(0, 0, 0);
        stage.report("featurize", 0, 80, 1);
        stage.taskEnded(0, 0, false);
        stage.taskBegan(1, 0, 0);
        stage.report("featurize", 0, 16, 1);
        assertThat(stage.images()).isEqualTo(80);
        assertThat(stage.tasksDone()).isZero();
        stage.report("featurize", 0, 100, 1);
        stage.taskEnded(1, 0, true);

        assertThat(stage.images()).isEqualTo(100);
        assertThat(stage.tasksDone()).isEqualTo(1);
    }
}
