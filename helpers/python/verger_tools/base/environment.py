"""Python environments, with what their requirements pin and nothing else."""

import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from . import process
from .errors import Failure
from .project import PYTHON

PACKAGES = ("java_parameters", "papermill_java")
# What papermill-java is made from.
SOURCES = [PYTHON / "pyproject.toml", *(PYTHON / name for name in PACKAGES)]


def python_of(folder: Path) -> Path:
    return folder / "bin" / "python"


def make(folder: Path) -> None:
    """Makes an environment of this very Python, in place of what is there."""
    try:
        venv.create(folder, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError) as error:
        raise Failure(f"{sys.executable} cannot make a virtual environment: install its venv module "
                      "(Debian: apt-get install python3-venv)") from error


def install(python: Path, *requirements: Path, compiled: bool = False) -> None:
    """Installs what files of requirements pin, each file of it with one of the hashes there. They name all, so pip looks for no more.

    compiled: for users who may not write into the environment. Others have each module compiled when it is first imported, and
    most never are: pip takes two fifths less of the processor.
    """
    words = [word for file in requirements for word in ("-r", str(file))]
    how = "--compile" if compiled else "--no-compile"
    process.run(pip(python, "install", how, "--no-deps", "--require-hashes", *words), "pip install")


def install_papermill_java(python: Path, copy: Path) -> None:
    """Installs papermill-java, of a copy since building leaves things behind; its needs are there already, setuptools too."""
    copy_papermill_java(copy)
    # A local package has no hash; without them, nothing comes from anywhere.
    process.run(pip(python, "install", "--no-deps", "--no-build-isolation", "--no-index", copy), "pip install")


def copy_papermill_java(copy: Path) -> None:
    """Copies what papermill-java is made from, in place of what is there."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for source in SOURCES:
        if source.is_dir():
            shutil.copytree(source, copy / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, copy / source.name)


def pip(python: "Path | str", *words: "Path | str") -> Sequence["Path | str"]:
    """The command of a pip that says little."""
    return [python, "-m", "pip", "-q", "--disable-pip-version-check", *words]


def pinned(requirements: Path) -> dict[str, str]:
    """Names in small letters and versions of a file of requirements."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", requirements.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}
