"""EfficientNet-Lite0 in NumPy: where ImagePredictorTest's numbers come from.

Reads the published PyTorch weights without PyTorch, decodes and resizes with Pillow, and shares nothing with the JAR. Before
it writes anything it gives TensorFlow's features of the test picture, which are in a file of their own, to 1e-5.

    pip install numpy pillow
    python helpers/verger/src/test/python/efficientnet_lite0.py .verger/weights/efficientnet-lite0-57934424.pth
"""

import collections
import pickle
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[5]
RESOURCES = ROOT / "helpers/verger/src/test/resources"
PICTURES = ["helpers/verger/src/test/resources/images/pattern-40x30.png",
            "data-sample/Test/Banana/45_100.jpg",
            "data-sample/Test/Lemon/45_100.jpg",
            "data-sample/Test/Pineapple/45_100.jpg",
            "data-sample/Test/Pepper Green/45_100.jpg"]
TOP = 5


def weights(path):
    """A state dict in PyTorch's format of before 1.6: some pickles, then the numbers of each storage."""
    storages = {}

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if name == "OrderedDict":
                return collections.OrderedDict
            return (lambda *tensor: tensor[:4]) if name == "_rebuild_tensor_v2" else name

        def persistent_load(self, pid):
            _, kind, key, _, _, _ = pid
            storages[key] = {"FloatStorage": np.float32, "LongStorage": np.int64}[kind]
            return key

    with open(path, "rb") as file:
        for _ in range(3):  # magic number, protocol version, machine
            Unpickler(file).load()
        tensors = Unpickler(file).load()
        for key in Unpickler(file).load():
            count = int(np.fromfile(file, np.int64, 1)[0])
            storages[key] = np.fromfile(file, storages[key], count)
    return {name: np.lib.stride_tricks.as_strided(storages[key][offset:], shape, np.multiply(strides, storages[key].itemsize))
            for name, (key, offset, shape, strides) in tensors.items()}


def convolution(x, kernel, stride):
    """[channels, height, width] with TensorFlow's "same" padding: the odd pixel goes after the image."""
    filters, depth, side, _ = kernel.shape
    size = -(-x.shape[1] // stride)
    pad = max(0, (size - 1) * stride + side - x.shape[1])
    x = np.pad(x, ((0, 0), (pad // 2, pad - pad // 2), (pad // 2, pad - pad // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (side, side), (1, 2))[:, ::stride, ::stride]
    if depth == 1 and x.shape[0] > 1:
        return np.einsum("chwij,cij->chw", windows, kernel[:, 0])
    return np.tensordot(kernel, windows, ((1, 2, 3), (0, 3, 4)))


class Network:
    def __init__(self, tensors):
        self.tensors = tensors

    def layer(self, x, name, norm, stride=1):
        t = self.tensors
        x = convolution(x, t[name + ".weight"], stride)
        scale = t[norm + ".weight"] / np.sqrt(t[norm + ".running_var"] + 1e-3)
        return x * scale[:, None, None] + (t[norm + ".bias"] - t[norm + ".running_mean"] * scale)[:, None, None]

    def features(self, image):
        pixels = np.asarray(image.convert("RGB").resize((224, 224), Image.BILINEAR), np.float64)
        x = relu6(self.layer((pixels.transpose(2, 0, 1) - 127) / 128, "_conv_stem", "_bn0", 2))
        for i in range(16):
            name, before = f"_blocks.{i}.", x
            if name + "_expand_conv.weight" in self.tensors:
                x = relu6(self.layer(x, name + "_expand_conv", name + "_bn0"))
            x = relu6(self.layer(x, name + "_depthwise_conv", name + "_bn1", 2 if i in (1, 3, 5, 11) else 1))
            x = self.layer(x, name + "_project_conv", name + "_bn2")
            if x.shape == before.shape:
                x = x + before
        return relu6(self.layer(x, "_conv_head", "_bn1")).mean((1, 2))

    def probabilities(self, features):
        logits = self.tensors["_fc.weight"] @ features + self.tensors["_fc.bias"]
        e = np.exp(logits - logits.max())
        return e / e.sum()


def relu6(x):
    return np.clip(x, 0, 6)


def main(path):
    network = Network(weights(path))
    tensorflow = np.loadtxt(RESOURCES / "features/pattern-40x30-efficientnet-lite0-tensorflow.csv", delimiter=",")
    lines = []
    for picture in PICTURES:
        features = network.features(Image.open(ROOT / picture))
        if "pattern" in picture:
            difference = np.linalg.norm(features - tensorflow) / np.linalg.norm(tensorflow)
            assert difference < 1e-5, difference
        p = network.probabilities(features)
        lines += [f"{picture},{i},{p[i]:.6f}" for i in np.argsort(-p)[:TOP]]
    (RESOURCES / "features/top5-efficientnet-lite0-numpy.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
