"""Fits a value to a declared Java type, or says in one sentence why it does not fit."""

import logging
import math
import struct
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Callable, NoReturn, Optional, Union

from . import literals
from .errors import Misfit, ParameterError
from .javatypes import OBJECT, OPEN, JavaType
from .typed_text import NULL_TEXTS, TypedText, parse_structure


@dataclass(frozen=True)
class Scalar:
    """One value: its Java expression, and the text that the type's valueOf reads (None for null)."""

    type: JavaType
    code: str
    text: Optional[str]


@dataclass(frozen=True)
class Items:
    """A list, set or array; `type` has no wildcards and says what to create."""

    type: JavaType
    items: tuple["Fitted", ...]


@dataclass(frozen=True)
class Entries:
    """A map, in the order given."""

    type: JavaType
    pairs: tuple[tuple["Fitted", "Fitted"], ...]


# Below papermill's own logger, so that its settings count.
logger = logging.getLogger("papermill.java_parameters")

Fitted = Union[Scalar, Items, Entries]

_RANGES = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}
_INFINITIES = ("inf", "infinity")
_BIGGEST_EXPONENT = 1_000_000


def fit(where: str, value: Any, declared: JavaType) -> Fitted:
    """The value as `declared` takes it. `where` names the parameter in errors: `k`, or `sizes[3]` for an element.

    A text is read as its type asks (`12`, `true`, JSON or YAML for a List or Map) and stays a text only for a String.
    """
    kind = declared.without_wildcards()
    text = value.text if isinstance(value, TypedText) else value if isinstance(value, str) else None
    is_string = not kind.is_array and kind.simple in ("String", "CharSequence")

    is_none = value is None or (isinstance(value, TypedText) and value.value is None)
    if (is_none and not (is_string and text is not None)) or (text in NULL_TEXTS and not is_string):
        if kind.is_primitive:
            _misfit(where, value, kind, f"give a value, or declare it {kind.boxed} to allow null")
        return Scalar(kind, "null", None)
    if is_string:
        return _fit_string(where, value, kind)
    if kind.is_sequence:
        return _fit_sequence(where, value, kind)
    if kind.is_map:
        return _fit_map(where, value, kind)
    if kind.is_array or (kind.simple not in _SCALARS and kind.simple not in OPEN):
        raise ParameterError(
            f"Parameter '{where}' is declared {kind}, a type that cannot be passed in: "
            f"declare it String, a number, boolean, List or Map and convert it in the cell after."
        )
    if kind.simple in OPEN:
        return _fit_open(where, value, kind)
    return _SCALARS[kind.simple](where, value, kind)


def infer(value: Any) -> JavaType:
    """The type for a value whose declaration says none: long where int is too small, Object where elements differ."""
    if isinstance(value, TypedText):
        value = value.value
    if isinstance(value, str):
        return JavaType("String")
    if isinstance(value, bool):
        return JavaType("Boolean")
    if isinstance(value, int):
        for name, (low, high) in (("Integer", _RANGES["int"]), ("Long", _RANGES["long"])):
            if low <= value <= high:
                return JavaType(name)
        return JavaType("java.math.BigInteger")
    if isinstance(value, float):
        return JavaType("Double")
    if isinstance(value, (list, tuple)):
        return JavaType("List", (_common(map(infer, value)),))
    if isinstance(value, dict):
        return JavaType("Map", (_common(map(infer, value)), _common(map(infer, value.values()))))
    return OBJECT


def show(value: Any) -> str:
    """A value for a message: as typed, in one line, cut where it is long."""
    if isinstance(value, TypedText):
        value = value.text
    try:
        text = f"'{value}'" if isinstance(value, str) else str(value)
    except ValueError:  # an int of more than 4,300 digits
        text = "a number of thousands of digits"
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:56]}...{text[-1]}"


_WIDTH = ["Integer", "Long", "java.math.BigInteger"]


def _common(types: Any) -> JavaType:
    kinds = [kind for kind in dict.fromkeys(types) if kind != OBJECT]
    if not kinds:
        return OBJECT
    if len(kinds) == 1:
        return kinds[0]
    names = {kind.name for kind in kinds}
    if names <= set(_WIDTH):
        return JavaType(max(names, key=_WIDTH.index))
    if names <= {"Integer", "Long", "Double"}:
        return JavaType("Double")
    if names in ({"List"}, {"Map"}):
        return JavaType(kinds[0].name, tuple(map(_common, zip(*(kind.args for kind in kinds)))))
    return OBJECT


def _misfit(where: str, value: Any, kind: JavaType, way_out: str) -> NoReturn:
    raise Misfit(where, show(value), str(kind), way_out)


def _fit_open(where: str, value: Any, kind: JavaType) -> Fitted:
    inferred = infer(value)
    if kind.simple == "Number" and inferred.simple == "String":
        number = parse_structure(value)
        inferred = infer(number) if isinstance(number, TypedText) else inferred
    if inferred == OBJECT or (kind.simple == "Number" and inferred.simple in ("String", "Boolean", "List", "Map")):
        _misfit(where, value, kind, "give a number" if kind.simple == "Number" else "give text, a number, a list or a map")
    return fit(where, value, inferred)


def _fit_string(where: str, value: Any, kind: JavaType) -> Scalar:
    if isinstance(value, TypedText):
        value = value.text
    elif isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, (int, float)):
        value = str(_decimal(value)) if isinstance(value, int) else repr(value)
        logger.warning(f"Parameter '{where}' is declared {kind} but came as the number {value}: quote it to keep its spelling")
    elif not isinstance(value, str):
        _misfit(where, value, kind, "give text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ParameterError(
            f"Parameter '{where}' holds bytes that are not UTF-8 ({ascii(value)[:60]}): give it as UTF-8 text."
        ) from None
    return Scalar(kind, literals.string(value), value)


def _fit_sequence(where: str, value: Any, kind: JavaType) -> Items:
    items = parse_structure(value) if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        _misfit(where, value, kind, "give a list, as [a, b]")
    # a raw List takes what its values have in common
    element = kind.element or _common(map(infer, items))
    if not kind.is_array and not kind.args:
        kind = JavaType(kind.name, (element,))
    return Items(kind, tuple(fit(f"{where}[{i}]", item, element) for i, item in enumerate(items)))


def _fit_map(where: str, value: Any, kind: JavaType) -> Entries:
    entries = parse_structure(value) if isinstance(value, str) else value
    if not isinstance(entries, dict):
        _misfit(where, value, kind, 'give a map, as {"a": 1}')
    if len(kind.args) != 2:
        inferred = infer(entries)
        kind = JavaType(kind.name, inferred.args)
    of_key, of_value = kind.args
    pairs = []
    for key, entry in entries.items():
        at = f"{where}[{show(key)}]"
        pairs.append((fit(at, key, of_key), fit(at, entry, of_value)))
    return Entries(kind, tuple(pairs))


def _fit_boolean(where: str, value: Any, kind: JavaType) -> Scalar:
    text = str(_plain(value)).strip().lower() if isinstance(_plain(value), (str, bool)) else ""
    if text not in ("true", "false"):
        _misfit(where, value, kind, "give true or false")
    return Scalar(kind, text, text)


def _fit_integer(where: str, value: Any, kind: JavaType) -> Scalar:
    name = kind.simple.lower().replace("integer", "int")
    low, high = _RANGES[name]
    number = _decimal(value)
    if number is None or not _is_whole(number) or not low <= number <= high:
        _misfit(where, value, kind, f"give a whole number from {low} to {high}")
    digits = str(int(number))
    return Scalar(kind, {"long": f"{digits}L", "int": digits}.get(name, f"({name}) {digits}"), digits)


def _fit_big_integer(where: str, value: Any, kind: JavaType) -> Scalar:
    number = _decimal(value)
    if number is None or not _is_whole(number):
        _misfit(where, value, kind, "give a whole number")
    digits = f"{number.copy_abs() if number == 0 else number:.0f}"
    return Scalar(kind, f"new {kind.name}({literals.string(digits)})", digits)


def _fit_big_decimal(where: str, value: Any, kind: JavaType) -> Scalar:
    number = _decimal(value)
    exponent = number.as_tuple().exponent if number is not None else None  # a letter for NaN and infinities
    if not isinstance(exponent, int) or abs(exponent) > _BIGGEST_EXPONENT:
        _misfit(where, value, kind, "give a decimal number, as 1.10")
    return Scalar(kind, f"new {kind.name}({literals.string(str(number))})", str(number))


def _fit_double(where: str, value: Any, kind: JavaType) -> Scalar:
    number = _float(value)
    if number is None:
        _misfit(where, value, kind, "give a number, NaN, Infinity or -Infinity")
    return Scalar(kind, literals.double(number), _text_of(number))


def _fit_float(where: str, value: Any, kind: JavaType) -> Scalar:
    number = _float(value)
    try:
        rounded = struct.unpack("<f", struct.pack("<f", number))[0] if number is not None else None
    except OverflowError:
        rounded = None
    if number is None or rounded is None or (rounded == 0 and number != 0):
        _misfit(where, value, kind, "give a number that a float holds, NaN, Infinity or -Infinity")
    code = f"{number!r}f" if math.isfinite(number) else literals.double(number).replace("Double", "Float")
    return Scalar(kind, code, _text_of(number))


def _fit_char(where: str, value: Any, kind: JavaType) -> Scalar:
    text = value.text if isinstance(value, TypedText) else value
    text = str(text) if isinstance(text, int) and not isinstance(text, bool) else text
    if not isinstance(text, str) or len(text) != 1 or ord(text) > 0xFFFF or 0xD800 <= ord(text) < 0xE000:
        _misfit(where, value, kind, "give one character of the basic plane (an emoji needs a String)")
    return Scalar(kind, literals.char(text), text)


_SCALARS: dict[str, Callable[[str, Any, JavaType], Scalar]] = {
    **dict.fromkeys(("boolean", "Boolean"), _fit_boolean),
    **dict.fromkeys(("byte", "Byte", "short", "Short", "int", "Integer", "long", "Long"), _fit_integer),
    **dict.fromkeys(("float", "Float"), _fit_float),
    **dict.fromkeys(("double", "Double"), _fit_double),
    **dict.fromkeys(("char", "Character"), _fit_char),
    "BigInteger": _fit_big_integer,
    "BigDecimal": _fit_big_decimal,
}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, TypedText) else value


def _decimal(value: Any) -> Optional[Decimal]:
    """The exact number of a text or Python number; None where it is none. Exact, so that 1.10 stays 1.10 as a BigDecimal."""
    if isinstance(_plain(value), (bool, list, tuple, dict)):
        return None
    if isinstance(value, TypedText):
        value = value.text
    try:
        return Decimal(repr(value) if isinstance(value, float) else value)
    except (InvalidOperation, ValueError, TypeError):
        return None


def _is_whole(number: Decimal) -> bool:
    # the exponent first: to expand 1e999999999 would take all memory
    return number.is_finite() and number.adjusted() <= _BIGGEST_EXPONENT and number == number.to_integral_value()


def _float(value: Any) -> Optional[float]:
    """The double of a text or Python number; None where it is none or only rounds to infinity."""
    if isinstance(_plain(value), (bool, list, tuple, dict)):
        return None
    if isinstance(value, TypedText):  # YAML writes .nan and .inf
        value = value.value if value.text.lstrip("+-").lower() in (".nan", ".inf") else value.text
    try:
        number = float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if math.isinf(number) and isinstance(value, str) and value.strip().lstrip("+-").lower() not in _INFINITIES:
        return None
    return number


def _text_of(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return repr(number) if math.isfinite(number) else "Infinity" if number > 0 else "-Infinity"
