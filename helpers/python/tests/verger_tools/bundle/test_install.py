"""install-kernel.sh on a machine like a cluster's primary node, with the real gateway and without internet."""

import json
import os
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from verger_tools.base.project import PYTHON

BUNDLE = Path(os.environ["VERGER_BUNDLE"])
HERE = Path(__file__).parent
GATEWAY_CONFIG = PYTHON / "verger_tools" / "kernel" / "gateway_config.py"

pytestmark = pytest.mark.skipif("arm64" in BUNDLE.name, reason="the bundle is for another machine")


def repacked(folder, change):
    """A bundle with something changed in it, unpacked."""
    with tarfile.open(BUNDLE) as archive:
        archive.extractall(folder)
    change(folder / "verger")
    return folder / "verger"


def test_installs_offline_and_the_kernel_starts(machine):
    done = machine.install(BUNDLE)

    assert done.returncode == 0, done.stdout
    assert "verger started and found 1 + 1 = 2" in done.stdout
    assert machine.kernelspec("verger")["argv"][1] == f"{machine.prefix}/current/kernel/kernel_process.py"
    assert "YarnClusterProcessProxy" in machine.kernelspec("verger-cluster")["metadata"]["process_proxy"]["class_name"]
    culling = json.loads((machine.env / "etc/jupyter/jupyter_enterprise_gateway_config.json").read_text())
    assert culling["MappingKernelManager"]["cull_idle_timeout"] == 3600
    assert (machine.env / "etc/jupyter/jupyter_enterprise_gateway_config.py").read_bytes() == GATEWAY_CONFIG.read_bytes()
    assert subprocess.run([machine.env / "bin/python", "-c", "import papermill_java"]).returncode == 0


def test_a_second_time_is_the_same(machine):
    before = machine.current()

    done = machine.install(BUNDLE)

    assert done.returncode == 0, done.stdout
    assert "is there already" in done.stdout
    assert machine.current() == before
    assert sorted(path.name for path in machine.prefix.iterdir()) == sorted([before, "current"])


def test_runs_a_notebook_headless(machine, tmp_path):
    done = subprocess.run([machine.prefix / "current/run-notebook", "fruits", "-p", "limit", "12", "--output", tmp_path / "out"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240,
                          env={**os.environ, "VERGER_CACHE": str(tmp_path / "cache")})

    assert done.returncode == 0, done.stdout
    assert (tmp_path / "out/fruits.html").is_file()
    assert json.loads((tmp_path / "out/manifest.json").read_text())["network"]["name"] == "EfficientNet-Lite0"


def test_an_upgrade_that_fails_leaves_the_old_version_working(machine, tmp_path):
    before = machine.current()

    def break_kernel(bundle):
        (bundle / "VERSION").write_text("9.9.9-broken\n")
        (bundle / "kernel/launch").write_text("#!/bin/bash\necho 'this version is broken' >&2\nexit 7\n")

    done = machine.install(repacked(tmp_path, break_kernel))

    assert done.returncode == 1
    assert "The Java kernel could not start (exit code 7): this version is broken" in done.stdout
    assert f"{before} is the current version again" in done.stdout
    assert machine.current() == before
    tried = subprocess.run([machine.env / "bin/python", machine.prefix / "current/kernel/try_kernel.py", "--url", machine.url,
                            "--kernel", "verger", "--user", "nobody"],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    assert tried.returncode == 0, tried.stdout


@pytest.mark.parametrize("arguments, message", [
    (["--spark-home", "/nowhere"], "there is no Spark 3.5 in /nowhere (no jars/spark-core_2.12-3.5.*.jar): set --spark-home"),
    (["--gateway-env", "/nowhere"], "there is no Python environment /nowhere of an Enterprise Gateway: set --gateway-env"),
    (["--user", "nobody-such"], "there is no user nobody-such, whom the gateway runs kernels as: set --user"),
    (["--bundle", "/etc/hostname"], "/etc/hostname is no bundle, or is cut short"),
    (["--bundle", "/nowhere.tar.gz"], "there is no bundle /nowhere.tar.gz"),
    (["--speed", "high"], "there is no option --speed: see --help"),
    (["--cull-idle", "soon"], "--cull-idle is a number of seconds: got soon"),
])
def test_says_what_is_wrong_and_changes_nothing(machine, arguments, message):
    before = machine.current()

    done = machine.install(BUNDLE, *arguments)

    assert done.returncode == 1
    assert message in done.stdout.strip().splitlines()[-1]
    assert machine.current() == before


def test_the_kernel_also_runs_where_the_gateway_places_it(machine):
    """DistributedProcessProxy, with this machine as the other one."""
    spec = machine.kernelspec("verger-cluster")
    spec["env"].pop("VERGER_DEPLOY_MODE")
    spec["metadata"]["process_proxy"] = {
        "class_name": "enterprise_gateway.services.processproxies.distributed.DistributedProcessProxy",
        "config": {"remote_hosts": "localhost", "port_range": "41000..42500"}}
    folder = machine.env / "share/jupyter/kernels/elsewhere"
    folder.mkdir()
    (folder / "kernel.json").write_text(json.dumps(spec))

    done = subprocess.run([machine.env / "bin/python", HERE / "remote_kernel.py", machine.url, "elsewhere"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240)

    assert done.returncode == 0, done.stdout
    said = json.loads(done.stdout.strip().splitlines()[-1])
    assert said["count"] == "100"
    assert "interrupted" in said
    assert said["jobs after it"] == "0"
    end = time.monotonic() + 30
    while any("RemoteKernel" in line for line in machine.processes().values()):
        assert time.monotonic() < end, machine.processes()
        time.sleep(0.5)
