package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.pca.linalg.Blas;

/** Which linear algebra a JVM gets, and that another one in the same process does no harm. */
@Tag("slow")
class LibraryTest {

    @TempDir
    private static Path shared;
    private static Child.Outcome inJava;

    @TempDir
    private Path folder;

    @Test
    void withoutTheNativeLibraryJavaDoesTheSameAndOneLineSaysSo() throws Exception {
        Child.Outcome outcome = Child.run(folder, Map.of(),
                List.of("-Dorg.bytedeco.javacpp.platform=no-such-platform"), "core");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("blas JavaBlas");
        assertThat(outcome.err().lines()).singleElement().asString()
                .startsWith("WARN Blas: No native OpenBLAS here (java.lang.UnsatisfiedLinkError: ")
                .endsWith("): the PCA runs in Java, with the same result in some ten times the time.");
        agreesWithTheSpectrumHere(outcome, 300);
        agreesWithTheSpectrumHere(outcome, 12);
    }

    @Test
    void javaIsChosenSilently() throws Exception {
        Child.Outcome outcome = Child.run(folder, Map.of(), List.of("-Dverger.blas=java"), "core");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("blas JavaBlas");
        assertThat(outcome.err()).isEmpty();
        agreesWithTheSpectrumHere(outcome, 300);
    }

    @Test
    void theEnvironmentChoosesToo() throws Exception {
        Child.Outcome outcome = Child.run(folder, Map.of("VERGER_BLAS", "native"), List.of(), "core");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("blas NativeBlas");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void anUnknownChoiceIsRefusedInOneSentenceEachTime() throws Exception {
        Child.Outcome outcome = Child.run(folder, Map.of(), List.of("-Dverger.blas=nonsense"), "refused");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        String sentence = "IllegalArgumentException: VERGER_BLAS is java or native: got nonsense.";
        assertThat(outcome.out().lines()).containsExactly(sentence, sentence);
        assertThat(outcome.err()).doesNotContain("Exception");
    }

    /** An OpenBLAS that is older than its processor takes kernels of 2004, at a quarter of the speed. */
    @Test
    void openBlasKnowsTheVectorInstructionsOfThisProcessor() throws Exception {
        Path processor = Path.of("/proc/cpuinfo");
        String flags = Files.exists(processor) ? Files.readString(processor) : "";
        assumeTrue(flags.contains(" avx2 "), "This processor has no AVX2.");
        Child.Outcome outcome = Child.run(folder, Map.of("OPENBLAS_VERBOSE", "2"), List.of(), "core");
        // On a processor with AVX-512 Haswell's kernels, and Zen's, have half the width.
        assertThat(outcome.err()).containsPattern(flags.contains(" avx512vl ")
                ? "Core: (SkylakeX|Cooperlake|SapphireRapids)" : "Core: (Haswell|Zen|SkylakeX|Cooperlake|SapphireRapids)");
    }

    /** Debian's libopenblas.so.0 has no LAPACKE, and to the linker it is the same library as ours. */
    @Test
    void anOpenBlasOfTheHostThatIsLoadedFirstDoesNoHarm() throws Exception {
        Path library = openBlasOfTheHost();
        assumeTrue(library != null, "There is no OpenBLAS of the host beside ours: install libopenblas0-pthread, "
                + "or name its libopenblas.so.0 by -Dverger.test.openblas=<path>.");
        Child.Outcome outcome = Child.run(folder,
                Map.of("LD_PRELOAD", library.toString(), "LD_LIBRARY_PATH", library.getParent().getParent().toString()),
                // The JVM's thread that awaits Spark's chmod has a stack too small for what each thread of OpenBLAS keeps.
                List.of("-Djdk.lang.processReaperUseDefaultStackSize=true"), "fit");
        agreesWithTheFitHere(outcome);
    }

    @Test
    void theNativeBlasOfSparkThatIsLoadedFirstDoesNoHarm() throws Exception {
        Path library = openBlasOfTheHost();
        assumeTrue(library != null && Files.exists(library.resolveSibling("libblas.so.3")),
                "There is no libblas.so.3 of the host for Spark's native BLAS: install libopenblas0-pthread, "
                        + "or name its libopenblas.so.0 by -Dverger.test.openblas=<path>.");
        Child.Outcome outcome = Child.run(folder,
                Map.of("LD_LIBRARY_PATH", library.getParent() + ":" + library.getParent().getParent()),
                List.of(), "netlib first");
        assertThat(outcome.numbers("first")).as(outcome.err()).containsExactly(11);
        agreesWithTheFitHere(outcome);
    }

    private static Path openBlasOfTheHost() throws IOException {
        String named = System.getProperty("verger.test.openblas");
        if (named != null) {
            return Path.of(named);
        }
        try (Stream<Path> folders = Files.isDirectory(Path.of("/usr/lib")) ? Files.list(Path.of("/usr/lib")) : Stream.of()) {
            return folders.map(each -> each.resolve("openblas-pthread/libopenblas.so.0"))
                    .filter(Files::exists).findFirst().orElse(null);
        }
    }

    private static void agreesWithTheSpectrumHere(Child.Outcome outcome, int n) {
        Moments moments = new Moments(40, false);
        for (double[] row : n == 300 ? Child.rows() : LocalSpark.gaussian(n, 40, 3, 23)) {
            moments.add(row);
        }
        Spectrum spectrum = Spectrum.of(moments);
        assertThat(Blas.best().isNative()).isTrue();
        assertThat(outcome.numbers("variances" + n)).containsExactly(spectrum.variances(), within(1e-12));
        assertThat(outcome.numbers("components" + n)).containsExactly(spectrum.components(), within(1e-10));
    }

    /** Against Java's linear algebra, which no library can disturb. */
    private void agreesWithTheFitHere(Child.Outcome outcome) throws Exception {
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("blas NativeBlas");
        if (inJava == null) {
            inJava = Child.run(shared, Map.of(), List.of("-Dverger.blas=java"), "fit");
        }
        assertThat(inJava.out()).contains("blas JavaBlas");
        for (String name : List.of("variances", "components", "projected", "cut")) {
            assertThat(outcome.numbers(name)).as(name).containsExactly(inJava.numbers(name), within(1e-10));
        }
    }
}
