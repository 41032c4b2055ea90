"""The translator that papermill calls: lists a notebook's parameters, and writes the cell that sets them."""

from collections.abc import Mapping
from typing import Any, Optional

from papermill.models import Parameter
from papermill.translators import Translator

import java_parameters
from java_parameters import Declaration, assign, find, read_declarations

from . import notebook
from .command_line import as_typed_on_command_line
from .errors import ParameterError

# What papermill itself adds for --inject-paths: no one misspelt these.
_FROM_PAPERMILL = ("PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH")


class JavaTranslator(Translator):
    """Sets parameters in the types that the notebook's `parameters` cell declares."""

    @classmethod
    def inspect(cls, parameters_cell: Mapping[str, Any]) -> list[Parameter]:
        declarations = read_declarations(parameters_cell["source"])
        notebook.remember(declarations)
        return [Parameter(one.name, str(one.type) if one.type else "None", one.default, one.help) for one in declarations]

    @classmethod
    def codify(cls, parameters: dict[str, Any], comment: str = "Parameters") -> str:
        declarations = notebook.current_declarations()
        knows_notebook = declarations is not None or notebook.notebook_being_parameterized() is not None
        try:
            lines = [
                assign(name, value, _declaration(name, declarations, knows_notebook))
                for name, value in as_typed_on_command_line(parameters).items()
            ]
        except java_parameters.ParameterError as error:
            raise ParameterError(str(error)) from None
        return "\n".join([cls.comment(comment), *lines]) + "\n"

    @classmethod
    def comment(cls, cmt_str: str) -> str:
        return f"// {cmt_str}".strip()


def _declaration(name: str, declarations: Optional[list[Declaration]], knows_notebook: bool) -> Optional[Declaration]:
    if not knows_notebook or name in _FROM_PAPERMILL:
        return next((one for one in declarations or () if one.name == name), None)
    return find(name, declarations)
