"""Keeps what was typed beside what a parser made of it: `007` is 7 to a parser, yet a declared String wants `007`."""

import json
from dataclasses import dataclass
from typing import Any

import yaml

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
        return yaml.load(text, Loader=_TypedTextLoader)  # a subclass of the safe one
    except (yaml.YAMLError, ValueError):
        return None


def _typed_int(text: str) -> TypedText:
    # float first: Python refuses to read integers of more than 4,300 digits
    return TypedText(int(text) if len(text) < 4000 else float(text), text)


def _typed_float(text: str) -> TypedText:
    return TypedText(float(text), text)


class _TypedTextLoader(yaml.SafeLoader):
    # As papermill's own: a date stays the text that was typed.
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        value = super().construct_object(node, deep)
        if isinstance(node, yaml.ScalarNode) and value is not None and not isinstance(value, str):
            return TypedText(value, node.value)
        return value
