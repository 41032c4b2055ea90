"""Notebooks from elsewhere name no kernel, or one that this does not run."""

import json

import pytest

from verger_tools.run.__main__ import _kernel, main

CELL = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["int k = 2; // components"], "outputs": [],
        "execution_count": None}  # fmt: skip
JAVA = {"kernelspec": {"name": "java"}}
CPP = {"kernelspec": {"name": "xcpp17", "language": "C++", "display_name": "C++17"}}


def saved(folder, metadata):
    path = folder / "from elsewhere.ipynb"
    path.write_text(json.dumps({"metadata": metadata, "nbformat": 4, "nbformat_minor": 4, "cells": [CELL]}), encoding="utf-8")
    return path


@pytest.mark.parametrize("metadata", [{}, JAVA, {"kernelspec": {"name": "java"}, "language_info": {"name": "Java"}}])
def test_a_notebook_with_parameters_and_no_whole_kernelspec_is_read(tmp_path, capsys, metadata):
    assert main([str(saved(tmp_path, metadata)), "--list-parameters"]) == 0
    assert capsys.readouterr().out == "k  int = 2   components\n"


@pytest.mark.parametrize("more", [[], ["--gateway", "http://127.0.0.1:1"], ["--list-parameters"]])
def test_a_notebook_in_another_language_is_refused_in_a_sentence(tmp_path, more):
    with pytest.raises(SystemExit) as refused:
        main([str(saved(tmp_path, CPP)), *more])
    assert "is a notebook in C++, and this runs Java" in str(refused.value.code)


@pytest.mark.parametrize("metadata, named, kernel", [
    ({}, False, "verger"),
    ({}, True, "verger"),
    ({"kernelspec": {}}, True, "verger"),
    (JAVA, False, "verger"),
    (JAVA, True, "java"),
])
def test_with_a_gateway_the_notebooks_own_kernel_comes_first(tmp_path, metadata, named, kernel):
    assert _kernel(saved(tmp_path, metadata), named) == kernel


@pytest.mark.parametrize("text", ["[]", "3", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', '{"nbformat": 5, "cells": []}', "{"])
def test_what_is_no_notebook_is_said_in_a_sentence(tmp_path, text):
    path = tmp_path / "no.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        main([str(path), "--list-parameters"])
    assert str(refused.value.code).startswith(f"{path} is not a notebook")
