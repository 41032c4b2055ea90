"""The environment with JupyterLab and Playwright, and scripts that run in it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from verger_tools.base import environment as environments
from verger_tools.base.project import OWN, REQUIREMENTS
from verger_tools.base.steps import locked, step

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no chromium: apt-get install chromium")

FOLDER, _REQUIREMENTS = OWN / "browser", REQUIREMENTS / "browser.txt"


def look(script, folder, *arguments, kernels=None, seconds=300, **environment):
    """Runs a script of this package, which leaves its screenshots in `folder`; returns what it printed.

    kernels: a folder with kernelspecs beside those of JupyterLab's environment.
    """
    assert CHROMIUM
    with locked(OWN / "browser.lock"):  # another process of the same tests may be making it
        step("JupyterLab and Playwright", FOLDER / "made-of", [_REQUIREMENTS], _install)
    folder.mkdir(parents=True, exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "KERNEL_"))}
    done = subprocess.run(
        [environments.python_of(FOLDER), Path(__file__).parent / script, "--chromium", CHROMIUM, "--folder", folder, *map(str, arguments)],
        env={**inherited, **environment, **({"JUPYTER_PATH": str(kernels)} if kernels else {})},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def _install():
    environments.make(FOLDER)
    environments.install(environments.python_of(FOLDER), _REQUIREMENTS)
