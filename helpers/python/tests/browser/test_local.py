"""JupyterLab on this machine alone, with the kernel of the project."""

import ast

import pytest

from tests.browser import environment
from tests.kernels import KERNELS

pytestmark = [pytest.mark.slow, environment.needs_chromium]


SIGNATURES = {
    "ImageFeaturizer": "class verger.features.ImageFeaturizer",
    "f.setNetwork": "setNetwork(String value)",
    "Images.read(": "Dataset<Row> Images.read(SparkSession spark, String uri)",
    "spark.read()": "DataFrameReader SparkSession.read()",
    "String.format": "String String.format(",
}


def test_what_a_person_does(tmp_path):
    shown = environment.look("look_around.py", tmp_path / "lab", kernels=KERNELS.parent, seconds=600)

    found = dict(line.split(": ", 1) for line in shown.splitlines())
    found = {name: value if name == "session" else ast.literal_eval(value) for name, value in found.items()}
    for place, signature in SIGNATURES.items():
        assert signature in found[f"Shift-Tab {place}"][0]
    assert any(candidate.startswith("setNetwork(") for candidate in found["Tab"])
    for name in ("wrong column", "exception", "does not compile"):
        assert found[name][1] <= 12, name
    assert found["lines"][:2] == [10_000, True]
    assert found["stop"][1] == "usable: 7"
    assert found["reconnected"]
    assert found["returned"] == [True, "the end"]
