package verger.bench;

import java.util.List;
import java.util.Optional;

/**
 * What was measured on one size of data.
 *
 * @param machine       processor, JVM and Spark
 * @param rows          n
 * @param features      d
 * @param partitions    of the data
 * @param seed          of the data
 * @param cachedOnDisk  bytes of the data that did not fit into memory
 * @param sampleRows    rows of the sample that was projected; 0 if none was
 * @param dgemm         best and median probe of the peak
 * @param sgemm         best and median probe of the peak
 * @param measurements  a line for each contestant and number of components
 */
record Result(Machine machine, int rows, int features, int partitions, long seed, long cachedOnDisk, int sampleRows,
        Probes dgemm, Probes sgemm, List<Measurement> measurements) {

    /** Flops per CPU-second. */
    record Probes(double best, double median) {
    }

    Optional<Measurement> of(Contestant contestant, int k) {
        return measurements.stream()
                .filter(one -> one.contestant().equals(contestant.name()) && one.k() == k).findFirst();
    }

    /**
     * The Gramian's share of the peak: the flops of one triangle of it by the CPU time of all Spark tasks of the fit,
     * which read the rows, centre them and merge parts too.
     */
    double shareOfPeak(Measurement one) {
        double flops = (double) rows * features * (features + 1);
        double peak = one.precision() == Contestant.Precision.FLOAT ? sgemm.best() : dgemm.best();
        return flops / Measurement.least(one.fits(), Meter.Time::tasks) / peak;
    }
}
