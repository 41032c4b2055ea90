"""A machine like a cluster's primary node: a real gateway in an environment of its own, a Spark, no internet."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests import gateways
from verger_tools.base.project import OWN, ROOT

SETUP = OWN
# They look into the bundle that Maven has made, and names here.
collect_ignore = [] if os.environ.get("VERGER_BUNDLE") else ["test_bundle.py", "test_install.py"]
# The gateway refuses root, and this one's kernels run as whoever runs the tests.
USER = "nobody"

START = """#!/usr/bin/env bash
if [ -f "{folder}/pid" ]; then kill $(cat "{folder}/pid"); while kill -0 $(cat "{folder}/pid") 2>/dev/null; do sleep 0.1; done; fi
cd "{folder}"
KERNEL_USERNAME={user} EG_RESPONSE_IP=127.0.0.1 EG_KERNEL_LOG_DIR="{folder}" JUPYTER_RUNTIME_DIR="{folder}/runtime" \\
  setsid "{env}/bin/python" "{env}/bin/jupyter-enterprisegateway" --ip=127.0.0.1 --port={port} --EnterpriseGatewayApp.port_retries=0 \\
  >>"{folder}/gateway.log" 2>&1 </dev/null &
echo $! >"{folder}/pid"
"""


@pytest.fixture(scope="session")
def gateway_python():
    """An environment with the gateway, kept between runs; each test machine gets a copy of it."""
    return gateways.environment(gateways.EMR)


class Machine:
    """A folder with all that install-kernel.sh meets on a primary node."""

    def __init__(self, folder, gateway_python):
        self.folder = folder
        self.prefix = folder / "opt"
        self.env = folder / "gateway-env"
        shutil.copytree(gateway_python, self.env, symlinks=True)
        self.spark = folder / "spark"
        (self.spark / "conf").mkdir(parents=True)
        (self.spark / "jars").symlink_to((SETUP / "current/spark/jars").resolve())
        (self.spark / "conf/spark-defaults.conf").write_text("spark.master local[2]\nspark.driver.memory 1g\nspark.ui.enabled false\n")
        (folder / "hadoop").mkdir()
        self.start = folder / "restart-gateway"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start.write_text(START.format(folder=folder, env=self.env, port=self.port, user=USER))
        self.start.chmod(0o755)

    def install(self, bundle, *arguments, **environment):
        """Runs the script with a proxy that leads nowhere, as if there were no internet."""
        offline = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "HTTP", "HTTPS")}
        return subprocess.run(
            ["bash", str(ROOT / "helpers/emr/install-kernel.sh"), "--bundle", str(bundle), "--prefix", str(self.prefix),
             "--gateway-env", str(self.env), "--user", USER, "--spark-home", str(self.spark), "--hadoop-conf", str(self.folder / "hadoop"),
             "--restart", f"bash {self.start}", "--gateway-url", self.url, *arguments],
            env={**os.environ, **offline, "no_proxy": "127.0.0.1,localhost", **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)

    def current(self):
        return os.readlink(self.prefix / "current")

    def kernelspec(self, name):
        return json.loads((self.env / "share/jupyter/kernels" / name / "kernel.json").read_text())

    def processes(self):
        """Command lines of what runs out of this folder."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if str(self.folder) in line and int(process.name) != os.getpid():
                found[int(process.name)] = line
        return found

    def stop(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        end = time.monotonic() + 20
        while self.processes() and time.monotonic() < end:
            time.sleep(0.2)
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def machine(gateway_python):
    # Not pytest's own folder, which only its owner may read.
    folder = Path(tempfile.mkdtemp(prefix="verger-machine-"))
    folder.chmod(0o755)
    made = Machine(folder, gateway_python)
    yield made
    made.stop()
    shutil.rmtree(folder)
