package verger.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A result as the tables of the README: what it ran on, then a line for each contestant and number of components. */
final class MarkdownReport {

    private static final double GIGA = 1e9;

    private final Result result;
    private final StringBuilder out = new StringBuilder();

    private MarkdownReport(Result result) {
        this.result = result;
    }

    static String of(Result result) {
        MarkdownReport report = new MarkdownReport(result);
        report.conditions();
        report.fits();
        report.agreement();
        if (result.sampleRows() > 0) {
            report.transforms();
        }
        return report.out.toString();
    }

    private void conditions() {
        Machine machine = result.machine();
        line("### PCA of %,d × %,d", result.rows(), result.features());
        line("");
        line("- Machine: %s, %d cores; %s, heap %.1f GB; Spark %s", machine.processor(), machine.cores(), machine.jvm(),
                machine.heapBytes() / GIGA, machine.spark());
        line("- Data: n = %,d, d = %,d, %d partitions, seed %d, cached in memory%s", result.rows(), result.features(),
                result.partitions(), result.seed(), result.cachedOnDisk() == 0 ? ""
                        : String.format(Locale.ROOT, " **but for %.1f GB on disk: give it more --heap**",
                                result.cachedOnDisk() / GIGA));
        line("- Peak of one thread, best probe (median): dgemm %.1f (%.1f), sgemm %.1f (%.1f) GFLOP per CPU-s",
                result.dgemm().best() / GIGA, result.dgemm().median() / GIGA,
                result.sgemm().best() / GIGA, result.sgemm().median() / GIGA);
        for (Contestant spark : List.of(Contestant.SPARK_JAVA, Contestant.SPARK_NATIVE)) {
            result.measurements().stream().filter(one -> one.contestant().equals(spark.name())).findFirst()
                    .ifPresent(one -> line("- %s: BLAS and LAPACK are %s", one.contestant(), one.netlib()));
        }
        line("- Least of %d rounds; in brackets how far the greatest is above it",
                result.measurements().get(0).fits().size());
        line("");
    }

    private void fits() {
        line("| contestant | k | wall s | CPU s | CPU / Spark, native BLAS | CPU / Spark, as it comes "
                + "| Gramian, %% of peak | BLAS and LAPACK seen running |");
        line("|---|---:|---:|---:|---:|---:|---:|---|");
        for (Measurement one : result.measurements()) {
            line("| %s | %d | %s | %s | %s | %s | %.1f | %s |", one.contestant(), one.k(),
                    seconds(one.fits(), Meter.Time::wall), seconds(one.fits(), Meter.Time::cpu),
                    cpuOver(one, Contestant.SPARK_NATIVE), cpuOver(one, Contestant.SPARK_JAVA),
                    100 * result.shareOfPeak(one), one.seen().isEmpty() ? "–" : String.join(", ", one.seen()));
        }
        line("");
    }

    private void agreement() {
        for (Measurement one : result.measurements()) {
            result.of(Contestant.SPARK_NATIVE, one.k()).filter(reference -> !reference.equals(one))
                    .ifPresent(reference -> line("- %s, k = %d: explained variance within %.1e of that of %s", one.contestant(),
                            one.k(),
                            one.differenceFrom(reference), reference.contestant()));
        }
        line("");
    }

    private void transforms() {
        line("| projection of %,d rows | k | wall s | CPU s | rows per CPU-s |", result.sampleRows());
        line("|---|---:|---:|---:|---:|");
        for (Measurement one : result.measurements()) {
            line("| %s | %d | %s | %s | %,.0f |", one.contestant(), one.k(),
                    seconds(one.transforms(), Meter.Time::wall), seconds(one.transforms(), Meter.Time::cpu),
                    result.sampleRows() / Measurement.least(one.transforms(), Meter.Time::cpu));
        }
        line("");
    }

    private static String seconds(List<Meter.Time> times, ToDoubleFunction<Meter.Time> figure) {
        return String.format(Locale.ROOT, "%.2f (+%.0f %%)", Measurement.least(times, figure),
                100 * Measurement.spread(times, figure));
    }

    private String cpuOver(Measurement one, Contestant other) {
        Optional<Measurement> reference = result.of(other, one.k());
        return reference.map(base -> String.format(Locale.ROOT, "%.3f", Measurement.least(one.fits(), Meter.Time::cpu)
                / Measurement.least(base.fits(), Meter.Time::cpu))).orElse("–");
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
