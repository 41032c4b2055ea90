package verger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny run: everybody takes part, on what they are said to run on, and finds the same components. */
@Tag("slow")
class PcaBenchmarkTest {

    private static final int K = 12;

    @TempDir
    static Path folder;

    private static Result result;
    private static String printed;

    @BeforeAll
    static void run() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        result = Main.run(Options.parse(List.of("--rows", "300", "--features", "24", "--rounds", "1",
                "--k", "" + K, "--transform", "--json", folder.resolve("result.json").toString(),
                "--write", folder.toString())), new PrintStream(out, true, StandardCharsets.UTF_8)).get(0);
        printed = out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theTableHasALineForEachContestant() {
        for (Contestant contestant : Contestant.all(true)) {
            assertThat(printed.lines().filter(line -> line.startsWith("| " + contestant.name() + " | " + K + " |")))
                    .as("fit and projection of " + contestant.name()).hasSize(2);
        }
    }

    @Test
    void sparkRunsOnJavaAndOnNativeLibraries() {
        assertThat(line(Contestant.SPARK_JAVA).netlib()).matches("(Java|Vector)\\d*BLAS, F2jLAPACK");
        assertThat(line(Contestant.SPARK_NATIVE).netlib()).isEqualTo("JNIBLAS, JNILAPACK");
    }

    @Test
    void allFindTheSameVariances() {
        for (Contestant contestant : Contestant.all(true)) {
            double tolerance = contestant.precision() == Contestant.Precision.FLOAT ? 1e-5 : 1e-9;
            assertThat(line(contestant).differenceFrom(line(Contestant.SPARK_NATIVE)))
                    .as(contestant.name()).isLessThan(tolerance);
        }
    }

    @Test
    void tasksHaveTimesOfTheirOwn() {
        assertThat(result.measurements()).allSatisfy(line -> assertThat(line.fits()).singleElement()
                .satisfies(time -> assertThat(time.tasks()).isGreaterThan(0)));
    }

    @Test
    void filesAreWritten() {
        assertThat(folder.resolve("result.json")).content().contains("\"contestant\" : \"Verger, double\"");
        // A header of 128 bytes, then the values; all components, though k is less.
        assertThat(folder.resolve("data.npy")).hasSize(128 + 300 * 24 * Double.BYTES);
        assertThat(folder.resolve("float-components.npy")).hasSize(128 + 24 * 24 * Double.BYTES);
    }

    private static Measurement line(Contestant contestant) {
        return result.of(contestant, K).orElseThrow();
    }
}
