package verger.tuning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;
import verger.features.ImageFeaturizer;
import verger.features.TopClasses;
import verger.pca.PrincipalComponentsModel;

/**
 * Computes the probabilities of the classes from the features of one image, as the stages of a model do for a whole DataFrame.
 */
final class FeatureClassifier implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<Components> projections;
    private final ProbabilisticClassificationModel<Vector, ?> classifier;

    /** Subtracts a mean and multiplies; not a record, which Spark's Kryo could not read back. */
    private static final class Components implements Serializable {

        private static final long serialVersionUID = 1L;

        private final double[] origin;
        private final DenseMatrix loadings;

        Components(double[] origin, DenseMatrix loadings) {
            this.origin = origin;
            this.loadings = loadings;
        }

        Vector of(Vector features) {
            double[] centred = features.toArray().clone();
            for (int i = 0; i < centred.length; i++) {
                centred[i] -= origin[i];
            }
            return loadings.multiply(Vectors.dense(centred));
        }
    }

    private FeatureClassifier(List<Components> projections, ProbabilisticClassificationModel<Vector, ?> classifier) {
        this.projections = projections;
        this.classifier = classifier;
    }

    /**
     * Takes the stages of a model.
     *
     * @param between what lies between featurizer and classifier
     * @throws IllegalArgumentException if that is anything but components, each read from the stage before it
     */
    @SuppressWarnings("unchecked") // Spark's classifiers take vectors
    static FeatureClassifier of(ImageFeaturizer featurizer, List<Transformer> between,
            ProbabilisticClassificationModel<?, ?> classifier) {
        List<Components> projections = new ArrayList<>();
        String column = featurizer.getOutputCol();
        for (Transformer stage : between) {
            if (!(stage instanceof PrincipalComponentsModel pca) || !pca.getInputCol().equals(column)) {
                throw notARow(stage);
            }
            double[] origin = pca.getCentered() ? pca.mean() : new double[pca.mean().length];
            projections.add(new Components(origin, pca.loadings().transpose()));
            column = pca.getOutputCol();
        }
        if (!classifier.getFeaturesCol().equals(column)) {
            throw notARow(classifier);
        }
        return new FeatureClassifier(projections, (ProbabilisticClassificationModel<Vector, ?>) classifier);
    }

    private static IllegalArgumentException notARow(Transformer stage) {
        return new IllegalArgumentException("A function of SQL knows models of featurizer, principal components and classifier,"
                + " one behind the other: this one has a " + stage.getClass().getSimpleName()
                + "; make a view of model.transform(images) instead");
    }

    Vector probabilities(Vector features) {
        Vector vector = features;
        for (Components projection : projections) {
            vector = projection.of(vector);
        }
        return classifier.predictProbability(vector);
    }

    /** The function of SQL: from a column of features, arrays of floats, to the most likely classes. */
    static final class Classify implements UDF1<Seq<Float>, Row[]> {

        private static final long serialVersionUID = 1L;

        private final Broadcast<FeatureClassifier> classifier;
        private final TopClasses top;

        Classify(Broadcast<FeatureClassifier> classifier, TopClasses top) {
            this.classifier = classifier;
            this.top = top;
        }

        @Override
        public Row[] call(Seq<Float> features) {
            if (features == null) {
                return null;
            }
            double[] values = new double[features.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = features.apply(i);
            }
            Vector probabilities = classifier.value().probabilities(Vectors.dense(values));
            return top.of(probabilities.size(), probabilities::apply);
        }
    }
}
