import json
import os
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

# The set-up's own: one of the same name in the user's home is another.
KERNELS = str(Path(sys.prefix) / "share/jupyter/kernels")
KERNEL_PROCESS = Path(__file__).resolve().parents[1] / "kernel_process.py"


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
        manager.start_kernel(stderr=open(os.devnull, "wb"))
        return manager

    yield make
    for manager in made:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


class RealKernel:
    """The kernel of the set-up, which runs."""

    def __init__(self, manager):
        self.manager = manager
        self.client = manager.client()

    def start(self):
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def messages(self, code, seconds=120):
        """What a cell leaves, as type and content."""
        found = []
        self.client.execute_interactive(code, timeout=seconds, allow_stdin=False,
                                        output_hook=lambda message: found.append((message["msg_type"], message["content"])))
        return found

    def shown(self, code):
        """What a cell shows, by MIME type; None if nothing."""
        found = self.messages(code)
        errors = [content for kind, content in found if kind == "error"]
        assert not errors, "\n".join(errors[0]["traceback"])
        return next((content["data"] for kind, content in found if kind == "execute_result"), None)

    def run(self, code):
        """What a cell shows, as text; None if nothing."""
        return (self.shown(code) or {}).get("text/plain")

    def error(self, code):
        """The error that a cell ends with."""
        return next(content for kind, content in self.messages(code) if kind == "error")


@pytest.fixture(scope="module")
def real_kernel(tmp_path_factory):
    """Starts a kernel of the set-up, with settings for Spark beside the set-up's own."""
    started = []

    def start(settings=None):
        manager = KernelManager(kernel_name="verger")
        manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[KERNELS])
        environment = dict(os.environ)
        if settings:
            folder = tmp_path_factory.mktemp("spark-conf")
            (folder / "spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in settings.items()), encoding="utf-8")
            environment["SPARK_CONF_DIR"] = str(folder)
        manager.start_kernel(env=environment)
        kernel = RealKernel(manager)
        started.append(kernel)
        kernel.start()
        return kernel

    yield start
    for kernel in started:
        kernel.end()
