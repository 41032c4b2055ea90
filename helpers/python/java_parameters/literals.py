"""Java source of single values: numbers, characters, strings of any length."""

import math
import re

# A class file holds a string constant in at most 65,535 bytes; a code point takes up to six of them (two surrogates of three).
PIECE = 10_000

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPED = re.compile(r'[^\x20-\x7e]|["\\]|(?<==)%|(?<== )%')


def string(text: str) -> str:
    """A string expression. Beyond PIECE it is joined when it runs: javac would fold `"a" + "b"` into one constant again."""
    if len(text) <= PIECE:
        return quoted(text)
    return f'String.join("",\n{_lines(text)})'


def char(text: str) -> str:
    """A char literal of one UTF-16 unit."""
    escaped = escape(text)
    return "'\\''" if text == "'" else "'\"'" if text == '"' else f"'{escaped}'"


def quoted(text: str) -> str:
    return f'"{escape(text)}"'


def escape(text: str) -> str:
    """The inside of a literal, in ASCII.

    `%` behind `=` is escaped because JJava takes `=%name` for a magic, even inside a literal in some places.
    """
    return _ESCAPED.sub(lambda match: _escaped(match.group()), text)


def double(value: float) -> str:
    if math.isnan(value):
        return "Double.NaN"
    if math.isinf(value):
        return "Double.POSITIVE_INFINITY" if value > 0 else "Double.NEGATIVE_INFINITY"
    return repr(value)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return f"\\{code:03o}"  # octal, since javac reads a \\uXXXX control as the control itself, before it sees the literal
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + (code & 0x3FF)
    return f"\\u{high:04x}\\u{low:04x}"


def _lines(text: str) -> str:
    pieces: list[str] = [text[i : i + PIECE] for i in range(0, len(text), PIECE)]
    return ",\n".join(quoted(piece) for piece in pieces)
