"""Where a jar goes: the same for the set-up and for the bundle."""

import pytest

from tests.verger_tools.base.places import SPARK_JARS
from verger_tools.base.jars import TABLE, Place, place, read_class_path
from verger_tools.setup import parts

JARS = [
    ("verger.jar", Place.EXECUTOR),
    ("onnxruntime-1.26.0.jar", Place.EXECUTOR),
    ("openblas-0.3.28-1.5.11-linux-x86_64.jar", Place.EXECUTOR),
    ("javacpp-1.5.11.jar", Place.EXECUTOR),
    ("imageio-webp-3.14.0.jar", Place.EXECUTOR),
    ("common-lang-3.14.0.jar", Place.EXECUTOR),
    ("deeplearning4j-nn-1.0.0-M2.1.jar", Place.DRIVER),
    ("commons-net-3.1.jar", Place.DRIVER),
    ("xchart-3.8.8.jar", Place.DRIVER),
    ("slf4j-api-2.0.7.jar", Place.SPARK),
    ("commons-math3-3.6.1.jar", Place.SPARK),
    ("gson-2.8.0.jar", Place.SPARK),
    ("flatbuffers-java-1.12.0.jar", Place.SPARK),
]


@pytest.mark.parametrize("jar, where", JARS)
def test_a_jar_has_one_place(jar, where):
    assert place(jar) is where


def test_what_is_sparks_is_in_every_spark_distribution():
    of_spark = [beginning for beginning, where in TABLE.items() if where is Place.SPARK]

    assert [beginning for beginning in of_spark if beginning.rstrip("-") not in SPARK_JARS] == []


def test_a_class_path_of_maven(tmp_path):
    file = tmp_path / "runtime.classpath"
    file.write_text("/m2/a/a-1.jar:/m2/b/b-2.jar\n", encoding="utf-8")

    assert [jar.name for jar in read_class_path(file)] == ["a-1.jar", "b-2.jar"]


def test_the_set_up_links_them_by_the_table(tmp_path):
    made = {name: tmp_path / name for name, _ in JARS if name != "verger.jar"}
    of_spark = [tmp_path / "spark-core_2.12-3.5.5.jar", made["slf4j-api-2.0.7.jar"]]

    parts._place_jars(tmp_path / "new", of_spark, made.values())

    linked = {folder: {jar.name for jar in (tmp_path / "new" / folder).iterdir()} for folder in ("spark/jars", "driver", "executor")}
    for folder, where in (("spark/jars", Place.SPARK), ("driver", Place.DRIVER), ("executor", Place.EXECUTOR)):
        assert linked[folder] - {"spark-core_2.12-3.5.5.jar"} == {name for name, place in JARS if place is where} - {"verger.jar"}
    assert "spark-core_2.12-3.5.5.jar" in linked["spark/jars"]
