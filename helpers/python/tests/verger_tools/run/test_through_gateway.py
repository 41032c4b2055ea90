"""`notebooks/run --gateway`: the project's kernel behind the gateway of EMR, and what a user sees who asks for too little."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from tests import processes
from tests.gateways import USER
from verger_tools.base.project import ROOT

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:9"


def start(folder, *arguments, **environment):
    """Starts the runner in `folder`."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "KERNEL_"))}
    return processes.start([ROOT / "notebooks/run", *arguments], cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, env={**env, "KERNEL_USERNAME": USER, **environment})


def run(folder, *arguments, **environment):
    """Runs the runner in `folder`; gives the exit code and the lines on the screen."""
    process = start(folder, *arguments, **environment)
    screen, _ = process.communicate()
    return process.returncode, screen.strip().splitlines()


def notebook(folder, code):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), folder / "own.ipynb")
    return "own.ipynb"


def test_the_main_job(emr, tmp_path):
    images, results = ROOT / "data-sample", tmp_path / "results"
    code, screen = run(tmp_path, "fruits", "--gateway", emr.url, "-p", "images", f"file:{images}",
                       "-p", "output", f"file:{results}", "-p", "limit", "24")
    assert code == 0, screen
    counts = json.loads((results / "manifest.json").read_text())["counts"]
    assert counts == {"read": 24, "used": 24, "failed": 0, "listed": 360, "byStatus": {"ok": 24, "not_taken": 336}, "hidden": 0}
    executed = tmp_path / "out/fruits/fruits.ipynb"
    assert "image/png" in executed.read_text()
    assert executed.with_suffix(".html").is_file()
    assert emr.is_empty()


def test_another_kernel_and_one_that_dies(emr, tmp_path):
    own = notebook(tmp_path, "System.exit(3);")
    code, screen = run(tmp_path, own, "--gateway", emr.url, "--kernel", "java", "--output", "here")
    assert code == 138
    assert screen[-1].startswith(f"The kernel java of the gateway {emr.url} died or was deleted, and the gateway's log")
    assert (tmp_path / "here/own.ipynb").is_file()
    assert emr.is_empty()


def test_a_terminated_run_deletes_its_kernel(emr, tmp_path):
    cell = f'java.nio.file.Files.createFile(java.nio.file.Path.of("{tmp_path}/started")); Thread.sleep(600_000);'
    process = start(tmp_path, notebook(tmp_path, cell), "--gateway", emr.url, "--kernel", "java")
    while not (tmp_path / "started").exists():
        assert process.poll() is None
        time.sleep(0.1)
    process.terminate()
    screen, _ = process.communicate()
    assert process.returncode == 143
    assert screen.strip().splitlines()[-1] == "Interrupted: the kernel is stopped, and an earlier result stays as it was"
    assert emr.is_empty()


def test_a_folder_of_this_machine_is_not_the_clusters(tmp_path):
    code, screen = run(tmp_path, "fruits", "--gateway", NOWHERE)
    assert code == 2
    assert screen[-1] == (
        "A kernel of a gateway sees no folder of this machine: "
        "give -p images URI and -p output URI, such as s3://bucket/folder or hdfs:///folder"
    )


def test_a_path_is_one_where_the_kernel_runs(tmp_path):
    code, screen = run(tmp_path, "fruits", "--gateway", NOWHERE, "-p", "images", "s3://bucket/Training", "-p", "output", "/out")
    assert code == 1
    assert "output = /out is a path where the kernel runs, and not on this machine" in screen
    assert screen[-1] == f"The gateway {NOWHERE} cannot be reached: connection refused: check its URL, and that it runs."


def test_results_on_s3_are_no_folder_of_this_machine(tmp_path):
    code, screen = run(tmp_path, "fruits", "--output", "s3://bucket/results")
    assert code == 2
    assert "give -p output s3://bucket/results for the results" in screen[-1]


def test_a_gateway_needs_no_java_here(tmp_path):
    """The Python environment is all that is set up for it."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("bash", "env", "dirname"):
        (tools / tool).symlink_to(shutil.which(tool))
    (tools / "python3").symlink_to(Path(sys._base_executable).resolve())
    code, screen = run(tmp_path, "fruits", "--gateway", NOWHERE, "-p", "images", "s3://a/b", "-p", "output", "s3://a/c",
                       PATH=str(tools), JAVA_HOME="/nowhere")
    assert code == 1
    assert screen[-1].startswith(f"The gateway {NOWHERE} cannot be reached")
