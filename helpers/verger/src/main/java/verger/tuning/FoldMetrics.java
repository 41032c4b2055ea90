package verger.tuning;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Records the metric of each fold. Spark's CrossValidator keeps their mean alone.
 *
 * <p>The validator fits a candidate and evaluates it in one thread, so a thread evaluates what it has fitted last.
 */
final class FoldMetrics {

    @SuppressWarnings("ThreadLocalUsage") // a search of its own remembers only its own
    private final ThreadLocal<ParamMap> fitted = new ThreadLocal<>();
    private final IdentityHashMap<ParamMap, List<Double>> metrics = new IdentityHashMap<>();

    Fit fit(Estimator<?> estimator) {
        return new Fit(estimator);
    }

    Metric metric(Evaluator evaluator) {
        return new Metric(evaluator);
    }

    /** The metric of a candidate on each fold. */
    double[] of(ParamMap candidate) {
        return metrics.get(candidate).stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The estimator; which candidate a thread fits is remembered. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an estimator of whatever model
    final class Fit extends Estimator {

        private static final long serialVersionUID = 1L;

        private final Estimator<?> estimator;

        private Fit(Estimator<?> estimator) {
            this.estimator = estimator;
        }

        @Override
        public Model fit(Dataset dataset, ParamMap candidate) {
            fitted.set(candidate);
            return (Model) estimator.fit(dataset, candidate);
        }

        @Override
        public Model fit(Dataset dataset) {
            return (Model) estimator.fit(dataset);
        }

        @Override
        public StructType transformSchema(StructType schema) {
            return estimator.transformSchema(schema);
        }

        @Override
        public Estimator copy(ParamMap extra) {
            return new Fit(estimator.copy(extra));
        }

        @Override
        public String uid() {
            return estimator.uid();
        }
    }

    /** The evaluator; what it finds is remembered. */
    final class Metric extends Evaluator {

        private static final long serialVersionUID = 1L;

        private final Evaluator evaluator;

        private Metric(Evaluator evaluator) {
            this.evaluator = evaluator;
        }

        @Override
        public double evaluate(Dataset<?> dataset) {
            double metric = evaluator.evaluate(dataset);
            synchronized (metrics) {
                metrics.computeIfAbsent(fitted.get(), candidate -> new ArrayList<>()).add(metric);
            }
            return metric;
        }

        @Override
        public boolean isLargerBetter() {
            return evaluator.isLargerBetter();
        }

        @Override
        public Evaluator copy(ParamMap extra) {
            return new Metric(evaluator.copy(extra));
        }

        @Override
        public String uid() {
            return evaluator.uid();
        }
    }
}
