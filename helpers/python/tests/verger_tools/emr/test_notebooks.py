"""The commands read a notebook's parameters as papermill on the cluster will: the same values are taken, the same are refused."""

import json

import pytest

from tests.papermill_java.test_errors import MISFITS
from tests.papermill_java.values import VALUES
from verger_tools.base.errors import Failure
from verger_tools.emr import notebooks


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Checks parameters for a notebook whose `parameters` cell is given."""
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)

    def check(source, *given):
        cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source.splitlines(keepends=True)}
        (tmp_path / "own.ipynb").write_text(json.dumps({"cells": [{"source": "int no = 1;", "metadata": {}}, cell]}), encoding="utf-8")
        return notebooks.check("own", given)
    return check


@pytest.mark.parametrize("source, given", [
    ("Map<String, Integer> counts = null;", ("counts", '{"Apfel": 2}')),
    ("int a = 1, b = 2;", ("b", "7")),
    ("int a = 1, b = 2;", ("a", "7")),
    ("double[][] grid = {{1}};", ("grid", "[[1, 2.5], []]")),
    ("List<? extends Number> n = List.of();", ("n", "[1, 2.5]")),
    ("@SuppressWarnings(\"a; b\") private static final int k = 2;", ("k", "3")),
    ("var k = 2; // components", ("k", "3")),
    ("String s =\n    \"x; int no = 1;\";", ("s", "007")),
    ("Long limit = null;", ("limit", "null")),
    ("String s = null;", ("s", "~nobody-such/x")),
])
def test_what_papermill_takes_is_taken(check, source, given):
    assert check(source, given).name == "own.ipynb"


@pytest.mark.parametrize("kind, value", [(kind, value) for kind, value, *_ in VALUES if isinstance(value, str)])
def test_every_text_of_papermills_table_is_taken(check, kind, value):
    check(f"{kind} p = null;", ("p", value))


@pytest.mark.parametrize("kind, value, said", [row for row in MISFITS if isinstance(row[1], str)])
def test_every_misfit_of_papermills_table_is_refused(check, kind, value, said):
    with pytest.raises(Failure) as failure:
        check(f"{kind} p = null;", ("p", value))
    assert said.rpartition(": ")[2].rstrip(".") in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("source, given, said", [
    ("Map<String, List<Integer>> p = null;", ("p", '{"a": [1, "b"]}'),
     "p['a'][1] = 'b' does not fit, for p['a'][1] is declared Integer: give a whole number from -2147483648 to 2147483647"),
    ("var p = 3 + 4;", ("p", "5"), "Parameter 'p' is declared var with the default 3 + 4, which does not tell its type: "
     "declare it with its type to pass it in."),
    ("int a = 1, b = 2;", ("c", "3"), "own.ipynb has no parameter c: it has a, b"),
    ("boolean p = true;", ("p", "yes"), "p = yes does not fit, for p is declared boolean: give true or false"),
])
def test_what_papermill_refuses_is_refused(check, source, given, said):
    with pytest.raises(Failure) as failure:
        check(source, given)
    assert str(failure.value) == said


def test_a_notebook_without_a_parameters_cell(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    (tmp_path / "bare.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")

    with pytest.raises(Failure, match="^bare.ipynb has no parameter k: it has none$"):
        notebooks.check("bare", [("k", "3")])
