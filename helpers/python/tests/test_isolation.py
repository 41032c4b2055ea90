"""The tests themselves: they do not depend on the shell that starts them, and leave no process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import gateways, processes
from verger_tools.base.project import PYTHON

IGNORED = (signal.SIGINT, signal.SIGHUP)


def test_signals_that_the_shell_ignores_reach_what_tests_start():
    """As in a background job of a shell without job control, or behind nohup."""
    seen = f"import signal; print([signal.getsignal(number) is signal.SIG_IGN for number in {[int(number) for number in IGNORED]}])"
    code = f"import sys, subprocess, tests.conftest; subprocess.run([sys.executable, '-c', {seen!r}], check=True)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PYTHON, stdout=subprocess.PIPE, text=True, check=True,
                          preexec_fn=lambda: [signal.signal(number, signal.SIG_IGN) for number in IGNORED])
    assert done.stdout == "[False, False]\n"


def test_a_process_that_a_test_leaves_ends_with_its_own(tmp_path):
    process = processes.start(["bash", "-c", f"sleep 600 & echo $! >'{tmp_path}/child'; wait"])
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        time.sleep(0.01)
    child = int((tmp_path / "child").read_text())

    processes.end_all()

    assert process.poll() is not None
    end = time.monotonic() + 60
    while _runs(child):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_tests_that_share_something_are_handed_out_together():
    done = subprocess.run([sys.executable, "-m", "pytest", "-v", "-n", "1", "--dist", "loadgroup", "tests/test_architecture.py"],
                          cwd=PYTHON, stdout=subprocess.PIPE, text=True, check=True)
    assert "::test_every_package_has_its_line@tests/test_architecture.py" in done.stdout


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # says Z of one that is killed, and not yet fetched by whoever took it over
    return not status.exists() or status.read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
def test_a_kernel_that_a_test_leaves_in_a_gateway_ends(gateway_of_emr):
    gateway_of_emr.ask("POST", "/api/kernels", {"name": "java", "env": {"KERNEL_USERNAME": gateways.USER}})
    assert gateway_of_emr.kernels() and gateway_of_emr.processes()

    gateway_of_emr.clear()

    assert gateway_of_emr.is_empty()
