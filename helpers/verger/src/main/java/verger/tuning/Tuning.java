package verger.tuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.collection.JavaConverters;
import verger.features.ImageFeaturizer;
import verger.networks.NetworkChoice;
import verger.pca.PrincipalComponents;
import verger.progress.Work;

/**
 * Tries candidates of settings, of any Spark estimator and on the features of one network or several, with Spark's own
 * {@link CrossValidator} or {@link TrainValidationSplit}, and gives the best as one model that takes photographs.
 *
 * <pre>{@code
 * Tuned tuned = new Tuning()
 *     .setEstimator(new Pipeline().setStages(new PipelineStage[] {pca, classifier, names}))
 *     .setEstimatorParamMaps(new ParamGridBuilder()
 *         .addGrid(pca.k(), new int[] {16, 32, 64}).addGrid(classifier.regParam(), new double[] {0.001, 0.1}).build())
 *     .setEvaluator(new MulticlassClassificationEvaluator().setLabelCol("labelIndex").setMetricName("accuracy"))
 *     .on(featurizer, training)
 *     .fit();
 * }</pre>
 *
 * <p>Features are computed once for each network, however many candidates there are, and a {@link PrincipalComponents} that
 * is the first stage of the pipeline is fitted once for each fold, however many k. The estimator sees rows with features
 * only.
 */
public final class Tuning {

    private static final int SEED = 20;

    private Estimator<?> estimator;
    private ParamMap[] estimatorParamMaps = {ParamMap.empty()};
    private Evaluator evaluator;
    private int numFolds = 3;
    private String foldCol;
    private Double trainRatio;
    private int parallelism = 2;
    private long seed = SEED;
    private final List<Source> sources = new ArrayList<>();

    private record Source(ImageFeaturizer featurizer, Dataset<Row> images) {
    }

    /** @param value what is tuned: it reads the featurizer's output column; mostly a Pipeline */
    public Tuning setEstimator(Estimator<?> value) {
        estimator = value;
        return this;
    }

    /** @param value the candidates, such as {@code ParamGridBuilder.build} makes them; without, the estimator's own settings */
    public Tuning setEstimatorParamMaps(ParamMap[] value) {
        if (value.length == 0) {
            throw new IllegalArgumentException("A tuning needs at least one candidate: estimatorParamMaps is empty");
        }
        estimatorParamMaps = value.clone();
        return this;
    }

    /** @param value says how good predictions are */
    public Tuning setEvaluator(Evaluator value) {
        evaluator = value;
        return this;
    }

    /** @param value folds of a {@link CrossValidator}, 2 at least; 3 by default */
    public Tuning setNumFolds(int value) {
        if (value < 2) {
            throw new IllegalArgumentException("numFolds must be 2 or more: got " + value + "; for one split set trainRatio");
        }
        numFolds = value;
        trainRatio = null;
        return this;
    }

    /**
     * @param value an integer column of the fold an image is in, as of {@link AngleSplit#withFolds}; null: by chance. Not
     *     together with a trainRatio
     */
    public Tuning setFoldCol(String value) {
        foldCol = value;
        return this;
    }

    /** @param value a {@link TrainValidationSplit} in the place of folds: the share to learn from, in (0, 1) */
    public Tuning setTrainRatio(double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException("trainRatio must be above 0 and below 1: got " + value);
        }
        trainRatio = value;
        return this;
    }

    /** @param value candidates that are tried at a time; 2 by default */
    public Tuning setParallelism(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("parallelism must be 1 or more: got " + value);
        }
        parallelism = value;
        return this;
    }

    /** @param value the seed of the choice of folds */
    public Tuning setSeed(long value) {
        seed = value;
        return this;
    }

    /**
     * Adds a network, on whose features all candidates are tried.
     *
     * @param featurizer of the network
     * @param images what to learn from: photographs, whose features are computed once and kept during the fit; or rows that
     *     have the featurizer's output column already, whose features are taken as they are. Rows without features are left out
     */
    public Tuning on(ImageFeaturizer featurizer, Dataset<Row> images) {
        sources.add(new Source(featurizer, images));
        return this;
    }

    /**
     * Tries all candidates on all networks.
     *
     * @throws IllegalStateException if estimator, evaluator or network is not set, or if the metric of a candidate is NaN
     * @throws IllegalArgumentException if two networks cannot be told apart by name, or if both foldCol and trainRatio are set
     */
    public Tuned fit() {
        if (estimator == null || evaluator == null || sources.isEmpty()) {
            throw new IllegalStateException("A tuning needs an estimator (setEstimator), an evaluator (setEvaluator) and a "
                    + "network (on): one of them is not set");
        }
        if (foldCol != null && trainRatio != null) {
            throw new IllegalArgumentException("A tuning has either one split or folds: trainRatio is " + trainRatio
                    + " and foldCol is " + foldCol + "; set foldCol=null, or setNumFolds in the place of setTrainRatio");
        }
        List<Candidate> candidates = new ArrayList<>();
        Candidate best = null;
        PipelineModel model = null;
        for (Trial trial : trials()) {
            Work.step("tuning on " + trial.network, () -> {
                trial.run();
                return null;
            });
            candidates.addAll(trial.candidates);
            if (best == null || isBetter(trial.best(), best)) {
                best = trial.best();
                model = trial.model;
            }
        }
        Comparator<Candidate> order = Comparator.comparingDouble(Candidate::mean);
        candidates.sort(evaluator.isLargerBetter() ? order.reversed() : order); // stable: the first of equals stays the first
        return new Tuned(candidates, metricName(), model);
    }

    private List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (Source source : sources) {
            Trial trial = new Trial(source);
            if (trials.stream().anyMatch(other -> other.network.equals(trial.network))) {
                throw new IllegalArgumentException("Two of the networks of a tuning are " + trial.network
                        + ": their candidates could not be told apart");
            }
            trials.add(trial);
        }
        return trials;
    }

    private boolean isBetter(Candidate one, Candidate other) {
        return evaluator.isLargerBetter() ? one.mean() > other.mean() : one.mean() < other.mean();
    }

    private String metricName() {
        return evaluator.hasParam("metricName") ? "" + evaluator.getOrDefault(evaluator.getParam("metricName")) : "metric";
    }

    /** What is tried, such as {@code 12 candidates on 1 network, 3 folds}. */
    @Override
    public String toString() {
        return estimatorParamMaps.length + (estimatorParamMaps.length == 1 ? " candidate on " : " candidates on ")
                + sources.size() + (sources.size() == 1 ? " network, " : " networks, ")
                + (trainRatio == null ? numFolds + " folds" : "one split, " + trainRatio + " to learn from");
    }

    /** Tries all candidates on one network. */
    private final class Trial {

        private final ImageFeaturizer featurizer;
        private final Dataset<Row> given;
        private final String network;
        private final List<Candidate> candidates = new ArrayList<>();
        private PipelineModel model;

        Trial(Source source) {
            featurizer = source.featurizer().pinned().setHandleInvalid("skip");
            given = source.images();
            NetworkChoice choice = featurizer.choice();
            int size = featurizer.getInputSize();
            boolean own = size == 0 || size == choice.network().inputSize();
            network = choice.network().name() + (own ? "" : " at " + size + " pixels");
        }

        void run() {
            boolean featurized = Arrays.asList(given.columns()).contains(featurizer.getOutputCol());
            Dataset<Row> features = (featurized ? given : featurizer.transform(given).drop(featurizer.getInputCol()))
                    .filter(functions.col(featurizer.getOutputCol()).isNotNull());
            boolean persisted = !featurized || !given.storageLevel().useMemory() && !given.storageLevel().useDisk();
            if (persisted) {
                features = features.persist(StorageLevel.MEMORY_AND_DISK());
            }
            try {
                // The tuning makes thousands of small jobs of them, and each has a task more for each partition more.
                tune(features.coalesce(features.sparkSession().sparkContext().defaultParallelism()));
            } finally {
                if (persisted) {
                    features.unpersist();
                }
            }
        }

        private void tune(Dataset<Row> features) {
            FoldMetrics metrics = new FoldMetrics();
            FoldMetrics.Fit fit = metrics.fit(withCachingPca(estimator));
            FoldMetrics.Metric metric = metrics.metric(evaluator);
            Model<?> fitted;
            double[] means;
            if (trainRatio == null) {
                CrossValidatorModel validated = crossValidator(fit, metric).fit(features);
                fitted = validated.bestModel();
                means = validated.avgMetrics();
            } else {
                TrainValidationSplitModel validated = new TrainValidationSplit().setEstimator(fit)
                        .setEstimatorParamMaps(estimatorParamMaps).setEvaluator(metric).setTrainRatio(trainRatio)
                        .setParallelism(parallelism).setSeed(seed).fit(features);
                fitted = validated.bestModel();
                means = validated.validationMetrics();
            }
            for (int i = 0; i < means.length; i++) {
                ParamMap params = estimatorParamMaps[i];
                candidates.add(comparable(new Candidate(network, params(params), means[i], metrics.of(params))));
            }
            model = new PipelineModel(Identifiable.randomUID("pipeline"), new Transformer[] {featurizer, fitted});
        }

        /** Spark takes NaN for larger than any number, and so for the best. */
        private Candidate comparable(Candidate candidate) {
            if (Double.isNaN(candidate.mean())) {
                throw new IllegalStateException("A candidate cannot be compared with the others, as its " + metricName()
                        + " is NaN: " + candidate + " (folds: " + Arrays.toString(candidate.folds())
                        + "); leave it out, or give each fold images that the metric is defined on");
            }
            return candidate;
        }

        /** The best candidate; of equals the first, as Spark takes it. */
        Candidate best() {
            return candidates.stream().reduce((a, b) -> isBetter(b, a) ? b : a).orElseThrow();
        }

        private CrossValidator crossValidator(FoldMetrics.Fit fit, FoldMetrics.Metric metric) {
            CrossValidator validator = new CrossValidator().setEstimator(fit).setEstimatorParamMaps(estimatorParamMaps)
                    .setEvaluator(metric).setNumFolds(numFolds).setParallelism(parallelism).setSeed(seed);
            return foldCol == null ? validator : validator.setFoldCol(foldCol);
        }
    }

    /** The name of the param; with its stage where two stages have one of that name. */
    private Map<String, Object> params(ParamMap candidate) {
        List<ParamPair<?>> pairs = JavaConverters.seqAsJavaList(candidate.toSeq());
        Map<String, Object> params = new LinkedHashMap<>();
        pairs.stream().sorted((a, b) -> id(a).compareTo(id(b))).forEach(pair -> {
            boolean alone = pairs.stream().filter(other -> other.param().name().equals(pair.param().name())).count() == 1;
            params.put(alone ? pair.param().name() : id(pair), pair.value());
        });
        return params;
    }

    private static String id(ParamPair<?> pair) {
        return pair.param().name() + " of " + pair.param().parent();
    }

    private static Estimator<?> withCachingPca(Estimator<?> estimator) {
        if (estimator instanceof Pipeline pipeline) {
            PipelineStage[] stages = pipeline.getStages().clone();
            for (int i = 0; i < stages.length; i++) {
                stages[i] = stages[i] instanceof Estimator<?> stage ? withCachingPca(stage) : stages[i];
            }
            return new Pipeline(pipeline.uid()).setStages(stages);
        }
        return estimator.getClass() == PrincipalComponents.class
                ? CachingPca.inPlaceOf((PrincipalComponents) estimator) : estimator;
    }
}
