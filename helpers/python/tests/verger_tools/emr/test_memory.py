"""The memory settings of emr-config.json follow from what was measured: the arithmetic of README.md, «Memory», done anew."""

import json
import re

import pytest

from tests.verger_tools.emr.conftest import EMR
from verger_tools.base.project import ROOT

MIB = 1 << 20
NODE = 12288             # MiB that EMR gives YARN on an m5.xlarge
CORES = 4                # of an m5.xlarge
FEATURES = 2048          # of ResNet50, the larger network
JVM = 384                # MiB beside the heap that Spark itself reckons with at the least
ONNX_RUNTIME = 460       # MiB that ONNX Runtime took with ResNet50, batch 8: counted for each task
ND4J = 2048              # MiB that ND4J took natively to read the weights, on the driver
BLOCK = 256              # rows that the PCA multiplies at a time (Gramian.BLOCK)
BUFFER = 32              # MiB that OpenBLAS takes for each thread that calls it


@pytest.fixture
def spark():
    request = json.loads((ROOT / "emr-config.json").read_text(encoding="utf-8"))
    (properties,) = [part["Properties"] for part in request["Configurations"] if part["Classification"] == "spark-defaults"]
    return {key: int(value.rstrip("m")) for key, value in properties.items()}


def gramian():
    """MiB of a square of doubles, and of a block of rows."""
    return 8 * FEATURES * FEATURES / MIB, 8 * FEATURES * BLOCK / MIB


def decoding():
    """MiB outside of the heap that the largest picture takes, of which there is one at a time (Turns.java)."""
    bounds = ROOT / "helpers/verger/src/main/java/verger/images/decoding/Bounds.java"
    (most,) = re.findall(r"MAX_BESIDE = ([\d_]+);", bounds.read_text(encoding="utf-8"))
    return int(most) / MIB


def test_two_executors_and_the_application_master_fill_a_node(spark):
    executor = spark["spark.executor.memory"] + spark["spark.executor.memoryOverhead"]
    master = spark["spark.yarn.am.memory"] + spark["spark.yarn.am.memoryOverhead"]
    assert 2 * executor + master <= NODE < 2 * executor + master + 512
    assert 2 * spark["spark.executor.cores"] == CORES


def test_in_cluster_mode_the_driver_takes_the_place_of_one_executor(spark):
    executor = spark["spark.executor.memory"] + spark["spark.executor.memoryOverhead"]
    assert spark["spark.driver.memory"] + spark["spark.driver.memoryOverhead"] == executor


def test_an_executors_overhead_holds_what_its_tasks_take_natively(spark):
    square, block = gramian()
    pca = square + block + BUFFER  # MemoryEstimate.taskNative
    tasks = spark["spark.executor.cores"]
    assert JVM + tasks * (ONNX_RUNTIME + pca) + decoding() <= spark["spark.executor.memoryOverhead"]


def test_a_drivers_overhead_holds_the_weights_and_the_decomposition(spark):
    square, _ = gramian()
    pca = 3 * square + BUFFER  # MemoryEstimate.driverNative
    # The weights are read before the fit, and a page that ND4J has touched is not given back.
    assert JVM + ND4J + pca <= spark["spark.driver.memoryOverhead"]


def test_the_readme_has_these_numbers(spark):
    text = (EMR / "README.md").read_text(encoding="utf-8")
    for key in ("spark.executor.memory", "spark.executor.memoryOverhead", "spark.driver.memory", "spark.driver.memoryOverhead"):
        assert f"`{key}` | {spark[key]:,} " in text
