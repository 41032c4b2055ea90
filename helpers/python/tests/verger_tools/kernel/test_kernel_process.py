"""What a user of a gateway sees of a kernel that cannot start, and what the gateway sees of one that can."""

import os
import signal
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

pytestmark = pytest.mark.slow

FAILS = """
echo 'Exception in thread "main" java.lang.IllegalStateException: no queue named default' >&2
printf '\\tat verger.Somewhere.main(Somewhere.java:7)\\n' >&2
exit 3
"""
# A kernel as far as the one that starts it can see: something listens on the shell port until a signal comes.
LISTENS = """
exec "$PYTHON" - "$1" <<'END'
import json, os, pathlib, signal, socket, sys, time
port = json.load(open(sys.argv[1]))["shell_port"]
folder = pathlib.Path(os.environ["TMP"])
def end(number, _):
    (folder / "signal").write_text(str(number))
    os._exit(5)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
listening = socket.create_server(("127.0.0.1", port))
(folder / "parent").write_text(os.environ["JPY_PARENT_PID"])
seconds = float(os.environ.get("SECONDS_TO_LIVE", "600"))
time.sleep(seconds)
sys.exit(3)
END
"""


def process_of(manager):
    return manager.provisioner.process


def wait_for(file, seconds=60):
    end = time.monotonic() + seconds
    while not file.exists():
        assert time.monotonic() < end, f"no {file.name} after {seconds} s"
        time.sleep(0.05)


def test_a_kernel_that_cannot_start_says_why_in_a_cell(kernel):
    manager = kernel(FAILS)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("int a = 1;")])

    with pytest.raises(CellExecutionError) as raised:
        NotebookClient(notebook, km=manager).execute(cleanup_kc=False)

    assert raised.value.ename == "KernelCouldNotStart"
    assert raised.value.evalue == ("The Java kernel could not start (exit code 3): "
                                   'Exception in thread "main" java.lang.IllegalStateException: no queue named default')
    assert "\tat verger.Somewhere.main(Somewhere.java:7)" in notebook.cells[0].outputs[0].traceback


def test_every_cell_and_every_question_is_answered(kernel):
    client = kernel(FAILS).blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    for code in ("1", "2"):
        reply = client.execute_interactive(code, timeout=60, store_history=True)
        assert reply["content"]["status"] == "error"
    assert client.complete("Sys", reply=True, timeout=60)["content"]["ename"] == "KernelCouldNotStart"
    assert client.is_alive()
    client.stop_channels()


def test_it_ends_on_shutdown_with_the_exit_code(kernel):
    manager = kernel(FAILS)
    process = process_of(manager)
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    client.shutdown(reply=True, timeout=60)

    assert process.wait(60) == 3
    client.stop_channels()


def test_it_ends_on_sigterm_too(kernel):
    manager = kernel("echo broken >&2; exit 4")
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    process_of(manager).send_signal(signal.SIGTERM)

    assert process_of(manager).wait(60) == 4
    client.stop_channels()


def test_a_kernel_that_was_up_ends_with_its_own_exit_code(kernel):
    process = process_of(kernel(LISTENS, SECONDS_TO_LIVE="2"))

    assert process.wait(60) == 3


def test_a_kernel_that_is_killed_counts_as_a_shell_counts(kernel):
    process = process_of(kernel(LISTENS.replace("time.sleep(seconds)", "time.sleep(2); os.kill(os.getpid(), 9)")))

    assert process.wait(60) == 137


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_are_the_kernels(kernel, tmp_path, number):
    process = process_of(kernel(LISTENS))
    wait_for(tmp_path / "parent")

    process.send_signal(number)

    assert process.wait(60) == 5
    assert (tmp_path / "signal").read_text() == str(int(number))


def test_the_kernel_ends_with_the_process_that_passes_signals_on(kernel, tmp_path):
    """The Java kernel watches the process that JPY_PARENT_PID names."""
    process = process_of(kernel(LISTENS))
    wait_for(tmp_path / "parent")

    assert (tmp_path / "parent").read_text() == str(process.pid)


def test_the_busy_file_is_touched_while_the_kernel_lives(kernel, tmp_path):
    busy = tmp_path / "isbusy"
    process = process_of(kernel(LISTENS, VERGER_BUSY_FILE=str(busy), VERGER_BUSY_SECONDS="0.1"))
    wait_for(busy)
    for _ in range(2):
        os.utime(busy, (0, 0))
        while busy.stat().st_mtime == 0:
            assert process.poll() is None
            time.sleep(0.1)

    process.send_signal(signal.SIGTERM)
    process.wait(60)


def test_a_busy_file_that_cannot_be_written_stops_nothing(kernel, tmp_path):
    process = process_of(kernel(LISTENS, SECONDS_TO_LIVE="2", VERGER_BUSY_FILE=str(Path("/proc/isbusy"))))

    assert process.wait(60) == 3
