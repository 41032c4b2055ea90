"""The line of progress of a headless run: what a terminal and a log show, and what is left of it in the executed notebook."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import textwrap

import nbformat
import pytest
from nbclient.exceptions import CellExecutionComplete
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import NotebookExecutionManager

from verger_tools.base.project import OWN, ROOT
from verger_tools.run import progress

DISPLAY = progress.DISPLAY + "1"


def message(kind, **content):
    return {"msg_type": kind, "header": {"msg_type": kind}, "content": content, "parent_header": {"msg_id": "1"}}


def shown(kind, text, display=DISPLAY):
    data = {"text/plain": text, "text/html": f"<small>{text}</small>"} if text else {}
    return message(kind, data=data, metadata={}, transient={"display_id": display})


IDLE = message("status", execution_state="idle")


class Clock:
    """Seconds that pass as the test says."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def cell():
    return new_code_cell("count")


@pytest.fixture
def client(cell):
    log = io.StringIO()
    manager = NotebookExecutionManager(new_notebook(cells=[cell]), progress_bar=False)
    made = progress.ProgressClient(manager, line=progress.Line(log), kernel_name="verger", record_timing=False)
    made.reset_execution_trackers()
    made.clear_before_next_output = False  # as nbclient has it when a cell begins
    made.log_text = log.getvalue
    return made


def process(client, cell, *messages):
    for each in messages:
        try:
            client.process_message(each, cell, 0)
        except CellExecutionComplete:
            pass


def test_the_notebook_keeps_the_sentence_where_the_line_was(client, cell):
    process(client, cell, message("stream", name="stdout", text="before"), shown("display_data", "featurize · 1 s"),
            shown("update_display_data", "featurize · 2 s"), message("stream", name="stdout", text="after"))

    assert [output.output_type for output in cell.outputs] == ["stream", "stream"]
    process(client, cell, shown("update_display_data", "24 images in 2 s"), IDLE)
    assert [output.output_type for output in cell.outputs] == ["stream", "display_data", "stream"]
    assert cell.outputs[1].data["text/plain"] == "24 images in 2 s"
    nbformat.validate(client.nb)


@pytest.mark.parametrize("end", [[shown("update_display_data", None)], [message("clear_output", wait=False)]])
def test_nothing_is_left_of_a_line_that_leaves_no_sentence(client, cell, end):
    process(client, cell, shown("display_data", "listing · 1 s"), *end, IDLE)

    assert cell.outputs == []
    assert client.log_text() == ""


def test_nothing_is_left_of_a_kernel_that_dies(client, cell):
    process(client, cell, shown("display_data", "featurize · 1 s"), shown("update_display_data", "featurize · 2 s"))

    assert cell.outputs == []


def test_other_displays_are_shown_as_ever(client, cell):
    process(client, cell, shown("display_data", "a table", "own"), shown("update_display_data", "another", "own"), IDLE)

    assert [output.data["text/plain"] for output in cell.outputs] == ["another"]


def test_a_log_gets_a_line_every_ten_seconds_and_the_sentence(client, cell, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(progress.time, "monotonic", clock.monotonic)
    process(client, cell, shown("display_data", "0 s"))
    for second in range(1, 26):
        clock.now = second
        process(client, cell, shown("update_display_data", f"{second} s"))
    process(client, cell, shown("update_display_data", "24 images in 25 s"), IDLE)

    assert client.log_text().splitlines() == ["10 s", "20 s", "24 images in 25 s"]


def test_a_terminal_has_one_line_that_is_written_anew():
    script = """
        import sys
        from verger_tools.run.progress import Line
        line = Line(sys.stderr)
        line.begin()
        line.show("featurize " + "x" * 200)
        line.show("24 of 48")
        line.end("48 images in 2 s")
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 20, 60, 0, 0))
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], stderr=slave, check=True, cwd=ROOT / "helpers/python",
                   env={**os.environ, "COLUMNS": "60"})
    os.close(slave)
    screen = os.read(master, 10_000).decode()
    os.close(master)

    assert max(len(line) for line in re.split(r"[\r\n]+|\x1b\[A", screen)) <= 60
    assert "24 of 48" in screen
    assert screen.rstrip().splitlines()[-1].split("\r")[-1].endswith("48 images in 2 s")


@pytest.mark.slow
def test_a_real_run(tmp_path):
    code = """
        import org.apache.spark.sql.*;
        import verger.features.ImageFeaturizer;
        import verger.images.Images;
        SparkSession spark = SparkSession.builder().getOrCreate();
        Dataset<Row> images = Images.reader(spark).limit(24).read(verger.notebook.Project.path("data-sample"));
        Thread.sleep(1100);
        System.out.println(new ImageFeaturizer().setNetwork("EfficientNet-Lite0").transform(images).filter("reason is null").count());
    """
    cells = [new_code_cell("Thread.sleep(2500);"), new_code_cell(textwrap.dedent(code))]
    nbformat.write(new_notebook(cells=cells), tmp_path / "own.ipynb")
    run = subprocess.run([OWN / "venv/bin/python", "-m", "verger_tools.run", tmp_path / "own.ipynb", "--kernel", "verger"],
                         cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "helpers/python")}, text=True,
                         capture_output=True, timeout=300)
    assert run.returncode == 0, run.stderr

    executed = nbformat.read(tmp_path / "out/own/own.ipynb", 4)
    assert executed.cells[0].outputs == []
    line, printed = executed.cells[1].outputs
    assert re.fullmatch(r"24 images in [\d.]+ s", line.data["text/plain"])
    assert printed.text == "24\n"
    assert re.search(r"^24 images in [\d.]+ s$", run.stderr, re.M)
