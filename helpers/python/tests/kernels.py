"""The project's kernel as the set-up made it, for tests that run cells."""

import os
import signal
from contextlib import contextmanager, suppress

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from verger_tools.setup.parts import KERNELSPEC

# The set-up's own: one of the same name in the user's home is another.
KERNELS = KERNELSPEC.parent
# Kernels that live for a minute: the optimizing compiler and a parallel collector cost more than they give.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


class RealKernel:
    """The kernel of the set-up, which runs."""

    def __init__(self, manager):
        self.manager = manager
        self.client = manager.client()

    @classmethod
    @contextmanager
    def started(cls, folder, settings=None):
        """Starts one, with settings for Spark in place of the set-up's; whatever happens, neither it nor an executor is left."""
        manager = KernelManager(kernel_name="verger")
        manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(KERNELS)])
        environment = {**os.environ, "SPARK_SUBMIT_OPTS": SHORT_LIVED}
        if settings:
            lines = [f"{key} {value}\n" for key, value in settings.items()]
            (folder / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
            environment["SPARK_CONF_DIR"] = str(folder)
        manager.start_kernel(env=environment)
        group = manager.provisioner.process.pid  # it leads a group of its own, with its executors in it
        kernel = cls(manager)
        try:
            kernel.client.start_channels()
            kernel.client.wait_for_ready(timeout=180)
            yield kernel
        finally:
            kernel.client.stop_channels()
            manager.shutdown_kernel(now=True)
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    def messages(self, code, seconds=120, progress=False):
        """What a cell leaves, as type and content.

        progress: whether how far it is counts, which only those cells say that take more than a second, so all on a slow machine.
        """
        found = []
        self.client.execute_interactive(code, timeout=seconds, allow_stdin=False,
                                        output_hook=lambda message: found.append((message["msg_type"], message["content"])))
        return [(kind, content) for kind, content in found
                if progress or not content.get("transient", {}).get("display_id", "").startswith("verger-progress-")]

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
