"""Where MobileNetV2Test's numbers come from: Keras 2 itself, on weights and pixels that a formula makes.

    pip install tensorflow-cpu==2.15.1
    python make.py          # writes mobilenetv2-weights.csv and mobilenetv2-features.csv beside itself
    python make.py x.h5     # also saves the whole model, to try by hand
"""

import binascii
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

HERE = Path(__file__).parent
SIZE = 224


def spread(name, count):
    """`count` numbers in [0, 1), the same wherever they are made: 32-bit arithmetic on the index and the CRC-32 of the name."""
    x = (np.arange(count, dtype=np.uint64) * 2654435761 + binascii.crc32(name.encode())) % 2**32
    x ^= x >> np.uint64(16)
    x = x * 2246822519 % 2**32
    x ^= x >> np.uint64(13)
    return x / 2**32


def values(name, shape):
    kind = name.split("/")[-1].split(":")[0]
    low, high = -0.1, 0.1
    if kind == "gamma":
        low, high = 0.4, 0.9
    elif kind == "moving_variance":
        low, high = 0.5, 1.5
    elif "kernel" in kind:
        inputs = np.prod(shape[:2]) if kind == "depthwise_kernel" else np.prod(shape[:-1])
        high = (6 / inputs) ** 0.5 * (0.05 if len(shape) == 2 else 1)
        low = -high
    return (low + (high - low) * spread(name, int(np.prod(shape)))).astype(np.float32).reshape(shape)


def main():
    model = tf.keras.applications.MobileNetV2(weights=None)
    model.set_weights([values(w.name, w.shape) for w in model.weights])
    with open(HERE / "mobilenetv2-weights.csv", "w", encoding="ascii") as file:
        for layer in model.layers:
            for w in layer.weights:
                file.write(f"{layer.name};{w.name};{'x'.join(map(str, w.shape))}\n")
    pixels = np.floor(256 * spread("pixels", SIZE * SIZE * 3)).reshape(1, SIZE, SIZE, 3)
    images = tf.keras.applications.mobilenet_v2.preprocess_input(pixels.copy())
    pool = model.get_layer("global_average_pooling2d").output
    features, probabilities = tf.keras.Model(model.input, [pool, model.output]).predict(images, verbose=0)
    with open(HERE / "mobilenetv2-features.csv", "w", encoding="ascii") as file:
        for row in (features[0], probabilities[0][:20]):
            file.write(",".join(f"{x:.6g}" for x in row) + "\n")
    if len(sys.argv) > 1:
        model.save(sys.argv[1], save_format="h5")
        model.save_weights(sys.argv[1].replace(".h5", "-weights.h5"), save_format="h5")
        np.save(sys.argv[1] + ".npy", features)
        np.save(sys.argv[1] + ".pixels.npy", pixels.astype(np.uint8))


main()
