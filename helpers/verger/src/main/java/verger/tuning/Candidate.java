package verger.tuning;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings that a tuning has tried, and the metric that they reached.
 *
 * @param network the network whose features they learnt from
 * @param params  the settings by name, such as {@code regParam}, in the order of their names
 * @param mean    the metric, as Spark compares it: the mean of the folds
 * @param folds   the metric of each fold; one value of a single split
 */
public record Candidate(String network, Map<String, Object> params, double mean, double[] folds) {

    public Candidate {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        folds = folds.clone();
    }

    /** The standard deviation of the folds as a sample, with n − 1 below the line; NaN of a single split. */
    public double deviation() {
        double centre = Arrays.stream(folds).average().orElse(Double.NaN);
        double squares = Arrays.stream(folds).map(fold -> (fold - centre) * (fold - centre)).sum();
        return Math.sqrt(squares / (folds.length - 1));
    }

    /** In words, such as {@code EfficientNet-Lite0, k = 32, regParam = 0.01}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(network);
        params.forEach((name, value) -> text.append(", ").append(name).append(" = ").append(value));
        return text.toString();
    }
}
