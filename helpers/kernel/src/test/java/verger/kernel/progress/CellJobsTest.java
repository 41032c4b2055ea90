package verger.kernel.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import verger.kernel.TestSpark;
import verger.kernel.progress.CellJobs.Snapshot;
import verger.progress.ImagesDone;
import verger.progress.KnownRows;

/** Jobs of a real Spark, whose tasks wait for the test. */
class CellJobsTest {

    private static final long MILLIS = 20_000;

    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch goOn;

    private final SparkContext spark = TestSpark.session().sparkContext();
    private final CellJobs jobs = new CellJobs(System::nanoTime);

    @BeforeEach
    void listen() {
        begun = new CountDownLatch(2);
        goOn = new CountDownLatch(1);
        spark.addSparkListener(jobs);
        ImagesDone.listen(jobs::report);
    }

    @AfterEach
    void forget() {
        goOn.countDown();
        spark.removeSparkListener(jobs);
    }

    private static JavaRDD<Integer> images(int partitions) {
        return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext())
                .parallelize(IntStream.range(0, 40).boxed().toList(), partitions).setName(KnownRows.name(40));
    }

    /** A job in a thread of its own; each of its tasks waits after its first image. */
    private Thread start(String tag, JavaRDD<Integer> images) {
        Thread job = new Thread(() -> {
            spark.addJobTag(tag);
            images.map(image -> image).foreach((VoidFunction<Integer>) image -> {
                ImagesDone.add("featurize", 1);
                begun.countDown();
                goOn.await();
            });
        });
        job.start();
        return job;
    }

    private void await() throws Exception {
        assertThat(begun.await(MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        spark.listenerBus().waitUntilEmpty(MILLIS);
    }

    @Test
    void tasksAndImagesOfTheCell() throws Exception {
        jobs.begin();
        Thread job = start("verger-1", images(4));
        await();
        jobs.sample();
        Snapshot middle = jobs.now();
        goOn.countDown();
        job.join(MILLIS);

        assertThat(middle.jobs()).isEqualTo(1);
        assertThat(middle.tasks()).isEqualTo(4);
        assertThat(middle.tasksDone()).isZero();
        assertThat(middle.what()).isEqualTo("featurize");
        assertThat(middle.images()).isEqualTo(2);
        assertThat(middle.allImages()).isEqualTo(40);
        assertThat(middle.known()).isTrue();
        assertThat(jobs.done().images()).isEqualTo(40); // before Spark has told that the job is over
        spark.listenerBus().waitUntilEmpty(MILLIS);
        assertThat(jobs.now().jobs()).isZero();
        assertThat(jobs.done().jobs()).isEqualTo(1);
        assertThat(jobs.done().imageSeconds()).isCloseTo(jobs.done().jobSeconds(), within(1.0));
    }

    @Test
    void whatAThreadOfAnEarlierCellDoesIsNotOfThisOne() throws Exception {
        jobs.begin();
        spark.listenerBus().waitUntilEmpty(MILLIS);
        goOn.countDown();
        start("verger-2", images(2)).join(MILLIS);
        spark.listenerBus().waitUntilEmpty(MILLIS);
        jobs.end();

        jobs.begin();
        assertThat(jobs.done().images()).isZero();
        begun = new CountDownLatch(2);
        goOn = new CountDownLatch(1);
        Thread stream = start("verger-2", images(2));
        await();
        jobs.sample();

        assertThat(jobs.now().jobs()).isZero();
        assertThat(jobs.now().images()).isZero();
        goOn.countDown();
        stream.join(MILLIS);
    }

    @Test
    void aUnionWithWhatHasNoNameHasAnUnknownNumber() throws Exception {
        jobs.begin();
        Thread job = start("verger-3", images(1).union(images(1).setName("others")));
        await();
        jobs.sample();

        assertThat(jobs.now().images()).isEqualTo(2);
        assertThat(jobs.now().allImages()).isNaN();
        goOn.countDown();
        job.join(MILLIS);
    }

    @Test
    void aUnionOfTwoListingsHasBoth() throws Exception {
        jobs.begin();
        Thread job = start("verger-4", images(1).union(images(1)));
        await();
        jobs.sample();

        assertThat(jobs.now().allImages()).isEqualTo(80);
        goOn.countDown();
        job.join(MILLIS);
    }
}
