/**
 * Classes of one's own: tries candidates of settings on features that are computed once ({@link verger.tuning.Tuning}),
 * looks at what was learnt ({@link verger.tuning.Evaluation}), splits by angle ({@link verger.tuning.AngleSplit}), and puts
 * a saved model to use ({@link verger.tuning.ImageClassifier}).
 *
 * <p>Spark's own estimators and validators do the learning; here is what they lack. A split that flatters says so in words.
 * A model that is saved is pinned to the weights that it has learnt with. No network's weights are ever changed here.
 */
package verger.tuning;
