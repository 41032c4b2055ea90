"""Makes resnet50*.csv and tensors.*: what PyTorch computes and writes, for tests that have no PyTorch.

    python -m venv v && v/bin/pip install torch==2.15.0 torchvision==0.29.2 safetensors==0.8.0 numpy
    v/bin/python resnet50.py

resnet50.csv           features of torchvision's ResNet50 of one made-up image of 64 × 64
resnet50-narrow.csv    features, and probabilities of 10 classes, of the same with an eighth of the filters
tensors.zip.pth        a small state dict as torch.save writes it
tensors.legacy.pth     the same in the format before PyTorch 1.6
tensors.safetensors    the same
tensors.half.pth       the same in float16, with one tensor of bfloat16 and one of float64

All weights are made up, by the rule of make.py, with the number of a float tensor in the state dict as its seed;
TorchvisionWeights.java does it, too.
"""
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models import resnet50
from torchvision.models.resnet import Bottleneck

HERE = pathlib.Path(__file__).parent
GAMMA = np.uint64(0x9E3779B97F4A7C15)
SEED_OF_IMAGE = 1000


def splitmix64(seed, count):
    """The first numbers of a SplitMix64 generator (Steele, Lea and Flood 2014), as doubles in [0, 1) of 24 bits."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + GAMMA * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**24


def bounds(name, shape):
    """Between which numbers the weights of a tensor lie: He's initialization, statistics of no untrained network."""
    if len(shape) > 1:
        high = np.sqrt(6 / np.prod(shape[1:])) * (0.2 if len(shape) == 2 else 1)
        return -high, high
    if name.endswith("running_var"):
        return 0.5, 1.5
    if name.endswith("weight"):
        return 0.4, 0.9
    return -0.1, 0.1


def numbers(seed, low, high, shape):
    values = low + (high - low) * splitmix64(seed, int(np.prod(shape)))
    return torch.from_numpy(values.astype(np.float32).reshape(tuple(shape)))


def fill(net):
    floats = [item for item in net.state_dict().items() if item[1].is_floating_point()]
    for seed, (name, tensor) in enumerate(floats):
        tensor.copy_(numbers(seed, *bounds(name, tensor.shape), tensor.shape))
    return net.eval()


def narrow():
    """Torchvision's own layers and forward pass, with 8 filters where it has 64."""
    net = resnet50(weights=None)
    net.inplanes = 8
    net.conv1 = nn.Conv2d(3, 8, kernel_size=7, stride=2, padding=3, bias=False)
    net.bn1 = nn.BatchNorm2d(8)
    net.layer1 = net._make_layer(Bottleneck, 8, 3)
    net.layer2 = net._make_layer(Bottleneck, 16, 4, stride=2)
    net.layer3 = net._make_layer(Bottleneck, 32, 6, stride=2)
    net.layer4 = net._make_layer(Bottleneck, 64, 3, stride=2)
    net.fc = nn.Linear(256, 10)
    return net


def write(name, *rows):
    with open(HERE / name, "w") as csv:
        for row in rows:
            csv.write(",".join(f"{x:.9g}" for x in row.tolist()) + "\n")


@torch.no_grad()
def run(net):
    """Features, which go into fc, and the softmax of what it gives."""
    features = []
    net.fc.register_forward_pre_hook(lambda _, inputs: features.append(inputs[0][0]))
    logits = net(numbers(SEED_OF_IMAGE, -2, 2, (1, 3, 64, 64)))
    return features[0], logits.double().softmax(1)[0]


def main():
    write("resnet50.csv", run(fill(resnet50(weights=None)))[0])
    write("resnet50-narrow.csv", *run(fill(narrow())))
    state = fill(nn.Sequential(nn.Conv2d(2, 3, 2, bias=False), nn.BatchNorm2d(3))).state_dict()
    torch.save(state, HERE / "tensors.zip.pth")
    torch.save(state, HERE / "tensors.legacy.pth", _use_new_zipfile_serialization=False)
    save_file(state, HERE / "tensors.safetensors")
    half = {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    half["1.bias"] = state["1.bias"].bfloat16()
    half["1.running_var"] = state["1.running_var"].double()
    torch.save(half, HERE / "tensors.half.pth")


if __name__ == "__main__":
    main()
