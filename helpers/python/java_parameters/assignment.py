"""One parameter and its value: the declaration that belongs to the name, and the Java that declares it anew with the value."""

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Optional

from .declarations import PARAMETERS_TAG, Declaration
from .errors import ParameterError
from .fitting import fit, infer
from .javatypes import BOXED, KEYWORDS, is_identifier
from .statements import declare

_UNBOXED = {boxed: primitive for primitive, boxed in BOXED.items()}


def assign(name: str, value: Any, declared: Optional[Declaration]) -> str:
    """The Java statements that declare `name` with `value`, in the type that the notebook declares.

    value: a text as typed, or what Python makes of JSON. declared: None where nothing is known: the value tells the type.
    Raises ParameterError: the name is none, the value does not fit (then it is a Misfit), or the type takes no value from outside.
    """
    _check_name(name)
    if declared is None:
        return _assign_inferred(name, value)
    if declared.type is None:
        raise ParameterError(
            f"Parameter '{name}' is declared var with the default {declared.default}, which does not tell its type: "
            f"declare it with its type to pass it in."
        )
    fitted = fit(name, value, declared.type)
    # a raw type in a `var` takes the arguments of the value; any other type stays as the notebook spells it
    return declare(name, fitted.type if declared.is_var else declared.type, fitted)


def find(name: str, declarations: Optional[Sequence[Declaration]]) -> Declaration:
    """The declaration of a name; raises ParameterError where there is none. declarations: None where no cell is tagged."""
    _check_name(name)
    if declarations is None:
        raise ParameterError(
            f"The notebook has no cell tagged '{PARAMETERS_TAG}', so '{name}' cannot be passed: "
            f"tag the cell that declares the parameters."
        )
    known = {one.name: one for one in declarations}
    if name in known:
        return known[name]
    by_lower_case = {one.lower(): one for one in known}
    close = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    hint = f" Did you mean {by_lower_case[close[0]]}?" if close else ""
    raise ParameterError(f"Unknown parameter '{name}': this notebook takes {', '.join(known) or 'none'}.{hint}")


def _assign_inferred(name: str, value: Any) -> str:
    kind = infer(value)
    if value is not None and kind.name in _UNBOXED:
        kind = replace(kind, name=_UNBOXED[kind.name])
    return declare(name, kind, fit(name, value, kind))


def _check_name(name: str) -> None:
    if name in KEYWORDS:
        raise ParameterError(f"'{name}' is a keyword of Java, so it cannot name a parameter: use another name.")
    if not isinstance(name, str) or not is_identifier(name):
        raise ParameterError(
            f"'{name}' is not a Java identifier, so it cannot name a parameter: use letters, digits and _, no digit first."
        )
