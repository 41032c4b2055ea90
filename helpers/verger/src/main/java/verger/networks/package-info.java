/**
 * Pretrained networks as a library: which there are ({@link verger.networks.Networks}), what each wants of an image
 * ({@link verger.networks.Network}), which one is taken and why ({@link verger.networks.NetworkChooser}), and what runs it
 * ({@link verger.networks.Engine}).
 *
 * <p>The inner rooms hold one kind of file or engine each: {@code weights} finds files, {@code builtin}, {@code dl4j},
 * {@code keras} and {@code onnx} make models of them. It knows images and files, and never a Spark session, a row or a
 * stage: {@code verger.features} puts networks into stages. A file of weights is never fed images that are normalized for
 * another network; what does not fit is refused.
 */
package verger.networks;
