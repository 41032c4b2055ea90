"""Lists what a notebook takes, for a `--list-parameters`."""

import os
from typing import NamedTuple, Union

import nbformat

from java_parameters import read_cells


class NotebookParameter(NamedTuple):
    """One declaration of a notebook's `parameters` cell: Java type and default as written there, help from its comment."""

    name: str
    type: str
    default: str
    help: str


def list_parameters(path: Union[str, "os.PathLike[str]"]) -> list[NotebookParameter]:
    """The parameters that the notebook at `path` declares, in its order; empty if no cell is tagged `parameters`.

    It asks neither which kernel the notebook names nor which language.
    """
    return [
        NotebookParameter(one.name, str(one.type) if one.type else "None", one.default, one.help)
        for one in read_cells(nbformat.read(path, as_version=4).cells) or ()
    ]
