"""What a newcomer sees whose machine lacks something: one sentence that says what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from verger_tools.base.project import OWN, ROOT

JAVA_HOME = Path(os.environ["JAVA_HOME"]) if os.environ.get("JAVA_HOME") else Path(shutil.which("java")).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path):
    """A checkout in which nothing is set up yet."""
    root = tmp_path / "my checkout"
    for part in ("notebooks", "helpers/python", "helpers/kernel"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    (root / "helpers/emr").mkdir()
    shutil.copy2(ROOT / "helpers/emr/release.properties", root / "helpers/emr")
    shutil.copytree(ROOT / "helpers/verger/src/main", root / "helpers/verger/src/main")
    for pom in (ROOT / "pom.xml", *ROOT.glob("helpers/*/pom.xml")):
        copy = root / pom.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(pom, copy)
    return root


@pytest.fixture
def tools(tmp_path):
    """A PATH with nothing on it but what is linked into it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("bash", "env", "dirname"):
        (folder / tool).symlink_to(shutil.which(tool))
    (folder / "python3").symlink_to(Path(sys._base_executable).resolve())
    return folder


def run(checkout, tools, *arguments, java_home=None):
    environment = {"PATH": str(tools), "HOME": str(checkout), "LANG": "C.UTF-8"}
    if java_home:
        environment["JAVA_HOME"] = str(java_home)
    return subprocess.run([str(tools / "bash"), str(checkout / "notebooks/run"), *arguments],
                          env=environment, cwd=checkout, capture_output=True, text=True)


def with_environment(checkout, tools):
    """Has the checkout take the set-up's Python environment for its own, which pip would work at for half a minute."""
    (checkout / ".verger").mkdir()
    for part in ("venv", "jjava.jar"):
        (checkout / ".verger" / part).symlink_to(OWN / part)
    code = "from verger_tools.setup import parts; parts._make_environment = lambda: None; parts._environment()"
    subprocess.run([tools / "python3", "-c", code], cwd=checkout / "helpers/python", check=True, stderr=subprocess.DEVNULL)


def last_line(done):
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_no_python(checkout, tools):
    (tools / "python3").unlink()
    assert last_line(run(checkout, tools, "fruits")).startswith("notebooks/run needs Python 3.10 or newer: install it (Debian:")


def test_no_java(checkout, tools):
    line = last_line(run(checkout, tools, "fruits"))
    assert line.startswith("There is no java on the PATH: install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless;")


def test_java_home_is_wrong(checkout, tools):
    line = last_line(run(checkout, tools, "fruits", java_home="/nowhere"))
    assert line.startswith("There is no java in JAVA_HOME (/nowhere): install a JDK 17")


def test_a_jre_has_no_jshell(checkout, tools, tmp_path):
    jre = tmp_path / "jre"
    subprocess.run([JAVA_HOME / "bin/jlink", "--add-modules", "java.base", "--output", jre], check=True)
    line = last_line(run(checkout, tools, "fruits", java_home=jre))
    assert "is a JRE without jdk.jshell, which the Java kernel needs: install a JDK 17" in line


def test_no_maven(checkout, tools):
    done = run(checkout, tools, "fruits", java_home=JAVA_HOME)
    assert last_line(done).startswith("There is no mvn on the PATH: install Maven 3.8 or newer")
    assert "Setting up" not in done.stderr  # it is said before anything else has taken a minute


@pytest.mark.slow
def test_a_build_that_fails_shows_why(checkout, tools):
    for tool in ("mvn", "sed", "uname", "expr", "ls", "tr", "cat"):
        (tools / tool).symlink_to(shutil.which(tool))
    with_environment(checkout, tools)
    source = checkout / "helpers/verger/src/main/java/verger/Broken.java"
    source.write_text("package verger; class Broken {", encoding="utf-8")
    done = run(checkout, tools, "fruits", java_home=JAVA_HOME)
    assert last_line(done) == "Maven failed with exit code 1: its last lines are above"
    assert "Broken.java" in done.stderr
