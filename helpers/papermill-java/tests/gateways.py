"""Real gateways, each version in an environment of its own, and the kernels that they offer."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "helpers" / "runner"))

import steps  # noqa: E402

REQUIREMENTS = Path(__file__).parent / "gateway"
JJAVA = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "java" / "jjava.jar"
EMR, NEWEST = "2.6.0", "3.3.0"
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
    folder, requirements = ROOT / ".verger" / f"gateway-{version}", REQUIREMENTS / f"requirements-{version}.txt"
    with steps.locked(ROOT / ".verger" / f"{folder.name}.lock"):  # another process of the same tests may be making it
        steps.step(f"gateway {version}", folder / "made-of", [requirements], lambda: _install(folder, requirements))
    return folder


def _install(folder, requirements):
    venv.create(folder, with_pip=True, clear=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", requirements], check=True)


class Gateway:
    """A running gateway."""

    def __init__(self, process, url, log):
        self.process, self.url, self._log = process, url, log

    @property
    def log(self):
        return self._log.read_text(errors="replace")

    def kernels(self):
        """The ids of the kernels that it has."""
        with urllib.request.urlopen(f"{self.url}/api/kernels", timeout=10) as answer:
            return [kernel["id"] for kernel in json.load(answer)]

    def ask(self, method, path):
        request = urllib.request.Request(self.url + path, b"" if method == "POST" else None, method=method)
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

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


@contextmanager
def gateway(version, folder, *options, scheme="http", token=None, also=()):
    """A gateway with the kernels above and those in the folders `also`, listening on loopback; its files lie in `folder`."""
    for name, argv in KERNELS.items():
        spec = folder / "kernels" / name
        spec.mkdir(parents=True, exist_ok=True)
        content = {"argv": argv, "display_name": name, "language": "java", "interrupt_mode": "message"}
        (spec / "kernel.json").write_text(json.dumps(content))
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
    for _ in range(300):
        assert running.process.poll() is None, running.log
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(running.log)
