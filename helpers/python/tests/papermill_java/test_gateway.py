"""Notebooks on kernels of real gateways."""

import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from papermill_java.gateway import GatewayError
from tests import processes
from tests.gateways import EMR, USER, gateway
from tests.papermill_java.notebooks import notebook, printed

pytestmark = pytest.mark.slow

CELL = "int k = 2;\nString fruit = null;"
SLEEP = 'System.out.println("pid " + ProcessHandle.current().pid()); Thread.sleep(600_000);'


@pytest.fixture(params=[
    pytest.param("emr", marks=pytest.mark.xdist_group("the gateway of EMR")),
    pytest.param("newest", marks=pytest.mark.xdist_group("the newest gateway")),
])  # fmt: skip
def either(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def user(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("JUPYTER_GATEWAY", "KERNEL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KERNEL_USERNAME", USER)


def run(where, *cells, kernel="java", **parameters):
    """Runs a notebook in this process."""
    url = where if isinstance(where, str) else where.url
    return papermill.execute_notebook(notebook(CELL, *cells), None, parameters, engine_name="java_gateway",
                                      kernel_name=kernel, gateway_url=url, progress_bar=False)  # fmt: skip


class Command:
    """papermill's own command in a process, on a notebook of one cell."""

    def __init__(self, folder, where, cell, *arguments, kernel="java"):
        self.out = folder / "out.ipynb"
        nbformat.write(notebook(CELL, cell), folder / "in.ipynb")
        self.screen = folder / "screen"
        with self.screen.open("w") as screen:
            self.process = processes.start(
                [sys.executable, "-m", "papermill", folder / "in.ipynb", self.out, "--engine", "java_gateway", "-k", kernel,
                 "--no-progress-bar", "--log-output", *arguments],
                stdout=screen, stderr=subprocess.STDOUT, env={**os.environ, "JUPYTER_GATEWAY_URL": where.url},
            )  # fmt: skip

    def pid(self):
        """The kernel's process, once its cell runs."""
        return int(self.waits_for(r"pid (\d+)").group(1))

    def waits_for(self, pattern):
        for _ in range(600):
            found = re.search(pattern, self.text())
            if found:
                return found
            assert self.process.poll() is None, self.text()
            time.sleep(0.1)
        raise AssertionError(self.text())

    def text(self):
        return self.screen.read_text(errors="replace")

    def end(self):
        """The exit code and the last line on the screen."""
        code = self.process.wait(180)
        return code, self.text().strip().splitlines()[-1]


def gone(pid):
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def message(*arguments, **keywords):
    with pytest.raises(GatewayError) as error:
        run(*arguments, **keywords)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_notebook_runs(either, monkeypatch):
    monkeypatch.setenv("KERNEL_FRUIT", "kiwi")
    monkeypatch.setenv("LIKE", "unlike")
    ran = run(
        either,
        'System.out.println(k + "|" + fruit + "|" + System.getenv("KERNEL_USERNAME") + "|" + System.getenv("KERNEL_FRUIT"));',
        'System.out.println(System.getenv("LIKE"));',
        'display("x".repeat(12_000_000))',
        k="7",
        fruit="Pêche 007",
    )
    assert printed(ran) == f"7|Pêche 007|{USER}|kiwi\nnull\n"
    assert len(ran.cells[-1].outputs[0].data["text/plain"]) == 12_000_000  # a WebSocket's usual limit is 10 MB
    assert ran.metadata.language_info.name == "Java"
    assert either.is_empty()


def test_an_exception_ends_the_run(emr, tmp_path):
    command = Command(tmp_path, emr, 'throw new IllegalStateException("unripe");')
    code, _ = command.end()
    assert code == 1
    assert "java.lang.IllegalStateException: unripe" in command.text()
    assert nbformat.read(command.out, 4).cells[-1].outputs[-1].ename
    assert emr.is_empty()


def test_a_killed_kernel(either, tmp_path):
    command = Command(tmp_path, either, SLEEP)
    os.kill(command.pid(), signal.SIGKILL)
    code, last = command.end()
    assert code == 138
    assert last == (
        f"nbclient.exceptions.DeadKernelError: The kernel java of the gateway {either.url} died or was deleted, "
        f"and the gateway's log says more: all that the notebook's cells had made is lost."
    )
    assert either.is_empty()


def test_a_kernel_that_exits(emr, tmp_path):
    command = Command(tmp_path, emr, 'System.out.println("pid 1"); Thread.sleep(500); System.exit(3);')
    command.pid()
    code, last = command.end()
    assert code == 138
    assert emr.is_empty()


TAKEN = [
    ("DELETE", "", "The kernel java of the gateway {} died or was deleted, and the gateway's log says more: "),
    ("POST", "/restart", "Somebody restarted the kernel java of the gateway {}: "),
]


@pytest.mark.parametrize("method, path, expected", TAKEN, ids=["deletes", "restarts"])
def test_a_kernel_that_somebody(emr, tmp_path, method, path, expected):
    command = Command(tmp_path, emr, SLEEP)
    command.pid()
    emr.ask(method, f"/api/kernels/{emr.kernels()[0]}{path}")
    code, last = command.end()
    assert code == 138
    assert last.startswith(f"nbclient.exceptions.DeadKernelError: {expected.format(emr.url)}")
    assert emr.is_empty()


def test_a_gateway_that_goes_away(tmp_path):
    with gateway(EMR, tmp_path) as running:
        command = Command(tmp_path, running, SLEEP)
        kernel = command.pid()
        running.process.kill()
        running.process.wait()
        code, last = command.end()
        os.kill(kernel, signal.SIGKILL)
    assert code == 1
    assert last == (
        f"Error: The gateway went away in the middle of the notebook, with its kernels: "
        f"The gateway {running.url} cannot be reached: connection refused: check its URL, and that it runs."
    )


@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGINT, 1)])
def test_a_run_that_is_ended_deletes_its_kernel(emr, tmp_path, number, code):
    command = Command(tmp_path, emr, SLEEP)
    kernel = command.pid()
    command.process.send_signal(number)
    assert command.end()[0] == code
    assert "Traceback" not in command.text()
    assert gone(kernel)
    assert emr.is_empty()


def test_a_run_that_is_ended_while_its_kernel_starts(emr, tmp_path):
    command = Command(tmp_path, emr, SLEEP, kernel="slow")
    command.waits_for("Executing|Output Notebook")
    while not emr.kernels():
        time.sleep(0.05)
    command.process.send_signal(signal.SIGTERM)
    assert command.end()[0] == 143
    assert emr.is_empty()


def test_a_kernel_that_ends_at_once(emr):
    """The gateway tries it five times before it says so."""
    assert message(emr, kernel="broken") == (
        f"The kernel broken of the gateway {emr.url} ended before it answered: what it said is in the gateway's log."
    )
    assert emr.is_empty()


def test_a_kernel_that_never_answers(emr, monkeypatch):
    monkeypatch.setenv("KERNEL_LAUNCH_TIMEOUT", "3")
    assert message(emr, kernel="silent").startswith(f"The kernel silent of the gateway {emr.url} did not answer within 3 s: ")
    assert emr.is_empty()


def test_a_kernel_without_its_program(either):
    said = message(either, kernel="missing")
    assert said.startswith(f"The gateway {either.url} cannot start the kernel missing: 500 ")
    assert "/nowhere/java" in said
    assert either.kernels() == []


def test_a_kernel_that_is_not_there(emr):
    assert message(emr, kernel="jawa") == (
        f"The gateway {emr.url} has no kernel jawa: it has broken, java, missing, silent, slow, verger."
    )


def test_a_user_whom_the_gateway_refuses(emr, monkeypatch):
    monkeypatch.setenv("KERNEL_USERNAME", "root")
    assert message(emr).startswith(f"The gateway {emr.url} refuses: 403 User 'root' is not authorized to start kernel 'java'.")


def test_no_gateway_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert message(f"http://127.0.0.1:{port}") == (
        f"The gateway http://127.0.0.1:{port} cannot be reached: connection refused: check its URL, and that it runs."
    )


def test_a_web_server_that_is_no_gateway():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert message(url).startswith(f"There is no Enterprise Gateway at {url}: /api/kernelspecs answers 501 ")
        server.shutdown()


URLS = [
    ("localhost:8888", "'localhost:8888' is no URL of a gateway: give http://host:port or https://host:port."),
    ("http://me:secret@host:port", "'host:port' is no URL of a gateway: give http://host:port or https://host:port."),
    ("http://no-such-host.invalid", "The gateway http://no-such-host.invalid cannot be reached: no such host: check its URL."),
    ("", "No gateway is named: give its URL in JUPYTER_GATEWAY_URL, such as http://host:8888."),
]


@pytest.mark.parametrize("url, expected", URLS)
def test_a_url_that_is_none(url, expected):
    assert message(url) == expected


SETTINGS = [
    ("KERNEL_LAUNCH_TIMEOUT", "soon", "KERNEL_LAUNCH_TIMEOUT is 'soon': give a number of seconds above 0."),
    ("JUPYTER_GATEWAY_CA_CERTS", "/nowhere.pem", "JUPYTER_GATEWAY_CA_CERTS is '/nowhere.pem', and there is no such file: "
     "name a PEM file."),
    ("JUPYTER_GATEWAY_HEADERS", "a: b", 'JUPYTER_GATEWAY_HEADERS holds no JSON object: give headers as {"name": "value"}.'),
]  # fmt: skip


@pytest.mark.parametrize("name, value, expected", SETTINGS)
def test_a_setting_that_is_wrong(monkeypatch, name, value, expected):
    monkeypatch.setenv(name, value)
    assert message("http://127.0.0.1:9") == expected


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_token_and_certificate(tmp_path, monkeypatch, caplog):
    key, certificate, token = tmp_path / "key.pem", tmp_path / "certificate.pem", "t0ken-of-the-test"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    options = [f"--EnterpriseGatewayApp.certfile={certificate}", f"--EnterpriseGatewayApp.keyfile={key}"]
    with gateway(EMR, tmp_path, *options, scheme="https", token=token) as running:
        assert message(running.url.replace("https", "http")) == (
            f"The gateway {running.url.replace('https', 'http')} cannot be reached: "
            f"it closed the connection: check its URL, http:// or https:// above all."
        )
        assert message(running).endswith("name the CA's in JUPYTER_GATEWAY_CA_CERTS.")
        monkeypatch.setenv("JUPYTER_GATEWAY_CA_CERTS", str(certificate))
        assert message(running) == f"The gateway {running.url} refuses: 401 Unauthorized: set JUPYTER_GATEWAY_AUTH_TOKEN."
        monkeypatch.setenv("JUPYTER_GATEWAY_AUTH_TOKEN", token)
        ran = run(running, 'System.out.println("k is " + k);', k=3)
    assert printed(ran) == "k is 3\n"
    assert token not in json.dumps(ran) + caplog.text


def test_an_error_in_a_cell_is_papermills_own(emr):
    with pytest.raises(PapermillExecutionError, match="cannot find symbol"):
        run(emr, "int n = nothing;")
    assert emr.kernels() == []


def test_an_execution_timeout_deletes_the_kernel(emr):
    with pytest.raises(Exception, match="timed out"):
        papermill.execute_notebook(notebook(CELL, SLEEP), None, {}, engine_name="java_gateway", gateway_url=emr.url,
                                   kernel_name="java", progress_bar=False, execution_timeout=2)  # fmt: skip
    assert emr.is_empty()
