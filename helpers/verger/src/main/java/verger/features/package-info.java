/**
 * The Spark stages over networks: {@link verger.features.ImageFeaturizer} and {@link verger.features.ImagePredictor}, and
 * what brings a network to executors and images through it.
 *
 * <p>A stage is a native of Spark ML: Params, {@code transformSchema} that fails before the job, save and load, a place in
 * a {@code Pipeline}. An image that cannot be used is a row with its reason, unless the user asks otherwise. A model is
 * sent once to an executor and loaded once in its JVM. Which network it is, and whether weights fit, is decided in
 * {@code verger.networks} and never here.
 */
package verger.features;
