"""Reads the declarations of a notebook's `parameters` cell: enough of Java for that, and no more."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Optional

from .javatypes import PRIMITIVES, JavaType, is_name_token, parse_dims, parse_type

PARAMETERS_TAG = "parameters"

_TOKEN = re.compile(
    r'''(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<literal>""".*?(?<!\\)"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')
      | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
      | (?P<word>[^\W\d][\w$]*|\$[\w$]*)
      | (?P<symbol>\S)''',
    re.VERBOSE | re.DOTALL,
)
_MODIFIERS = frozenset("final static public private protected transient volatile".split())
_OPENING, _CLOSING = "([{", ")]}"
_DEFAULTS = {"boolean": "false", "char": "'\\0'", "float": "0.0", "double": "0.0"}
_FACTORIES = {"List": "List", "Set": "Set", "Map": "Map", "Arrays": "List"}


@dataclass(frozen=True)
class Declaration:
    """One declared parameter. `type` is None for a `var` whose type cannot be read off its default."""

    name: str
    type: Optional[JavaType]
    default: str
    help: str
    is_var: bool = False


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    end_line: int
    after_space: bool
    start: int


def read_declarations(source: str) -> list[Declaration]:
    """The variables that `source` declares, in order; anything else in it (imports, calls, methods) is passed over."""
    found: dict[str, Declaration] = {}
    for statement in _statements(_tokens(source)):
        for declaration in _declarations(statement):
            found.pop(declaration.name, None)
            found[declaration.name] = declaration
    return list(found.values())


def read_cells(cells: Iterable[Mapping[str, Any]]) -> Optional[list[Declaration]]:
    """What the cell that is tagged `parameters` declares; None if no cell is.

    cells: of a notebook, as nbformat or a JSON parser gives them.
    """
    for cell in cells:
        if PARAMETERS_TAG in (cell.get("metadata", {}).get("tags") or ()):
            return read_declarations("".join(cell["source"]))
    return None


def _tokens(source: str) -> list[_Token]:
    tokens, line, end = [], 1, 0
    for match in _TOKEN.finditer(source):
        line += source.count("\n", end, match.start())
        last = line + match.group().count("\n")
        tokens.append(_Token(str(match.lastgroup), match.group(), line, last, match.start() > end, match.start()))
        line, end = last, match.end()
    return tokens


def _statements(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """Cuts at each `;` outside brackets, and after a body in braces. A comment behind a statement on its line goes with it."""
    statements: list[list[_Token]] = [[]]
    depth, assigns, closed_on, magic_line = 0, False, 0, 0
    for token in tokens:
        current = statements[-1]
        if token.line == magic_line:
            continue
        if token.kind == "comment" and not _code(current):
            if len(statements) > 1 and token.line == closed_on:
                statements[-2].append(token)
            continue
        if token.text == "%" and not current:  # a magic of the kernel, up to the end of its line
            magic_line = token.line
            continue
        current.append(token)
        if token.kind != "symbol":
            continue
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth -= 1
        assigns = assigns or (token.text == "=" and depth == 0)
        if depth == 0 and (token.text == ";" or (token.text == "}" and not assigns)):
            statements.append([])
            assigns, closed_on = False, token.end_line
    return statements


def _declarations(statement: Sequence[_Token]) -> list[Declaration]:
    tokens = _code(statement)
    if tokens and tokens[-1].text == ";":
        tokens = tokens[:-1]
    words = [token.text for token in tokens]

    at = 0
    while at < len(words) and (words[at] in _MODIFIERS or words[at] == "@"):
        at = _after_annotation(words, at) if words[at] == "@" else at + 1
    declared, at = parse_type(words, at)
    if declared is None:
        return []

    found = []
    while at < len(words):
        name = words[at]
        dims, after = parse_dims(words, at + 1)
        if not is_name_token(name) or name in PRIMITIVES or words[after : after + 1] not in ([], ["="], [","]):
            break
        end = _end_of_declarator(words, after)
        default = tokens[after + 1 : end] if words[after : after + 1] == ["="] else []
        kind = replace(declared, dims=declared.dims + dims)
        last = tokens[end] if end < len(tokens) else tokens[-1]
        found.append(_declaration(name, kind, default, _help(statement, last)))
        at = end + 1
    # `a, b = 1, 2` shares the comment at the end of the line
    shared = found[-1].help if found else ""
    return [declaration if declaration.help else replace(declaration, help=shared) for declaration in found]


def _declaration(name: str, kind: JavaType, default: Sequence[_Token], help_text: str) -> Declaration:
    text = "".join((" " if token.after_space and i else "") + token.text for i, token in enumerate(default))
    if kind.name == "var":
        return Declaration(name, _type_of(default), text, help_text, is_var=True)
    if not text:
        text = _DEFAULTS.get(kind.name, "0") if kind.is_primitive else "null"
    return Declaration(name, kind, text, help_text)


def _code(tokens: Sequence[_Token]) -> list[_Token]:
    return [token for token in tokens if token.kind != "comment"]


def _after_annotation(words: Sequence[str], at: int) -> int:
    _, at = parse_type(words, at + 1)
    if words[at : at + 1] == ["("]:
        depth = 1
        while depth and at + 1 < len(words):
            at += 1
            depth += (words[at] == "(") - (words[at] == ")")
        at += 1
    return at


def _end_of_declarator(words: Sequence[str], start: int) -> int:
    """The position of the comma behind a declarator, or of the end. `new HashMap<String, Long>()` holds a comma of its own."""
    depth = angles = 0
    for at in range(start, len(words)):
        word = words[at]
        if word in _OPENING:
            depth += 1
        elif word in _CLOSING:
            depth -= 1
        elif word == "<" and (words[at - 1] == "." or words[at - 1][:1].isupper()):
            angles += 1
        elif word == ">" and angles:
            angles -= 1
        elif word == "," and depth == 0 and angles == 0:
            return at
    return len(words)


def _help(statement: Sequence[_Token], last: _Token) -> str:
    """The comment behind the declarator's last token (its comma or semicolon) on the same line."""
    behind = statement.index(last) + 1
    for token in statement[behind:]:
        if token.line != last.end_line:
            break
        if token.kind == "comment":
            text = token.text[2:-2] if token.text.startswith("/*") else token.text[2:]
            return " ".join(text.strip("/* \t").split())
        if token.text != ";":
            break
    return ""


def _type_of(default: Sequence[_Token]) -> Optional[JavaType]:
    """The type that `var` takes from a literal, from `new Type(`, or from a factory as `List.of(`."""
    words = [token.text for token in default]
    if len(words) >= 3 and words[0] == "new":
        kind, after = parse_type(words, 1)
        return kind if kind and words[after : after + 1] in (["("], ["{"]) else None
    if words[:4] == ["java", ".", "util", "."]:
        words = words[4:]
    if len(words) > 3 and words[0] in _FACTORIES and words[1] == ".":
        return JavaType(_FACTORIES[words[0]])
    if words[:1] in (["-"], ["+"]):
        words, default = words[1:], default[1:]
    if len(words) != 1:
        return None
    token, word = default[0].kind, words[0]
    if token == "literal":
        return JavaType("char" if word.startswith("'") else "String")
    if word in ("true", "false"):
        return JavaType("boolean")
    return JavaType(_type_of_number(word)) if token == "number" else None


def _type_of_number(word: str) -> str:
    word = word.lower()
    if word.endswith("l"):
        return "long"
    if word.startswith(("0x", "0b")):
        return "double" if "p" in word else "int"
    if word.endswith("f"):
        return "float"
    return "double" if re.search(r"[.ed]", word) else "int"
