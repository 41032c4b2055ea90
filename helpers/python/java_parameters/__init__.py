"""The parameters of a Java notebook: what its `parameters` cell declares, whether a value fits, and the Java that sets it.

Pure: text in, text out. It knows neither papermill nor a kernel, and needs PyYAML alone.
"""

from .assignment import assign, find
from .declarations import PARAMETERS_TAG, Declaration, read_cells, read_declarations
from .errors import Misfit, ParameterError
from .typed_text import TypedText

__all__ = ["PARAMETERS_TAG", "Declaration", "Misfit", "ParameterError", "TypedText", "assign", "find", "read_cells",
           "read_declarations"]  # fmt: skip
