"""Makes the files of this folder: torchvision's ResNet18 by both of PyTorch's ONNX exporters, and what it computes.

    python -m venv v && v/bin/pip install torch==2.15.0 torchvision==0.29.2 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.26.0 numpy pillow
    v/bin/python make.py

resnet18-*.onnx    the exported graphs without their weights, which would be 47 MB each
resnet18-*.csv     features and probabilities of ../../images/pattern-64x64-pillow.png in ONNX Runtime for Python

The weights are made up, by the same rule here and in SeededWeights.java: from the exported graph alone, so that the test
needs no PyTorch. The image is normalized here, by NumPy, as torchvision does it.
"""
import io
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import torch
import torchvision
from PIL import Image

HERE = pathlib.Path(__file__).parent
SIZE = 64
GAMMA = np.uint64(0x9E3779B97F4A7C15)


def splitmix64(seed, count):
    """The first numbers of a SplitMix64 generator (Steele, Lea and Flood 2014), as doubles in [0, 1) of 24 bits."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + GAMMA * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**24


def bounds(tensor):
    """Between which numbers the weights of a tensor lie: He's initialization, statistics of no untrained network."""
    if len(tensor.dims) > 1:
        high = np.sqrt(6 / np.prod(tensor.dims[1:])) * (0.2 if len(tensor.dims) == 2 else 1)
        return -high, high
    if tensor.name.endswith("running_var"):
        return 0.5, 1.5
    if tensor.name.endswith("weight"):
        return 0.4, 0.9
    return -0.1, 0.1


def is_weight(tensor):
    return tensor.data_type == onnx.TensorProto.FLOAT and np.prod(tensor.dims) > 16


def strip(model):
    for tensor in model.graph.initializer:
        if is_weight(tensor):
            for field in ("raw_data", "float_data", "external_data", "data_location"):
                tensor.ClearField(field)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    return model


def fill(model):
    for seed, tensor in enumerate(model.graph.initializer):
        if is_weight(tensor):
            low, high = bounds(tensor)
            values = low + (high - low) * splitmix64(seed, int(np.prod(tensor.dims)))
            tensor.raw_data = values.astype("<f4").tobytes()
    return model


def export(net, dynamo):
    pixels = torch.zeros(1, 3, SIZE, SIZE)
    out = io.BytesIO()
    if dynamo:
        torch.onnx.export(net, (pixels,), out, dynamo=True, input_names=["image"], external_data=False,
                          dynamic_shapes=({0: torch.export.Dim("batch")},))
    else:  # the older exporter, as most of the files about were made: everything fixed, the batch too
        torch.onnx.export(net, (pixels,), out, dynamo=False)
    return onnx.load_from_string(out.getvalue())


def normalized(file):
    rgb = np.asarray(Image.open(file).convert("RGB"), np.float32) / 255
    rgb = (rgb - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225])
    return rgb.transpose(2, 0, 1)[None]


def run(model, pixels):
    """Features, which the last Gemm reads, and the softmax of what it gives."""
    gemm = [node for node in model.graph.node if node.op_type == "Gemm"][-1]
    model.graph.output.append(onnx.ValueInfoProto(name=gemm.input[0]))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    logits, features = session.run(None, {session.get_inputs()[0].name: pixels})
    e = np.exp(logits.astype(np.float64) - logits.max())
    return features[0], (e / e.sum())[0]


def main():
    net = torchvision.models.resnet18(weights=None).eval()
    pixels = normalized(HERE / "../../images/pattern-64x64-pillow.png")
    for name, dynamo in (("dynamo", True), ("torchscript", False)):
        model = strip(export(net, dynamo))
        onnx.save(model, HERE / f"resnet18-{name}.onnx")
        features, probabilities = run(fill(model), pixels)
        with open(HERE / f"resnet18-{name}.csv", "w") as csv:
            for row in (features, probabilities):
                csv.write(",".join(f"{x:.9g}" for x in row) + "\n")
        print(name, "opset", [o.version for o in model.opset_import], "IR", model.ir_version, features[:4], probabilities.max(),
              file=sys.stderr)


if __name__ == "__main__":
    main()
