package verger.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.junit.jupiter.api.Test;
import verger.TestSpark;
import verger.progress.ImagesDone.Report;

class ImagesDoneTest {

    private static final String WHAT = "turn";

    /** What the tasks of this JVM said of themselves while they ran. */
    private static final List<Report> WHILE_RUNNING = new CopyOnWriteArrayList<>();

    @Test
    void tasksAreCountedWhileTheyRunAndWhenTheyEnd() {
        List<Report> ended = new CopyOnWriteArrayList<>();
        ImagesDone.listen(report -> {
            if (report.what().equals(WHAT)) {
                ended.add(report);
            }
        });
        JavaSparkContext context = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());

        context.parallelize(IntStream.range(0, 10).boxed().toList(), 2).foreach((VoidFunction<Integer>) image -> {
            ImagesDone.add(WHAT, 3);
            WHILE_RUNNING.addAll(ImagesDone.running());
        });

        assertThat(ended).extracting(Report::partition).containsExactlyInAnyOrder(0, 1);
        assertThat(ended).extracting(Report::images).containsOnly(15L);
        assertThat(WHILE_RUNNING).extracting(Report::images).contains(3L, 6L, 9L, 12L, 15L);
        assertThat(ImagesDone.running()).isEmpty();
    }

    @Test
    void outsideOfATaskNothingIsCounted() {
        ImagesDone.add(WHAT, 3);

        assertThat(ImagesDone.running()).isEmpty();
    }

    @Test
    void aNameTellsHowManyImagesThereAre() {
        assertThat(KnownRows.of(KnownRows.name(78_572))).hasValue(78_572);
        assertThat(KnownRows.of("MapPartitionsRDD")).isEmpty();
        assertThat(KnownRows.of(null)).isEmpty();
    }
}
