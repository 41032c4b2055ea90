package verger.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.pca.PrincipalComponentsModel;

/** Lets the contestants take turns on the same cached data. */
final class PcaBenchmark {

    /** A projection onto all components takes milliseconds a row: these are enough for a rate. */
    private static final int SAMPLE = 5_000;

    private final SparkSession spark;
    private final Options options;
    private final Meter meter;

    /** A benchmark on a session whose JVM has not used netlib yet, or only through a benchmark. */
    PcaBenchmark(SparkSession spark, Options options) {
        this.spark = spark;
        this.options = options;
        Netlib.prepare();
        meter = new Meter(spark.sparkContext());
    }

    /** Measures on so many rows. */
    Result run(int rows) {
        NetworkLikeRows source = new NetworkLikeRows(options.seed(), options.features());
        Dataset<Row> data = cached(source, rows);
        int sampleRows = options.withTransform() ? Math.min(rows, SAMPLE) : 0;
        Dataset<Row> sample = options.withTransform() ? cached(source, sampleRows) : null;
        options.write().ifPresent(folder -> Export.data(folder, data, rows, options.features()));
        try {
            return measure(rows, sampleRows, data, sample);
        } finally {
            data.unpersist();
            if (sample != null) {
                sample.unpersist();
            }
        }
    }

    private Dataset<Row> cached(NetworkLikeRows source, int rows) {
        // At the default level, as a notebook does.
        Dataset<Row> data = source.first(rows, spark, options.partitions()).persist();
        data.count();
        return data;
    }

    private Result measure(int rows, int sampleRows, Dataset<Row> data, Dataset<Row> sample) {
        long onDisk = Stream.of(spark.sparkContext().getRDDStorageInfo()).mapToLong(info -> info.diskSize()).sum();
        Peak peak = new Peak();
        Map<String, Measurement> lines = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (int k : options.components()) {
                for (Contestant contestant : Contestant.all(options.withJava())) {
                    peak.probe();
                    Netlib.use(contestant.library());
                    Meter.Timed<Model<?>> fit;
                    Set<String> seen = StackSampler.noneSeen();
                    try (StackSampler sampler = new StackSampler(seen)) {
                        fit = meter.time(() -> contestant.fit(data, k));
                    }
                    Model<?> model = fit.result();
                    Measurement line = lines.computeIfAbsent(contestant.name() + " " + k,
                            name -> Measurement.first(contestant, k, Contestant.explainedVariance(model)));
                    line.fits().add(fit.time());
                    line.seen().addAll(seen);
                    if (sample != null) {
                        line.transforms().add(meter.time(() -> project(model, sample)).time());
                    }
                    if (contestant.own()) {
                        options.write().ifPresent(
                                folder -> Export.model(folder, (PrincipalComponentsModel) model, contestant.precision()));
                    }
                    progress(rows, round, line, fit.time(), seen);
                }
            }
        }
        peak.probe();
        return new Result(Machine.here(), rows, options.features(), options.partitions(), options.seed(), onDisk,
                sampleRows, peak.probes(Contestant.Precision.DOUBLE), peak.probes(Contestant.Precision.FLOAT),
                List.copyOf(lines.values()));
    }

    /** Spark's own sink for benchmarks: every projection is computed and dropped. */
    private static Void project(Model<?> model, Dataset<Row> sample) {
        model.transform(sample).select(Contestant.PROJECTION).write().format("noop").mode("overwrite").save();
        return null;
    }

    private static void progress(int rows, int round, Measurement line, Meter.Time time, Set<String> seen) {
        System.err.printf(Locale.ROOT, "n = %d, round %d, k = %d: %s took %.1f s, %.1f CPU-s, %.1f of them in tasks, "
                + "seen in %s%n", rows, round + 1, line.k(), line.contestant(), time.wall(), time.cpu(), time.tasks(),
                seen);
    }
}
