package verger.networks;

/**
 * What is known of a model once an engine has loaded it.
 *
 * @param fixedSize  see {@link Engine#fixedSize()}
 * @param classCount see {@link Engine#classCount()}
 */
public record ModelFacts(int fixedSize, int classCount) {
}
