"""Which jar goes where: the one table for the set-up, which links jars, and the bundle, which packs them."""

import os
from enum import Enum
from pathlib import Path


class Place(Enum):
    """Who loads a jar."""

    EXECUTOR = "executor"  # the driver too
    DRIVER = "driver"
    SPARK = "spark"  # Spark's own, whichever Spark that is


# The name of a jar begins with one of them; what no line names is the driver's.
TABLE = {
    # What executors need to read photographs, to featurize with ONNX Runtime and to fit a PCA.
    "verger.jar": Place.EXECUTOR,
    "onnxruntime-": Place.EXECUTOR,
    "openblas-": Place.EXECUTOR,
    "javacpp-": Place.EXECUTOR,
    # TwelveMonkeys' reader of WebP.
    "imageio-webp-": Place.EXECUTOR,
    "imageio-core-": Place.EXECUTOR,
    "imageio-metadata-": Place.EXECUTOR,
    "common-image-": Place.EXECUTOR,
    "common-io-": Place.EXECUTOR,
    "common-lang-": Place.EXECUTOR,
    # In every Spark distribution. DL4J asks for them too, so Maven counts them as the helper JAR's.
    "commons-codec-": Place.SPARK,
    "commons-collections4-": Place.SPARK,
    "commons-compress-": Place.SPARK,
    "commons-io-": Place.SPARK,
    "commons-lang3-": Place.SPARK,
    "commons-math3-": Place.SPARK,
    "flatbuffers-java-": Place.SPARK,
    "gson-": Place.SPARK,
    "slf4j-api-": Place.SPARK,
}


def place(jar: str) -> Place:
    """Where a jar goes, by its file name."""
    return next((where for beginning, where in TABLE.items() if jar.startswith(beginning)), Place.DRIVER)


def read_class_path(file: Path) -> list[Path]:
    """The jars in a file that `dependency:build-classpath` wrote."""
    return [Path(jar) for jar in file.read_text(encoding="utf-8").strip().split(os.pathsep)]
