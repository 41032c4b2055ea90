/**
 * EfficientNet, whose published weights are small enough to come along: the reader of PyTorch's {@code .pth} files, and the
 * architecture, written as ONNX.
 *
 * <p>A file of weights is known by its SHA-256. The reader takes the numbers of tensors and nothing else: it never runs
 * what a pickle asks for. It never downloads; the set-up has put the file there, or the sentence says how to get it.
 */
package verger.networks.builtin;
