/**
 * ONNX: reads a graph, finds in it the input, the classifier and the features, opens it to batches, writes graphs of our
 * own, and runs them on ONNX Runtime.
 *
 * <p>What a user's file does not say stands in a {@link verger.networks.ModelCard}. A graph that was changed is tried
 * against the one that came, and taken only where the numbers agree. This is the one place that calls ONNX Runtime; it
 * never trains, and it never touches the user's file.
 */
package verger.networks.onnx;
