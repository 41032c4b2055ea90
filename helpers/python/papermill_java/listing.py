"""Lists what a notebook takes, for a `--list-parameters`."""

import os
from typing import NamedTuple, Union


class NotebookParameter(NamedTuple):
    """One declaration of a notebook's `parameters` cell: Java type and default as written there, help from its comment."""

    name: str
    type: str
    default: str
    help: str


def list_parameters(path: Union[str, "os.PathLike[str]"]) -> list[NotebookParameter]:
    """The parameters that the notebook at `path` declares, in its order; empty if no cell is tagged `parameters`."""
    from papermill import inspect_notebook  # here, for papermill imports this package while it is being imported

    # papermill formats the path as a template ({name} takes a parameter's value), so braces in a real path are doubled.
    literal_path = os.fspath(path).replace("{", "{{").replace("}", "}}")
    return [
        NotebookParameter(found["name"], found["inferred_type_name"], found["default"], found["help"])
        for found in inspect_notebook(literal_path).values()
    ]
