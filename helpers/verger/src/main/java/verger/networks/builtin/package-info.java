/**
 * Networks of PyTorch's weights: EfficientNet-Lite, whose published ones are small enough to come along, and torchvision's
 * ResNet50; the readers of PyTorch's and safetensors' files, and the architectures, written as ONNX.
 *
 * <p>A published file of weights is known by its SHA-256. The readers take the numbers of tensors and nothing else: they never
 * run what a pickle asks for.
 */
package verger.networks.builtin;
