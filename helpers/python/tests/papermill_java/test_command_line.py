"""papermill's own command, and the list of parameters."""

import subprocess
import sys

import nbformat
import pytest

from papermill_java import NotebookParameter, list_parameters
from tests.papermill_java.notebooks import notebook, printed, saved

CELL = """// what to read, and how much of it
String s = "x"; // any text
String limit = null;
int k = 2; // components
double variance = 0.95;
List<String> xs = List.of("a");
"""
SHOW = 'System.out.println(s + "|" + limit + "|" + k + "|" + variance + "|" + xs);'


def run(folder, *arguments):
    """Runs `papermill` on a saved notebook; gives the exit code, the output's path and the lines on the screen."""
    out = folder / "out.ipynb"
    done = subprocess.run(
        [sys.executable, "-m", "papermill", str(saved(folder, CELL, SHOW)), str(out), "--no-progress-bar", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, out, done.stdout.splitlines()


TYPED = [
    # -p s <text>
    "007", "-5", "1.10", "True", "None", "nan", "1_000", "1e3", " 5", "é😀", '{"a": 1}', "null", "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", TYPED)
def test_a_declared_string_stays_as_typed(tmp_path, monkeypatch, text):
    """papermill's command in this process, for speed: it guesses a type for each of these before a translator is asked."""
    from click.testing import CliRunner
    from papermill.cli import papermill as command

    notebook, out = saved(tmp_path, CELL), tmp_path / "out.ipynb"
    done = CliRunner().invoke(command, [str(notebook), str(out), "--prepare-only", "-p", "s", text], catch_exceptions=False)
    assert done.exit_code == 0
    (cell,) = [cell for cell in nbformat.read(out, 4).cells if "injected-parameters" in cell.metadata.tags]
    literal = text.replace("é😀", "\\u00e9\\ud83d\\ude00").replace('"', '\\"')
    assert cell.source == f'// Parameters\nString s = "{literal}";\n'


@pytest.mark.slow
def test_the_command_runs_a_notebook(tmp_path):
    typed = {"s": "007", "limit": "None", "k": "3", "variance": "1", "xs": "[1.10, b]"}
    code, out, screen = run(tmp_path, *[word for name, text in typed.items() for word in ("--parameters", name, text)])
    assert code == 0, screen
    assert printed(nbformat.read(out, 4)) == "007|None|3|1.0|[1.10, b]\n"


def test_what_was_typed_counts_only_for_the_value_it_made(tmp_path):
    code, out, screen = run(tmp_path, "--prepare-only", "-p", "s", "007", "-r", "s", "8", "-y", "{k: 3}")
    assert code == 0, screen
    assert 'int k = 3;\nString s = "8";\n' in nbformat.read(out, 4).cells[1].source


FAILURES = [
    (["-p", "limt", "1"], "Error: Unknown parameter 'limt': this notebook takes s, limit, k, variance, xs. Did you mean limit?"),
    (["-p", "k", "2.50"], "Error: Parameter 'k' is declared int, and '2.50' does not fit: "
     "give a whole number from -2147483648 to 2147483647."),
]  # fmt: skip


@pytest.mark.parametrize("arguments, last_line", FAILURES)
def test_a_failure_is_the_last_line(tmp_path, arguments, last_line):
    code, out, screen = run(tmp_path, *arguments)
    assert code == 1
    assert screen[-1] == last_line
    assert not out.exists()


def test_help_notebook(tmp_path):
    code, _, screen = run(tmp_path, "--help-notebook")
    assert code == 0
    assert [line for line in screen if line.startswith("  ")] == [
        '  s: String (default "x")         any text',
        "  limit: String (default null)    ",
        "  k: int (default 2)              components",
        "  variance: double (default 0.95)",
        '  xs: List<String> (default List.of("a"))',
    ]


def test_inject_paths(tmp_path):
    code, out, screen = run(tmp_path, "--prepare-only", "--inject-paths")
    assert code == 0, screen
    assert "String PAPERMILL_OUTPUT_PATH = " in nbformat.read(out, 4).cells[1].source


def test_list_parameters(tmp_path):
    path = saved(tmp_path, CELL, name="with {braces}.ipynb")
    assert list_parameters(path) == [
        NotebookParameter("s", "String", '"x"', "any text"),
        NotebookParameter("limit", "String", "null", ""),
        NotebookParameter("k", "int", "2", "components"),
        NotebookParameter("variance", "double", "0.95", ""),
        NotebookParameter("xs", "List<String>", 'List.of("a")', ""),
    ]


def test_list_parameters_without_a_tagged_cell(tmp_path):
    assert list_parameters(str(saved(tmp_path, None, "int k = 2;"))) == []


@pytest.mark.parametrize("metadata", [
    {},
    {"kernelspec": {"name": "java"}},
    {"kernelspec": {"name": "xcpp17", "language": "C++", "display_name": "C++17"}},
])
def test_list_parameters_asks_for_no_kernel(tmp_path, metadata):
    made = notebook("int k = 2; // components")
    made.metadata = nbformat.from_dict(metadata)
    path = tmp_path / "from elsewhere.ipynb"
    nbformat.write(made, path)
    assert list_parameters(path) == [NotebookParameter("k", "int", "2", "components")]


@pytest.mark.parametrize("module", ["papermill", "papermill_java", "papermill_java.translator", "papermill.cli"])
def test_whatever_is_imported_first(module):
    code = f"""
import {module}
from papermill.engines import NBClientEngine, papermill_engines
from papermill.translators import papermill_translators
assert issubclass(papermill_engines.get_engine("java"), NBClientEngine)
for kernel, language in (("java", "java"), ("verger", "Java"), ("verger", "java")):
    assert papermill_translators.find_translator(kernel, language).__name__ == "JavaTranslator"
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
