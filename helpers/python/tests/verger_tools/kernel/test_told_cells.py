"""What a cell leaves is the truth: with the real kernel, on this machine and behind a gateway of EMR's version."""

import asyncio
import re

import nbformat
import pytest
from nbclient import NotebookClient

from papermill_java.gateway.kernel import GatewayKernel
from papermill_java.gateway.settings import Settings
from tests.gateways import USER
from tests.verger_tools.kernel.told_cells import CELLS

MOST_LINES = 10
GREY = re.compile(r"\x1b\[[0-9;]*m")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("a kernel")]


def check(cell, outputs):
    def text(stream):
        return "".join(output["text"] for output in outputs if output["output_type"] == "stream" and output["name"] == stream)

    errors = [output for output in outputs if output["output_type"] == "error"]
    values = [output["data"]["text/plain"] for output in outputs if output["output_type"] == "execute_result"]
    if cell.error is None:
        assert errors == []
    else:
        ((name, message),) = [(error["ename"], error["evalue"]) for error in errors]
        assert name == cell.error[0] and re.search(cell.error[1], message), (name, message)
        assert len(errors[0]["traceback"]) <= MOST_LINES
    assert re.search(cell.printed, text("stdout")), text("stdout")[:500]
    assert re.search(cell.said, text("stderr")), text("stderr")[:500]
    assert (values != []) == (cell.value is not None), values
    assert cell.value is None or re.search(cell.value, values[0]), values


@pytest.fixture(scope="module")
def told(real_kernel):
    """All cells, run in their order."""
    kinds = {"stream", "error", "execute_result", "display_data"}
    return [[{"output_type": kind, **content} for kind, content in real_kernel.messages(cell.source) if kind in kinds]
            for cell in CELLS]


@pytest.mark.parametrize("number", range(len(CELLS)))
def test_a_cell(told, number):
    check(CELLS[number], told[number])


def test_behind_a_gateway(emr, monkeypatch):
    monkeypatch.setenv("KERNEL_USERNAME", USER)
    kernel = GatewayKernel(Settings.of(emr.url, 120), "verger")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.source) for cell in CELLS])
    client = NotebookClient(notebook, km=kernel, kernel_name="verger", allow_errors=True)

    async def run():
        try:
            await client.async_execute()
        finally:
            await kernel.end()

    asyncio.run(run())

    for cell, ran in zip(CELLS, notebook.cells):
        check(cell, ran.outputs)


def test_a_hundred_thousand_lines_are_a_few_messages(real_kernel):
    messages = real_kernel.messages('for (int i = 0; i < 100_000; i++) System.out.println("line " + i);')

    printed = [content["text"] for kind, content in messages if kind == "stream"]
    assert "".join(printed) == "".join(f"line {i}\n" for i in range(100_000))
    assert len(printed) < 300


def test_displays_stand_where_they_were_made(real_kernel):
    messages = real_kernel.messages('System.out.println("1"); System.err.println("2"); display("3"); System.out.println("4");')

    assert [content.get("text") or content["data"]["text/plain"] for kind, content in messages
            if kind in ("stream", "display_data")] == ["1\n", "2\n", "3", "4\n"]


def test_an_error_has_its_cell_its_line_and_the_rest_folded(real_kernel):
    messages = real_kernel.messages("int divide(int x) {\n    return 1 / x;\n}\nint one = divide(1);\n\nint none = divide(0);")

    error = next(content for kind, content in messages if kind == "error")
    lines = [GREY.sub("", line) for line in error["traceback"]]
    count = next(content["execution_count"] for kind, content in messages if kind == "execute_input")
    assert lines == [f"[{count}], line 6: int none = divide(0);", f"[{count}], line 2: return 1 / x;", "ArithmeticException: / by zero"]
    (folded,) = [content["data"] for kind, content in messages if kind == "display_data"]
    assert list(folded) == ["text/html"] and folded["text/html"].startswith("<details><summary>The whole trace")
