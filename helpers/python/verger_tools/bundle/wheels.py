"""The wheels of a bundle: all that papermill, the plug-in and nbconvert need on each Python of a cluster."""

import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Union

from verger_tools.base import environment, process
from verger_tools.base.project import REQUIREMENTS, ROOT
from verger_tools.base.release import RELEASE
from verger_tools.base.steps import fingerprint
from verger_tools.bundle.archive import TIME

# Platform → the machine in the names of wheels.
MACHINES = {"linux-x86_64": "x86_64", "linux-arm64": "aarch64"}
# Of glibc 2.34, which Amazon Linux 2023 has, and older ones.
GLIBC = ("manylinux_2_28", "manylinux_2_17", "manylinux2014", "manylinux_2_12", "manylinux2010", "manylinux_2_5", "manylinux1")


def all_of(cache: Path, platform: str) -> list[Path]:
    """The wheels, downloaded into the cache at the first call; each name once."""
    found = [_plugin(cache)]
    for python in RELEASE.pythons:
        wanted = REQUIREMENTS / f"bundle-{python}.txt"
        folder = cache / f"{platform}-{python}-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]}"
        if not folder.is_dir():
            _download(wanted, python, MACHINES[platform], folder)
        found.extend(folder.glob("*.whl"))
    return sorted({wheel.name: wheel for wheel in found}.values(), key=lambda wheel: wheel.name)


def _download(wanted: Path, python: str, machine: str, folder: Path) -> None:
    part = _part(folder)
    _pip("download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp", "--python-version", python,
         *[f"--platform={glibc}_{machine}" for glibc in GLIBC], "-r", wanted, "-d", part)
    part.rename(folder)


def _plugin(cache: Path) -> Path:
    """The papermill plug-in as a wheel."""
    folder = cache / f"papermill-java-{fingerprint('papermill-java', environment.SOURCES)[:12]}"
    if not folder.is_dir():
        part = _part(folder)
        environment.copy_papermill_java(part / "source")
        _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", part, part / "source")
        shutil.rmtree(part / "source")
        part.rename(folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _part(folder: Path) -> Path:
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    return part


def _pip(*words: Union[str, Path]) -> None:
    command: Sequence[Union[str, Path]] = environment.pip(sys.executable, *words)
    process.run(command, f"pip {words[0]}", cwd=ROOT, environment={**os.environ, "SOURCE_DATE_EPOCH": str(TIME)})
