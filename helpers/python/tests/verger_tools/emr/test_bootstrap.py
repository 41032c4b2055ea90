"""bootstrap.sh installs what is missing, says what stays missing, and never fails the node."""

import shutil
import subprocess

import pytest

from tests.verger_tools.emr.conftest import EMR

JDK = "java.base@17.0.1\njdk.compiler@17.0.1\njdk.jshell@17.0.1"


@pytest.fixture
def node(tmp_path):
    """A PATH of its own, with what a node has; `dnf` notes what it is asked for, and makes it where it can."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("bash", "grep", "timeout", "sleep", "cat", "chmod", "env"):
        (folder / tool).symlink_to(shutil.which(tool))

    def put(name, script):
        (folder / name).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)

    put("java", f"printf '{JDK}\\n'")
    put("fc-list", "echo DejaVu")

    def run(install):
        put("install", install)
        return subprocess.run([str(folder / "bash"), str(EMR / "bootstrap.sh")], capture_output=True, text=True,
                              env={"PATH": str(folder), "VERGER_INSTALL": "install", "VERGER_PAUSE": "0",
                                   "JAVA_HOME": str(tmp_path / "none")})
    run.folder, run.put, run.asked = folder, put, tmp_path / "asked"
    return run


def test_nothing_is_installed_where_all_is_there(node):
    done = node(f"echo $@ > {node.asked}")
    assert (done.returncode, done.stdout) == (0, "verger bootstrap: a JDK 17 and a font are here\n")
    assert not node.asked.exists()


def test_a_jre_gets_a_jdk_and_a_bare_node_a_font(node):
    node.put("java", "echo java.base@17.0.1")
    (node.folder / "fc-list").unlink()
    made = f"printf '#!/bin/bash\\necho DejaVu\\n' > {node.folder}/fc-list; chmod 755 {node.folder}/fc-list"
    jdk = f"printf '#!/bin/bash\\necho jdk.compiler@17.0.1; echo jdk.jshell@17.0.1\\n' > {node.folder}/java"
    done = node(f"echo $@ > {node.asked}; {made}; {jdk}")
    assert done.returncode == 0
    assert node.asked.read_text().split() == ["java-17-amazon-corretto-devel", "fontconfig", "dejavu-sans-fonts"]
    assert "MISSING" not in done.stdout


def test_without_a_repository_the_node_still_comes_up(node):
    node.put("java", "echo java.base@17.0.1")
    (node.folder / "fc-list").unlink()
    done = node(f"echo again >> {node.asked}; exit 1")
    assert done.returncode == 0
    assert node.asked.read_text().split() == ["again"] * 3
    assert "MISSING: a JDK 17 with jdk.jshell (java-17-amazon-corretto-devel)" in done.stdout
    assert "MISSING: a font" in done.stdout
