"""What is installed is pinned, file by file, and comes from nowhere in particular."""

import ast
import re
import sys

import pytest

from verger_tools.base import environment
from verger_tools.base.project import PYTHON, REQUIREMENTS

FILES = sorted(REQUIREMENTS.glob("*.txt"))
# They run before anything is installed, on the oldest Python that a command takes.
BEFORE = [*PYTHON.glob("verger_tools/base/*.py"), *PYTHON.glob("verger_tools/setup/*.py"), *PYTHON.glob("verger_tools/box/*.py"),
          *PYTHON.glob("verger_tools/bundle/*.py"), PYTHON / "verger_tools/emr/environment.py", PYTHON / "__main__.py"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_requirement_has_hashes_and_no_file_an_address(file):
    text = file.read_text(encoding="utf-8")
    requirements = [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]

    assert requirements
    for line in requirements:
        assert re.fullmatch(r"[\w.\[\]-]+==\S+ +(; [^#]*?)?( *--hash=sha256:[0-9a-f]{64})+", line), line
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|/opt/|/home/|/root/|/tmp/", text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_asked_for_is_pinned(file):
    asked = file.with_suffix(".in").read_text(encoding="utf-8")
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([A-Za-z][\w.-]*)", asked, re.M)}

    assert names <= set(environment.pinned(file))


def test_all_environments_have_one_version_of_what_they_share():
    """The tests are installed beside what the runner needs; boto3 is what the commands have."""
    run, test, emr = (environment.pinned(REQUIREMENTS / f"{name}.txt") for name in ("run", "test", "emr"))

    assert {name for name in set(run) & set(test) if run[name] != test[name]} == set()
    assert environment.pinned(REQUIREMENTS / "bundle-3.11.txt")["papermill"] == run["papermill"]
    assert "boto3" in emr and "jjava" in run and run["jjava"] == "1.0a8"


@pytest.mark.parametrize("file", BEFORE, ids=lambda file: "/".join(file.parts[-2:]))
def test_set_ups_need_the_standard_library_alone_of_an_old_python(file):
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}

    assert {name for name in imported if name.split(".")[0] not in {*sys.stdlib_module_names, "verger_tools"}} == set()
