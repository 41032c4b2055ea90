package verger.kernel.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.kernel.progress.CellJobs.Done;
import verger.kernel.progress.CellJobs.Snapshot;
import verger.progress.Work;

class WordsTest {

    private static final Snapshot NOTHING = new Snapshot(0, 0, 0, null, 0, 0, true, 0, Double.NaN);

    @Test
    void ofImages() {
        Snapshot spark = new Snapshot(1, 3, 13, "featurize", 1204, 2000, true, 148.4, 5.3);

        assertThat(Words.running("[5], line 1: df.count()", null, spark, 9))
                .isEqualTo("featurize · 3 of 13 tasks · 1,204 of 2,000 images · 148 images/s · 9 s, 6 s left");
    }

    @Test
    void whatIsNotKnownIsNotSaid() {
        Snapshot spark = new Snapshot(1, 0, 13, "featurize", 32, Double.NaN, false, Double.NaN, Double.NaN);
        assertThat(Words.running(null, null, spark, 2)).isEqualTo("featurize · 0 of 13 tasks · 32 images · 2 s");

        Snapshot guessed = new Snapshot(1, 1, 13, "featurize", 32, 416.2, false, 3.14, 121);
        assertThat(Words.running(null, null, guessed, 12))
                .isEqualTo("featurize · 1 of 13 tasks · 32 of about 416 images · 3.1 images/s · 12 s, 2 min 1 s left");
    }

    @Test
    void ofALineAndItsJobs() {
        Snapshot spark = new Snapshot(1, 3, 8, null, 0, 0, true, 0, Double.NaN);

        assertThat(Words.running("[5], line 3: df.count()", null, spark, 4))
                .isEqualTo("[5], line 3: df.count() · 3 of 8 tasks · 4 s");
        assertThat(Words.running("[5], line 3: " + "x".repeat(90), null, NOTHING, 4)).hasSizeLessThan(70).endsWith("x… · 4 s");
    }

    @Test
    void ofTheDriversWork() {
        assertThat(Words.running("[5], line 3: Images.read()", new Work.Step("listing a", 12_000, 0, "files"), NOTHING, 3))
                .isEqualTo("listing a · 12,000 files · 3 s");
        assertThat(Words.running(null, new Work.Step("fetching b", 34, 102, "MB"), NOTHING, 3))
                .isEqualTo("fetching b · 34 of 102 MB · 3 s");
    }

    @Test
    void whatIsLeftOfIt() {
        assertThat(Words.done(new Done(78_572, 288.2, 2, 290), false)).isEqualTo("78,572 images in 4 min 48 s");
        assertThat(Words.done(new Done(1204, 9, 2, 9), true)).isEqualTo("stopped after 1,204 images and 9 s");
        assertThat(Words.done(new Done(0, 0, 3, 12), false)).isEqualTo("3 Spark jobs in 12 s");
        assertThat(Words.done(new Done(0, 0, 3, 2.5), false)).isNull();
        assertThat(Words.done(new Done(0, 0, 3, 12), true)).isNull();
        assertThat(Words.done(new Done(0, 0, 0, 0), false)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0.82, 0.8 s", "0.97, 1 s", "0, 0 s", "59.4, 59 s", "59.6, 1 min 0 s", "288, 4 min 48 s", "4320, 1 h 12 min",
        "3599.7, 1 h 0 min"})
    void time(double seconds, String words) {
        assertThat(Words.time(seconds)).isEqualTo(words);
    }
}
