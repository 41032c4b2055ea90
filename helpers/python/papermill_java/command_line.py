"""What was typed at papermill's own command, before papermill guessed a type for it."""

from typing import Any

import click

from java_parameters import TypedText


def as_typed_on_command_line(parameters: dict[str, Any]) -> dict[str, Any]:
    """Gives back the texts of papermill's `-p NAME VALUE`, which papermill turned into numbers, booleans or None.

    Asks click for the options of the papermill command that is running, if one is. A text counts only where papermill's own
    rule makes the given value of it, so a value that came from `-r`, a file or YAML stays as it is.
    """
    context = click.get_current_context(silent=True)
    if context is None or getattr(context.command.callback, "__module__", None) != "papermill.cli":
        return parameters
    from papermill.cli import _resolve_type  # loaded already: it is the command that is running

    typed = dict(context.params.get("parameters") or ())
    return {
        name: TypedText(value, typed[name])
        if name in typed and not isinstance(value, str) and _same(_resolve_type(typed[name]), value)
        else value
        for name, value in parameters.items()
    }


def _same(left: Any, right: Any) -> bool:
    # repr, for NaN is not equal to itself, and 1 is equal to True
    return type(left) is type(right) and repr(left) == repr(right)
