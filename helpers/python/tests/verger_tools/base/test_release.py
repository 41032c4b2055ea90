"""One file says which EMR release it is; what must repeat it agrees."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from verger_tools.base import environment, release
from verger_tools.base.project import HELPERS, REQUIREMENTS, ROOT
from verger_tools.base.release import RELEASE

# Where a release is named to people, or in a request.
NAMED = ["helpers/emr/README.md", "helpers/cluster-in-a-box/README.md"]


def test_the_file(tmp_path):
    file = tmp_path / "release.properties"
    file.write_text("# of a test\nemr=emr-8.1.0\n\nspark=4.0.2\nhadoop=3.4.2\ngateway=3.3.0\npythons=3.11,3.13\n", encoding="utf-8")

    assert release.read(file) == release.Release("emr-8.1.0", "4.0.2", "3.4.2", "3.3.0", ("3.11", "3.13"))


def test_the_request():
    assert json.loads((ROOT / "emr-config.json").read_text(encoding="utf-8"))["ReleaseLabel"] == RELEASE.label


def test_the_requirements():
    assert environment.pinned(REQUIREMENTS / f"gateway-{RELEASE.gateway}.txt")["jupyter-enterprise-gateway"] == RELEASE.gateway
    assert environment.pinned(REQUIREMENTS / "spark.txt")["pyspark"] == RELEASE.spark
    assert sorted(file.name for file in REQUIREMENTS.glob("bundle-*.txt")) == [f"bundle-{python}.txt" for python in
                                                                              sorted(RELEASE.pythons, key=lambda text: text[::-1])]


def test_the_spark_that_is_built_with_is_of_the_same_line():
    """An older patch release: not all of EMR's is on Maven Central."""
    pom = ElementTree.parse(ROOT / "pom.xml").getroot()
    namespace = {"m": "http://maven.apache.org/POM/4.0.0"}
    built_with = pom.findtext("m:properties/m:spark.version", namespaces=namespace)

    assert built_with.split(".")[:2] == RELEASE.spark.split(".")[:2]


@pytest.mark.parametrize("name", NAMED)
def test_what_people_read(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert set(re.findall(r"emr-\d+\.\d+\.\d+", text)) <= {RELEASE.label}
    assert set(re.findall(r"(?<=Gateway )\d+\.\d+\.\d+", text)) <= {RELEASE.gateway}
    assert set(re.findall(r"(?<=Spark \| )\d+\.\d+\.\d+", text)) <= {RELEASE.spark}


def test_nothing_else_says_it():
    """Whoever wants the release reads the file."""
    files = [*HELPERS.glob("python/verger_tools/**/*.py"), *HELPERS.glob("emr/*.sh"), *HELPERS.glob("bundle/*-*"),
             *HELPERS.glob("cluster-in-a-box/src/**/*.java")]
    said = re.compile(r"emr-\d+\.\d+\.\d+|\b" + r"\b|\b".join(map(re.escape, (RELEASE.spark, RELEASE.gateway))) + r"\b")

    assert {file.name: said.findall(file.read_text(encoding="utf-8")) for file in files
            if set(said.findall(file.read_text(encoding="utf-8")))} == {}
