"""Starts HDFS, YARN, S3 and Enterprise Gateway on this machine, says how to connect, and stops them on Ctrl-C."""

import argparse
import fcntl
import json
import os
import secrets
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, Optional, TextIO

from verger_tools.base.errors import Failure
from verger_tools.base.project import OWN
from verger_tools.box import machine, settings
from verger_tools.box.layout import BUCKET, Layout
from verger_tools.box.parts import Parts
from verger_tools.box.processes import Processes

START_SECONDS = 120
GATEWAY_SECONDS = 20  # to end its kernels


class Box:
    """The running cluster."""

    def __init__(self, options: argparse.Namespace, layout: Layout, parts: Parts, java_home: Path):
        self.options = options
        self.layout = layout
        self.parts = parts
        self.java = java_home / "bin" / "java"
        self.secret = secrets.token_urlsafe(24)
        self._ports = machine.Ports()
        self.ports = {
            "gateway": self._ports.take("the gateway", options.gateway_port),
            "yarn": self._ports.take("YARN", options.yarn_port),
            "hdfs": self._ports.take("HDFS", options.hdfs_port),
            "s3": self._ports.take("S3", options.s3_port),
            **{name: self._ports.take(name) for name in
               ("hdfs-ui", "yarn-clients", "yarn-scheduler", "yarn-nodes", "yarn-admin", "gateway-response")},
        }
        self.processes = Processes(layout.user, self._environment(java_home), layout.logs)

    def url(self, part: str) -> str:
        return f"http://{settings.HOST}:{self.ports[part]}"

    def connection(self) -> dict[str, Any]:
        """All that a client needs."""
        return {
            "pid": os.getpid(),
            "folder": str(self.layout.folder),
            "user": self.layout.user.name,
            "gateway": self.url("gateway"),
            "yarn": self.url("yarn"),
            "hdfs": f"hdfs://{settings.HOST}:{self.ports['hdfs']}",
            "s3": self.url("s3"),
            "nodes": self.options.nodes,
            "environment": self.processes.environment,
        }

    def start(self) -> None:
        """Starts all parts and returns when they answer and the gateway has the kernel."""
        settings.write(self.layout, self.ports)
        settings.write_commands(self.layout, self.processes.environment)
        self._ports.release()
        self._start_java("s3", "256m", "verger.box.s3.S3Server",
                         "--port", self.ports["s3"], "--data", self.layout.s3, "--bucket", BUCKET)
        self._start_java("hdfs-yarn", "384m", "verger.box.HdfsAndResourceManager")
        for i in range(1, self.options.nodes + 1):
            self._start_node(f"node{i}")
        self._start_gateway()
        self._wait("YARN's nodes", self._all_nodes_are_active)
        self._wait("the gateway", lambda: _json(self.url("gateway") + "/api/kernelspecs"))
        self.parts.install_kernel(self.layout, self.url("gateway"), self.processes.environment)

    def restart_gateway(self) -> None:
        """What `systemctl restart jupyter_enterprise_gateway` is on EMR."""
        self.processes.stop("gateway", patience=GATEWAY_SECONDS)
        self._start_gateway()

    def check(self) -> None:
        """A part that ends by itself takes the box along; a node does not, as on a cluster."""
        name = self.processes.ended()
        if name and name.startswith("node"):
            self.processes.stop(name, patience=0)
            print(f"{name} has ended: its log is {self.processes.log(name)}", file=sys.stderr, flush=True)
        elif name:
            log = self.processes.log(name)
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])
            raise Failure(f"{tail}\n{name} has ended by itself: its last lines are above, all of them in {log}")

    def _start_node(self, name: str) -> None:
        self._start_java(name, "192m", "org.apache.hadoop.yarn.server.nodemanager.NodeManager",
                         "-D", f"yarn.nodemanager.local-dirs={self.layout.run / name}",
                         "-D", f"yarn.nodemanager.log-dirs={self.layout.logs / 'containers' / name}")

    def _start_java(self, name: str, heap: str, main: str, *arguments: object) -> None:
        self.processes.start(name, [
            str(self.java), f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.awt.headless=true",
            f"-Djava.io.tmpdir={self.layout.temporary}", f"-Duser.home={self.layout.home}",
            f"-Djava.util.logging.config.file={self.parts.java / 'classes' / 'logging.properties'}",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp", f"{self.layout.hadoop_conf}:{self.parts.class_path()}", main, *map(str, arguments)])

    def _start_gateway(self) -> None:
        pid = self.processes.start("gateway", [
            str(self.parts.gateway / "bin" / "jupyter"), "enterprisegateway", f"--ip={settings.HOST}",
            f"--port={self.ports['gateway']}", "--port_retries=0"])
        self.layout.gateway_pid.write_text(f"{pid}\n", encoding="ascii")

    def _all_nodes_are_active(self) -> bool:
        metrics = _json(self.url("yarn") + "/ws/v1/cluster/metrics")
        return metrics["clusterMetrics"]["activeNodes"] == self.options.nodes

    def _environment(self, java_home: Path) -> dict[str, str]:
        """That of EMR's gateway, as far as kernels see it; the nodes have the same."""
        return {
            "PATH": f"{self.parts.gateway / 'bin'}:{self.layout.commands}:/usr/sbin:/sbin:{os.defpath}",
            "LANG": "C.UTF-8",
            "HOME": str(self.layout.home),
            "USER": self.layout.user.name,
            "TMPDIR": str(self.layout.temporary),
            "JAVA_HOME": str(java_home),
            "SPARK_HOME": str(self.layout.spark_home),
            "SPARK_LOCAL_IP": settings.HOST,
            "HADOOP_CONF_DIR": str(self.layout.hadoop_conf),
            "YARN_CONF_DIR": str(self.layout.hadoop_conf),
            "AWS_ACCESS_KEY_ID": "verger-box",
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "EG_YARN_ENDPOINT": self.url("yarn"),
            "EG_RESPONSE_IP": settings.HOST,
            "EG_RESPONSE_PORT": str(self.ports["gateway-response"]),
            "EG_KERNEL_LAUNCH_TIMEOUT": "90",
            "EG_LIST_KERNELS": "True",
            # On EMR the role of the machine gives credentials.
            "EG_ENV_PROCESS_WHITELIST": "AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY",
            **{name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")},
        }

    def _wait(self, what: str, answers: Callable[[], object]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.check()
            try:
                if answers():
                    return
            except (OSError, ValueError):  # not yet listening, or not yet speaking
                pass
            if time.monotonic() > deadline:
                raise Failure(f"Waited {START_SECONDS} s for {what}: look into {self.layout.logs}")
            time.sleep(0.2)


def _json(url: str) -> Any:
    # The machine's proxy does not know its loopback interface.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
        return json.load(answer)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="helpers/cluster-in-a-box/start",
        description="Starts a cluster like EMR's on this machine (HDFS, YARN, S3, Enterprise Gateway with the Java kernel), "
                    "says how to connect and waits. Ctrl-C stops it.")
    parser.add_argument("--nodes", type=_count, default=2, metavar="N", help="YARN's nodes (default: 2)")
    parser.add_argument("--folder", type=Path, default=OWN / "box", metavar="DIR",
                        help="for all that the box writes (default: .verger/box of the project)")
    for part in ("gateway", "yarn", "hdfs", "s3"):
        parser.add_argument(f"--{part}-port", type=_port, default=0, metavar="PORT",
                            help=f"port of {part} on the loopback interface (default: a free one)")
    parser.add_argument("--built", action="store_true", help="take what Maven has built already, and do not call it")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 16:
        raise argparse.ArgumentTypeError(f"wants a number from 1 to 16: got {text}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"wants a number from 0 to 65535: got {text}")
    return int(text)


def _lock(folder: Path) -> TextIO:
    lock = open(folder / "lock", "w", encoding="utf-8")  # noqa: SIM115  # closed by the end of this process
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Failure(f"A box is running in {folder}: stop it, or give this one another --folder") from error
    return lock


def _say(box: Box) -> None:
    layout, environment = box.layout, box.processes.environment
    print(f"""
The cluster is up, as user {layout.user.name}:

  gateway      {box.url("gateway")}
  YARN         {box.url("yarn")}
  HDFS         {box.connection()["hdfs"]}/user/{layout.user.name}
  S3           {box.url("s3")}, s3a://{BUCKET}/ lies in {layout.s3 / BUCKET}
               AWS_ACCESS_KEY_ID={environment["AWS_ACCESS_KEY_ID"]} AWS_SECRET_ACCESS_KEY={box.secret}
  a shell      . {layout.environment}; $SPARK_HOME/bin/spark-submit …, {layout.commands}/hadoop fs …
  logs         {layout.logs}

A notebook on it, headless:

  notebooks/run fruits --gateway {box.url("gateway")} -p images s3a://{BUCKET}/data-sample/Training -p output s3a://{BUCKET}/out

JupyterLab on it (pip install jupyterlab):

  KERNEL_USERNAME={layout.user.name} jupyter lab --gateway-url={box.url("gateway")} notebooks

Ctrl-C stops it.""", flush=True)


class _Stop(Exception):
    """Ctrl-C, or a scheduler's SIGTERM."""


def _stop(signum: int, _frame: Optional[FrameType]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the first one counts
    raise _Stop(signum)


def _box(options: argparse.Namespace) -> tuple[Box, TextIO]:
    """A box that can start, in a folder that no other one uses."""
    machine.check_system()
    machine.check_memory()
    user = machine.User()
    java_home = machine.java_home(user)
    folder = options.folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        machine.check_readable(folder, user)
        lock = _lock(folder)
    except OSError as error:
        raise Failure(f"Cannot write to {folder} ({error.strerror}): give another --folder") from error
    parts = Parts(folder, options.built)
    return Box(options, Layout(folder, user, parts), parts, java_home), lock


def _run(options: argparse.Namespace) -> NoReturn:
    box, _lock_until_the_end = _box(options)
    signal.signal(signal.SIGUSR1, lambda *_: box.restart_gateway())
    try:
        box.parts.make(machine.gateway_python(box.layout.user))
        start = time.monotonic()
        box.layout.make()
        box.start()
        box.layout.state.touch(mode=0o600)
        box.layout.state.write_text(json.dumps(box.connection(), indent=2) + "\n", encoding="utf-8")
        _say(box)
        print(f"Ready in {time.monotonic() - start:.0f} s", file=sys.stderr)
        while True:
            box.check()
            time.sleep(0.5)
    finally:
        box.processes.stop_all("gateway", GATEWAY_SECONDS)
        box.layout.clean()


def main(arguments: Sequence[str]) -> int:
    os.umask(0o022)  # the user of the box reads what root makes
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        _run(_parse(arguments))
    except Failure as error:
        sys.exit(str(error))
    except _Stop as stop:
        print("Stopped", file=sys.stderr)
        return 0 if stop.args[0] == signal.SIGINT else 128 + stop.args[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
