"""The translator that papermill calls: lists a notebook's parameters, and writes the cell that sets them."""

import difflib
from dataclasses import replace
from typing import Any, Optional

from papermill.models import Parameter
from papermill.translators import Translator

from . import notebook
from .declarations import Declaration, read_declarations
from .errors import ParameterError
from .fitting import fit, infer
from .javatypes import BOXED, KEYWORDS, is_identifier
from .statements import declare
from .typed_text import as_typed_on_command_line

# What papermill itself adds for --inject-paths: no one misspelt these.
_FROM_PAPERMILL = ("PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH")

_UNBOXED = {boxed: primitive for primitive, boxed in BOXED.items()}


class JavaTranslator(Translator):
    """Sets parameters in the types that the notebook's `parameters` cell declares."""

    @classmethod
    def inspect(cls, parameters_cell) -> list[Parameter]:
        declarations = read_declarations(parameters_cell["source"])
        notebook.remember(declarations)
        return [Parameter(one.name, str(one.type) if one.type else "None", one.default, one.help) for one in declarations]

    @classmethod
    def codify(cls, parameters: dict[str, Any], comment: str = "Parameters") -> str:
        declarations = notebook.current_declarations()
        knows_notebook = declarations is not None or notebook.notebook_being_parameterized() is not None
        lines = [cls.comment(comment)]
        for name, value in as_typed_on_command_line(parameters).items():
            _check_name(name)
            if not knows_notebook or name in _FROM_PAPERMILL:
                declared = next((one for one in declarations or () if one.name == name), None)
            else:
                declared = _find(name, declarations)
            lines.append(_declare(name, value, declared))
        return "\n".join(lines) + "\n"

    @classmethod
    def comment(cls, cmt_str: str) -> str:
        return f"// {cmt_str}".strip()


def _declare(name: str, value: Any, declared: Optional[Declaration]) -> str:
    if declared is None:
        return _declare_inferred(name, value)
    if declared.type is None:
        raise ParameterError(
            f"Parameter '{name}' is declared var with the default {declared.default}, which does not tell its type: "
            f"declare it with its type to pass it in."
        )
    fitted = fit(name, value, declared.type)
    # a raw type in a `var` takes the arguments of the value; any other type stays as the notebook spells it
    return declare(name, fitted.type if declared.is_var else declared.type, fitted)


def _declare_inferred(name: str, value: Any) -> str:
    kind = infer(value)
    if value is not None and kind.name in _UNBOXED:
        kind = replace(kind, name=_UNBOXED[kind.name])
    return declare(name, kind, fit(name, value, kind))


def _find(name: str, declarations: Optional[list[Declaration]]) -> Declaration:
    if declarations is None:
        raise ParameterError(
            f"The notebook has no cell tagged '{notebook.PARAMETERS_TAG}', so '{name}' cannot be passed: "
            f"tag the cell that declares the parameters."
        )
    known = {one.name: one for one in declarations}
    if name in known:
        return known[name]
    by_lower_case = {one.lower(): one for one in known}
    close = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    hint = f" Did you mean {by_lower_case[close[0]]}?" if close else ""
    raise ParameterError(f"Unknown parameter '{name}': this notebook takes {', '.join(known) or 'none'}.{hint}")


def _check_name(name: str) -> None:
    if name in KEYWORDS:
        raise ParameterError(f"'{name}' is a keyword of Java, so it cannot name a parameter: use another name.")
    if not isinstance(name, str) or not is_identifier(name):
        raise ParameterError(
            f"'{name}' is not a Java identifier, so it cannot name a parameter: use letters, digits and _, no digit first."
        )
