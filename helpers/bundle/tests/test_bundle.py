"""What is in the bundle, and above all what is not."""

import hashlib
import io
import os
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BUNDLE = Path(os.environ["VERGER_BUNDLE"])
PLATFORM = BUNDLE.name[len("verger-bundle-"):-len(".tar.gz")]
# Measured (189 MB for linux-x86_64) and a tenth more.
LIMIT = 208_000_000
EFFICIENTNET = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

ON_EXECUTORS = [r"javacpp-[\d.]+-{platform}\.jar", r"javacpp-[\d.]+\.jar", r"onnxruntime-[\d.]+-{platform}\.jar",
                r"openblas-[\d.]+-[\d.]+-{platform}\.jar", r"openblas-[\d.]+-[\d.]+\.jar", r"verger\.jar"]
# Packages that Spark, Hadoop or EMR bring: none of their classes may come a second time.
OF_THE_CLUSTER = ("org/apache/spark/", "org/apache/hadoop/", "org/apache/http/", "org/apache/log4j/", "org/apache/logging/", "scala/",
                  "io/netty/", "com/google/common/", "com/google/protobuf/", "com/google/gson/", "com/amazonaws/", "software/amazon/",
                  "com/fasterxml/", "org/slf4j/", "org/json4s/", "com/esotericsoftware/", "javax/servlet/", "jakarta/")


@pytest.fixture(scope="module")
def files():
    """Content of every file by its name, without the top folder."""
    with tarfile.open(BUNDLE) as archive:
        members = archive.getmembers()
        assert all(member.isfile() and member.name.startswith("verger/") for member in members)
        return {member.name[len("verger/"):]: archive.extractfile(member).read() for member in members}


def names(files, folder):
    return sorted(name[len(folder):] for name in files if name.startswith(folder))


def classes(jar):
    with zipfile.ZipFile(io.BytesIO(jar)) as archive:
        return [name for name in archive.namelist() if name.endswith(".class") and not name.startswith("META-INF/")]


def artifact(jar):
    return re.sub(r"-\d[^/]*\.jar$|\.jar$", "", jar)


def test_size():
    assert BUNDLE.stat().st_size < LIMIT


def test_executors_get_what_featurizing_and_pca_need(files):
    jars = names(files, "lib/executor/")

    assert len(jars) == len(ON_EXECUTORS)
    for pattern, jar in zip(ON_EXECUTORS, jars):
        assert re.fullmatch(pattern.format(platform=re.escape(PLATFORM)), jar)
    assert sum(len(files[f"lib/executor/{jar}"]) for jar in jars) < 35_000_000


def test_nothing_that_spark_brings(files):
    of_spark = {line for line in (HERE / "spark-3.5.8-jars.txt").read_text().splitlines() if not line.startswith("#")}
    jars = [jar for folder in ("driver", "executor") for jar in names(files, f"lib/{folder}/")]

    assert len(jars) > 20
    assert {"spark-core_2.12", "hadoop-client-api", "netty-all"} <= of_spark
    # ND4J's guava is a shaded one: its classes are in org.nd4j.shade, as the next test sees.
    assert {artifact(jar) for jar in jars} & of_spark <= {"guava"}


def test_no_class_of_spark_hadoop_or_the_sdk(files):
    for name in files:
        if name.endswith(".jar"):
            assert [found for found in classes(files[name]) if found.startswith(OF_THE_CLUSTER)] == [], name


def test_no_artifact_in_two_versions(files):
    jars = [jar for folder in ("driver", "executor") for jar in names(files, f"lib/{folder}/")]
    kinds = [(artifact(jar), jar.endswith(f"-{PLATFORM}.jar")) for jar in jars]

    assert len(set(kinds)) == len(kinds)


def test_natives_of_one_platform(files):
    others = r"(windows|win-|macosx|osx|android|ios|{other})".format(
        other="linux-(arm64|aarch64|armhf|ppc64le)" if PLATFORM == "linux-x86_64" else "linux-(x86|x64|armhf|ppc64le)")
    for folder in ("driver", "executor"):
        for jar in names(files, f"lib/{folder}/"):
            assert not re.search(others, jar)
            if jar.startswith("onnxruntime-"):
                with zipfile.ZipFile(io.BytesIO(files[f"lib/{folder}/{jar}"])) as archive:
                    libraries = [entry for entry in archive.namelist() if "/native/" in entry]
                native = "linux-x64" if PLATFORM == "linux-x86_64" else "linux-aarch64"
                assert sorted(libraries) == [f"ai/onnxruntime/native/{native}/lib{part}.so" for part in ("onnxruntime", "onnxruntime4j_jni")]


def test_wheels_are_whole(files):
    """Every requirement of either Python has a wheel that this Python and machine take."""
    wheels = names(files, "wheels/")
    machine = "x86_64" if PLATFORM == "linux-x86_64" else "aarch64"
    for python in ("3.9", "3.11"):
        tag = "cp" + python.replace(".", "")
        required = [line for line in files[f"wheels/requirements-{python}.txt"].decode().splitlines() if not line.startswith("#")]
        assert any(line.startswith("papermill==") for line in required)
        for line in [*required, "papermill-java==0.1.0"]:
            project, version = line.split("==")
            fits = re.compile(rf"{re.sub('[-_.]', '[-_.]', project)}-{re.escape(version)}-"
                              rf"(py2\.py3|py3|py2\.py3|{tag}-{tag}|cp3\d+-abi3|cp\d+)-?(none-any|.*{machine}.*)\.whl", re.I)
            assert any(fits.fullmatch(wheel) for wheel in wheels), f"{line} for Python {python}"
    assert [wheel for wheel in wheels if wheel.endswith(".tar.gz")] == []


def test_notebooks_sample_and_weights(files):
    assert "fruits.ipynb" in names(files, "notebooks/")
    assert len([name for name in names(files, "data-sample/") if name.endswith(".jpg")]) == 360
    assert hashlib.sha256(files["weights/efficientnet-lite0-57934424.pth"]).hexdigest() == EFFICIENTNET


def test_version_names_the_content(files):
    assert re.fullmatch(r"[\d.]+(-SNAPSHOT)?-[0-9a-f]{8}\n", files["VERSION"].decode())


def test_scripts_are_executable():
    with tarfile.open(BUNDLE) as archive:
        modes = {member.name: member.mode for member in archive.getmembers()}
    for script in ("install-kernel.sh", "run-notebook", "kernel/launch"):
        assert modes[f"verger/{script}"] == 0o755
    assert modes["verger/lib/jjava.jar"] == 0o644
