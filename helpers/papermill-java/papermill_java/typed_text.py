"""Keeps what was typed beside what a parser made of it: `007` is 7 to papermill, yet a declared String wants `007`."""

import json
from dataclasses import dataclass
from typing import Any

import click
import yaml
from papermill.iorw import NoDatesSafeLoader

NULL_TEXTS = ("null", "None")


@dataclass(frozen=True, repr=False)
class TypedText:
    """A value together with the text it was read from."""

    value: Any
    text: str

    def __repr__(self) -> str:  # so that a list of them reads as typed in an error
        return self.text


def parse_structure(text: str) -> Any:
    """Reads JSON or YAML into lists and dicts whose numbers and plain YAML scalars are TypedText; None if it is neither.

    JSON first: PyYAML takes the two halves of an escaped emoji for two characters.
    """
    try:
        return json.loads(text, parse_int=_typed_int, parse_float=_typed_float)
    except ValueError:
        pass
    try:
        return yaml.load(text, Loader=_TypedTextLoader)  # a safe loader: NoDatesSafeLoader's subclass
    except (yaml.YAMLError, ValueError):
        return None


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


def _typed_int(text: str) -> TypedText:
    # float first: Python refuses to read integers of more than 4,300 digits
    return TypedText(int(text) if len(text) < 4000 else float(text), text)


def _typed_float(text: str) -> TypedText:
    return TypedText(float(text), text)


class _TypedTextLoader(NoDatesSafeLoader):
    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        value = super().construct_object(node, deep)
        if isinstance(node, yaml.ScalarNode) and value is not None and not isinstance(value, str):
            return TypedText(value, node.value)
        return value
