"""Where a licence is found: in a POM, in the POM of a parent, in a manifest, in the metadata of a wheel; and its text."""

import zipfile

import pytest

from verger_tools.bundle import notices

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">{parent}<groupId>org.orchard</groupId><artifactId>{name}</artifactId>
<version>1.0</version>{licences}</project>"""
LICENCES = "<licenses><license><name>Fruit  License\n 2.0</name></license><license><url>https://fruit.example/l</url></license></licenses>"
PARENT = "<parent><groupId>org.orchard</groupId><artifactId>trees</artifactId><version>1.0</version></parent>"


@pytest.fixture
def repository(tmp_path):
    """Puts an artefact into a local repository, as Maven lays it; returns the jar."""
    def put(name, licences="", parent="", files=(), classifier=""):
        folder = tmp_path / "org" / "orchard" / name / "1.0"
        folder.mkdir(parents=True)
        (folder / f"{name}-1.0.pom").write_text(POM.format(name=name, licences=licences, parent=parent), encoding="utf-8")
        jar = folder / f"{name}-1.0{classifier}.jar"
        with zipfile.ZipFile(jar, "w") as archive:
            for file, text in files:
                archive.writestr(file, text)
        return jar
    return put


def test_a_pom(repository):
    found = notices.of_jar(repository("apple", LICENCES, files=[("META-INF/LICENSE.txt", "All\r\napples. \n"), ("a/License.class", "")]))

    assert found == notices.Notice("jar", "apple", "1.0", "Fruit License 2.0 or https://fruit.example/l",
                                   (("META-INF/LICENSE.txt", "All\napples."),))


def test_the_pom_of_a_parent(repository):
    repository("trees", LICENCES)

    assert notices.of_jar(repository("pear", parent=PARENT)).licence == "Fruit License 2.0 or https://fruit.example/l"


def test_a_manifest(repository):
    manifest = "Manifest-Version: 1.0\r\nBundle-License: https://fruit.exam\r\n ple/m\r\n"

    assert notices.of_jar(repository("plum", files=[("META-INF/MANIFEST.MF", manifest)])).licence == "https://fruit.example/m"


def test_nothing_is_made_up(repository):
    assert notices.of_jar(repository("quince")).licence == "not said"


def test_a_classifier_is_in_the_name(repository):
    assert notices.of_jar(repository("fig", LICENCES, classifier="-linux-x86_64")).name == "fig-linux-x86_64"


@pytest.mark.parametrize("metadata, licence", [
    ("License-Expression: MIT OR Apache-2.0\nLicense: other", "MIT OR Apache-2.0"),
    ("License: BSD\nClassifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: BSD License", "BSD License"),
    ("License: ISC", "ISC"),
    ("Summary: fruit", "not said"),
])
def test_a_wheel(tmp_path, metadata, licence):
    wheel = tmp_path / "fruit-2.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("fruit-2.0.dist-info/METADATA", f"Metadata-Version: 2.4\nName: Fruit\nVersion: 2.0\n{metadata}\n\nLICENSE\n")
        archive.writestr("fruit-2.0.dist-info/licenses/LICENSE", "Take them.")
        archive.writestr("fruit/licenses.py", "")

    assert notices.of_wheel(wheel) == notices.Notice("wheel", "Fruit", "2.0", licence,
                                                     (("fruit-2.0.dist-info/licenses/LICENSE", "Take them."),))


def test_a_text_that_many_have_stands_once(repository):
    jars = [notices.of_jar(repository(name, LICENCES, files=[("LICENSE", "Take them.")])) for name in ("cherry", "damson")]
    written = notices._written(jars)

    assert written.count("Take them.") == 1
    assert "cherry 1.0, LICENSE\ndamson 1.0, LICENSE\n" in written
