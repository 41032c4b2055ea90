"""What is made from what: each part once, and anew when what it is made from changes."""

import subprocess
import sys

import pytest

from tests import processes
from verger_tools.base.project import PYTHON
from verger_tools.base.steps import locked, step


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / "inner").mkdir(parents=True)
    for name in ("Apple", "Pear"):
        (folder / "inner" / f"{name}.java").write_text(name, encoding="utf-8")
    return folder


@pytest.fixture
def made(tmp_path, source):
    """Takes the step, and says whether the part was made."""
    def made(*texts, is_whole=lambda: True, name="cider"):
        times = []
        step(name, tmp_path / "stamps" / "cider", [*texts, source, source / "inner" / "Apple.java"], lambda: times.append(1), is_whole)
        return bool(times)
    return made


def test_it_is_made_once_and_says_how_long_it_took(made, capsys):
    assert made()
    assert capsys.readouterr().err == "Setting up: cider … 0 s\n"
    assert not made()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("change", [
    lambda source: (source / "inner" / "Apple.java").write_text("cherry", encoding="utf-8"),
    lambda source: (source / "inner" / "Plum.java").write_text("", encoding="utf-8"),
    lambda source: (source / "inner" / "Pear.java").rename(source / "Pear.java"),
])
def test_it_is_made_anew_when_a_file_changes_comes_or_moves(made, source, change):
    made()
    change(source)
    assert made()
    assert not made()


def test_it_is_made_anew_for_another_text_or_name_and_when_it_is_gone(made):
    made("3.10")
    assert made("3.11")
    assert made("3.11", name="cider, dry")
    assert made("3.11", name="cider, dry", is_whole=lambda: False)


def test_what_builds_leave_does_not_count(made, source):
    made()
    for name in ("target", "inner/__pycache__"):
        (source / name).mkdir()
        (source / name / "left.pyc").write_text("", encoding="utf-8")
    assert not made()


def test_what_failed_is_made_again(made, tmp_path, source, capsys):
    made()

    def fail():
        raise OSError("no apples")

    with pytest.raises(OSError, match="no apples"):
        step("cider", tmp_path / "stamps" / "cider", ["other"], fail)
    assert capsys.readouterr().err.endswith("Setting up: cider … failed\n")
    assert made()


def test_a_second_set_up_waits(tmp_path):
    waiter = ("import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from verger_tools.base.steps import locked\n"
              "with locked(Path(sys.argv[2])): print('in')")
    with locked(tmp_path / "lock"):
        second = processes.start([sys.executable, "-c", waiter, str(PYTHON), str(tmp_path / "lock")],
                                  stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=1)
    assert second.communicate(timeout=30)[0] == "in\n"
