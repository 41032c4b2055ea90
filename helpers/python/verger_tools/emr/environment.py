"""Runs a command of this package in a Python environment of its own, which the first call makes in `.verger/emr/`.

Only the standard library, and nothing newer than Python 3.9: this runs before anything is installed.
"""

import os
import re
import sys
from pathlib import Path

if sys.version_info < (3, 9):  # noqa: UP036  # before an import that an older one stumbles over
    sys.exit(f"This needs Python 3.9 or newer, and {sys.executable} is {sys.version.split()[0]}: "
             "run it with another one, such as python3.11 " + sys.argv[0])

from verger_tools.base import environment, process  # noqa: E402
from verger_tools.base.errors import Failure  # noqa: E402
from verger_tools.base.project import OWN, PYTHON, REQUIREMENTS, ROOT  # noqa: E402
from verger_tools.base.steps import locked, step  # noqa: E402

FOLDER = OWN / "emr"
PINNED = REQUIREMENTS / "emr.txt"


def run(command: str) -> None:
    """Becomes `verger_tools.emr.<command>` in the environment; with `--setup` alone, makes the environment and stops."""
    try:
        python = _make()
    except Failure as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Cannot make the Python environment in {FOLDER} ({error.strerror or error})")
    if sys.argv[1:] == ["--setup"]:
        return
    os.execv(python, [str(python), str(PYTHON), f"verger_tools.emr.{command}", *sys.argv[1:]])


def _make() -> Path:
    python = environment.python_of(FOLDER)
    OWN.mkdir(exist_ok=True)
    with locked(OWN / "emr.lock"):
        step("Python environment (boto3)", FOLDER / "made-from", [str(ROOT), PINNED], lambda: _install(python), python.is_file)
    return python


def _install(python: Path) -> None:
    try:
        environment.make(FOLDER)
    except Failure as failure:
        raise Failure("The set-up failed: install Python's venv module (Debian: apt-get install python3-venv)") from failure
    try:
        environment.install(python, PINNED)
    except process.CommandFailed as failure:
        said = [line for line in failure.said.splitlines() if line.strip() and not re.match(r"WARNING: Retrying", line)]
        raise Failure("\n".join([*said[-10:], "The set-up failed: with a network, or with PIP_FIND_LINKS naming a folder that has "
                                 f"boto3's wheels, it goes on; by hand: {python} -m pip install -r {PINNED}"])) from failure
