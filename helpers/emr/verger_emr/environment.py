"""Runs a command of this package in a Python environment of its own, which the first call makes in `.verger/emr/`.

Only the standard library, and nothing newer than Python 3.9: this runs before anything is installed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

HELPER = Path(__file__).resolve().parents[1]
ROOT = HELPER.parents[1]
OWN = ROOT / ".verger"
FOLDER = OWN / "emr"
REQUIREMENTS = HELPER / "requirements.txt"


def run(command):
    """Becomes `python -m verger_emr.<command>` in the environment; with `--setup` alone, makes the environment and stops."""
    if sys.version_info < (3, 9):
        sys.exit(f"This needs Python 3.9 or newer, and {sys.executable} is {sys.version.split()[0]}: "
                 "run it with another one, such as python3.11 " + sys.argv[0])
    try:
        python = _make()
    except OSError as error:
        sys.exit(f"Cannot make the Python environment in {FOLDER} ({error.strerror or error})")
    if sys.argv[1:] == ["--setup"]:
        return
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HELPER), os.environ.get("PYTHONPATH")]))
    os.execv(python, [str(python), "-m", f"verger_emr.{command}", *sys.argv[1:]])


def _make():
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / "made-from"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + f"{ROOT}".encode()).hexdigest()
    OWN.mkdir(exist_ok=True)
    with _lock():
        if python.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return python
        print("Setting up: Python environment (boto3) …", end=" ", file=sys.stderr, flush=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
        _step([sys.executable, "-m", "venv", str(FOLDER)],
              "install Python's venv module (Debian: apt-get install python3-venv)")
        _step([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
              f"with a network, or with PIP_FIND_LINKS naming a folder that has boto3's wheels, it goes on; by hand: "
              f"{python} -m pip install -r {REQUIREMENTS}")
        stamp.write_text(wanted, encoding="utf-8")
        print("done", file=sys.stderr, flush=True)
    return python


def _step(command, way_out):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        print("failed", file=sys.stderr)
        lines = [line for line in done.stdout.splitlines() if line.strip() and not re.match(r"WARNING: Retrying", line)]
        print("\n".join(lines[-10:]), file=sys.stderr)
        sys.exit(f"The set-up failed: {way_out}")


@contextmanager
def _lock():
    """Two first calls at once would install into the same folder."""
    try:
        import fcntl
    except ImportError:  # Windows outside of WSL
        yield
        return
    with open(OWN / "emr.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
