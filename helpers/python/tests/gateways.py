"""Real gateways, each version in an environment of its own, and the kernels that they offer."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

from verger_tools.base import environment as environments
from verger_tools.base.project import OWN, PYTHON, REQUIREMENTS
from verger_tools.base.release import RELEASE
from verger_tools.base.steps import locked, step
from verger_tools.setup.parts import JJAVA

EMR, NEWEST = RELEASE.gateway, "3.3.0"
CONFIG = PYTHON / "verger_tools" / "kernel" / "gateway_config.py"  # as install-kernel.sh puts it there
USER = "fruit"  # a gateway starts no kernel for root

_JAVA = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED",
         "-jar", str(JJAVA), "{connection_file}"]  # fmt: skip
KERNELS = {
    "java": _JAVA,
    "slow": ["bash", "-c", 'sleep 4; exec "$@"', "slow", *_JAVA],
    "silent": ["sleep", "600"],
    "broken": ["bash", "-c", "echo no such thing as Java here >&2; exit 3"],
    "missing": ["/nowhere/java", "{connection_file}"],
}


def environment(version):
    """The environment with this version of the gateway, made where its requirements changed."""
    folder, requirements = OWN / f"gateway-{version}", REQUIREMENTS / f"gateway-{version}.txt"
    with locked(OWN / f"{folder.name}.lock"):  # another process of the same tests may be making it
        step(f"gateway {version}", folder / "made-of", [requirements], lambda: _install(folder, requirements))
    return folder


def _install(folder, requirements):
    environments.make(folder)
    environments.install(environments.python_of(folder), requirements)


class Gateway:
    """A running gateway."""

    def __init__(self, process, url, log):
        self.process, self.url, self._log = process, url, log

    @property
    def log(self):
        return self._log.read_text(errors="replace")

    def kernels(self):
        """The ids of the kernels that it has. It answers 500 if one ends while it makes its list."""
        patience = 5
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/api/kernels", timeout=10) as answer:
                    return [kernel["id"] for kernel in json.load(answer)]
            except urllib.error.HTTPError as e:
                patience -= 1
                if e.code != 500 or not patience:
                    raise
                time.sleep(0.1)

    def ask(self, method, path, body=None):
        content = json.dumps(body).encode() if body else b"" if method == "POST" else None
        request = urllib.request.Request(self.url + path, content, method=method)
        urllib.request.urlopen(request, timeout=30).close()

    def processes(self):
        """The pids of its kernels' processes: all that a gateway starts has the gateway for a parent, up to its end."""
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], stdout=subprocess.PIPE, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def is_empty(self):
        """Whether it has no kernel and no process of one, now or in a moment: it may still be ending the last."""
        for _ in range(100):
            if self.kernels() == self.processes() == []:
                return True
            time.sleep(0.1)
        return False

    def clear(self):
        """Ends the kernels that a test has left."""
        for kernel in self.kernels():
            with suppress(OSError):  # gone meanwhile, or busy with it
                self.ask("DELETE", f"/api/kernels/{kernel}")
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self):
        """Ends it with its kernels, also those that a test has left."""
        left = self.processes()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def write_kernel(folder, name):
    """Writes the kernelspec of one of the kernels above, for a JUPYTER_PATH that names the folder."""
    spec = folder / "kernels" / name
    spec.mkdir(parents=True, exist_ok=True)
    content = {"argv": KERNELS[name], "display_name": name, "language": "java", "interrupt_mode": "message"}
    (spec / "kernel.json").write_text(json.dumps(content))


@contextmanager
def gateway(version, folder, *options, scheme="http", token=None, also=()):
    """A gateway with the kernels above and those in the folders `also`, listening on loopback; its files lie in `folder`."""
    for name in KERNELS:
        write_kernel(folder, name)
    (folder / "config").mkdir(exist_ok=True)
    shutil.copy2(CONFIG, folder / "config" / "jupyter_enterprise_gateway_config.py")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "KERNEL_", "EG_"))},
        "JUPYTER_PATH": os.pathsep.join(map(str, (folder, *also))),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        **({"EG_AUTH_TOKEN": token} if token else {}),
    }
    log = folder / "gateway.log"
    command = [environment(version) / "bin" / "jupyter-enterprisegateway", "--ip=127.0.0.1", f"--port={port}",
               "--port_retries=0", "--EnterpriseGatewayApp.list_kernels=True", *options]  # fmt: skip
    with log.open("w") as output:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    running = Gateway(process, f"{scheme}://127.0.0.1:{port}", log)
    try:
        _wait_for_port(port, running)
        yield running
    finally:
        running.stop()


def _wait_for_port(port, running):
    for _ in range(1200):  # a busy machine compiles its modules in a minute
        assert running.process.poll() is None, running.log
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(running.log)
