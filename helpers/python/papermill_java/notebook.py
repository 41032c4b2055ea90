"""Finds what the notebook that papermill is working on declares."""

import sys
import threading
from types import FrameType
from typing import Any, Optional

from java_parameters import Declaration, read_cells

_inspected = threading.local()


def remember(declarations: list[Declaration]) -> None:
    """Keeps what was inspected last in this thread, for a caller that is not papermill."""
    _inspected.declarations = declarations


def current_declarations() -> Optional[list[Declaration]]:
    """The declarations to fit values to; None if the notebook has no `parameters` cell or nothing was inspected.

    papermill hands a translator the values alone. It inspects the `parameters` cell before, but not where there is none, so
    what was inspected last may belong to another notebook. Hence the notebook itself is looked up, in papermill's call; what
    was inspected counts only where papermill is not the caller, and once.
    """
    inspected = _inspected.__dict__.pop("declarations", None)
    nb = notebook_being_parameterized()
    if nb is None:
        return inspected
    return read_cells(nb.cells)


def notebook_being_parameterized() -> Any:
    """The notebook in papermill's running `parameterize_notebook`; None where that is not among the callers."""
    from papermill.parameterize import parameterize_notebook  # here, for papermill imports this package on its own import

    code = getattr(parameterize_notebook, "__code__", None)
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None:
        if frame.f_code is code:
            return frame.f_locals.get("nb")
        frame = frame.f_back
    return None
