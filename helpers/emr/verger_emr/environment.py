"""Runs a command of this package in a Python environment of its own, which the first call makes in `.verger/emr/`.

Only the standard library, and nothing newer than Python 3.9: this runs before anything is installed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HELPER = Path(__file__).resolve().parents[1]
ROOT = HELPER.parents[1]
OWN = ROOT / ".verger"
FOLDER = OWN / "emr"
REQUIREMENTS = HELPER / "requirements.txt"
sys.path.append(str(HELPER.parent / "runner"))

import steps  # noqa: E402


def run(command):
    """Becomes `python -m verger_emr.<command>` in the environment; with `--setup` alone, makes the environment and stops."""
    if sys.version_info < (3, 9):
        sys.exit(f"This needs Python 3.9 or newer, and {sys.executable} is {sys.version.split()[0]}: "
                 "run it with another one, such as python3.11 " + sys.argv[0])
    try:
        python = _make()
    except steps.SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Cannot make the Python environment in {FOLDER} ({error.strerror or error})")
    if sys.argv[1:] == ["--setup"]:
        return
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HELPER), os.environ.get("PYTHONPATH")]))
    os.execv(python, [str(python), "-m", f"verger_emr.{command}", *sys.argv[1:]])


def _make():
    python = FOLDER / "bin" / "python"
    OWN.mkdir(exist_ok=True)
    with steps.locked(OWN / "emr.lock"):
        steps.step("Python environment (boto3)", FOLDER / "made-from", [str(ROOT), REQUIREMENTS], lambda: _install(python),
                   python.is_file)
    return python


def _install(python):
    shutil.rmtree(FOLDER, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(FOLDER)],
         "install Python's venv module (Debian: apt-get install python3-venv)")
    _run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
         f"with a network, or with PIP_FIND_LINKS naming a folder that has boto3's wheels, it goes on; by hand: "
         f"{python} -m pip install -r {REQUIREMENTS}")


def _run(command, way_out):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip() and not re.match(r"WARNING: Retrying", line)]
        raise steps.SetupError("\n".join([*lines[-10:], f"The set-up failed: {way_out}"]))
