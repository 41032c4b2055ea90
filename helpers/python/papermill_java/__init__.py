"""Teaches papermill Java: values go into a notebook in the types its `parameters` cell declares.

Nothing has to be called: papermill imports `papermill_java.engine` by its entry point, and that registers the translator.
"""

import papermill  # noqa: F401  # first and whole: on its import it comes back for papermill_java.engine

from .errors import ParameterError
from .listing import NotebookParameter, list_parameters

__all__ = ["NotebookParameter", "ParameterError", "list_parameters"]
