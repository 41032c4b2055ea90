/**
 * The networks of DL4J's model zoo: loads their zips, looks into their graphs, tells one from another by its parameters and
 * convolutions, writes them as ONNX, or runs them as they are.
 *
 * <p>DL4J is the reader of weights and the reference for numbers; executors run what is written as ONNX. Nothing outside of
 * {@code verger.networks} calls DL4J or ND4J, since their jars are not on executors until a job needs them. What
 * {@code zoo.init()} makes is never used: it differs from the published networks.
 */
package verger.networks.dl4j;
