import json
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from verger_tools.kernel import kernel_process

KERNEL_PROCESS = Path(kernel_process.__file__)


@pytest.fixture
def kernel(tmp_path):
    """Makes a kernel manager whose kernel is kernel_process.py with a launcher of the given lines of bash."""
    made = []

    def make(launch, **environment):
        script = tmp_path / "launch"
        script.write_text(launch, encoding="utf-8")
        spec = tmp_path / "kernels" / "tried"
        spec.mkdir(parents=True)
        (spec / "kernel.json").write_text(json.dumps({
            "argv": [sys.executable, str(KERNEL_PROCESS), "{connection_file}"],
            "display_name": "tried", "language": "java", "interrupt_mode": "message",
            "env": {"VERGER_LAUNCH": str(script), "PYTHON": sys.executable, "TMP": str(tmp_path), **environment}}), encoding="utf-8")
        manager = KernelManager(kernel_name="tried", connection_file=str(tmp_path / "connection.json"))
        manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(tmp_path / "kernels")], ensure_native_kernel=False)
        made.append(manager)
        manager.start_kernel(stderr=subprocess.DEVNULL)
        return manager

    yield make
    for manager in made:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
