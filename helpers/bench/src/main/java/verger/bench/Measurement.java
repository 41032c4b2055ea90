package verger.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * What a contestant took for one number of components, round by round.
 *
 * @param contestant        its name
 * @param k                 components
 * @param precision         of its Gramian
 * @param netlib            the classes that Spark's BLAS and Breeze's LAPACK were
 * @param seen              the routines of BLAS and LAPACK that ran for longer than an instant
 * @param fits              one time a round
 * @param transforms        one time a round for the projection of the sample; none unless asked for
 * @param explainedVariance share of the variance of each component
 */
record Measurement(String contestant, int k, Contestant.Precision precision, String netlib,
        Set<String> seen, List<Meter.Time> fits, List<Meter.Time> transforms, @JsonIgnore double[] explainedVariance) {

    /** To be filled round by round; of the library that is switched to now. */
    static Measurement first(Contestant contestant, int k, double[] explainedVariance) {
        return new Measurement(contestant.name(), k, contestant.precision(), Netlib.current(), new TreeSet<>(),
                new ArrayList<>(), new ArrayList<>(), explainedVariance);
    }

    /** The least of a figure over the rounds: what was above it came from other users of the machine. */
    static double least(List<Meter.Time> times, ToDoubleFunction<Meter.Time> figure) {
        return times.stream().mapToDouble(figure).min().orElseThrow();
    }

    /** How far the greatest of a figure is above the least, as a share of it. */
    static double spread(List<Meter.Time> times, ToDoubleFunction<Meter.Time> figure) {
        double most = times.stream().map(figure::applyAsDouble).max(Comparator.naturalOrder()).orElseThrow();
        return most / least(times, figure) - 1;
    }

    /** The largest relative difference of a component's explained variance from another's. */
    double differenceFrom(Measurement other) {
        double largest = 0;
        for (int c = 0; c < k; c++) {
            largest = Math.max(largest, Math.abs(explainedVariance[c] / other.explainedVariance[c] - 1));
        }
        return largest;
    }
}
