"""Java statements that declare a variable with a fitted value, of any size.

A method holds 64 KB of bytecode and a class 65,535 constants, and JShell makes a class of every statement at the top of a cell;
JJava reads the rest of the cell again for each. So there are three ways, from the readable to the long:
one expression; many plain values as one text that is split when it runs (few constants, one statement, fast);
anything nested or mixed as `add` and `put` in blocks (slow beyond some 10,000 elements, but it takes all).
"""

from collections.abc import Iterator, Sequence
from typing import Optional

from . import literals
from .errors import ParameterError
from .fitting import Entries, Fitted, Items, Scalar
from .javatypes import MAPS, OBJECT, SEQUENCES, SETS, JavaType

# In characters of source; a character stands for four bytes of bytecode at the most (`1,` in a list is nine).
_READABLE = 300
_EXPRESSION = 4_000
_BLOCK = 10_000

_TEXT_READERS = {
    "boolean": "Boolean.valueOf({})",
    "byte": "Byte.valueOf({})",
    "short": "Short.valueOf({})",
    "int": "Integer.valueOf({})",
    "long": "Long.valueOf({})",
    "float": "Float.valueOf({})",
    "double": "Double.valueOf({})",
    "char": "{}.charAt(0)",
    "BigInteger": "new java.math.BigInteger({})",
    "BigDecimal": "new java.math.BigDecimal({})",
    "String": "{}",
    "CharSequence": "{}",
}
_READERS = {**_TEXT_READERS, **{JavaType(name).boxed.name: reader for name, reader in _TEXT_READERS.items()}}


def declare(name: str, declared: JavaType, value: Fitted) -> str:
    """Statements that leave `name`, of type `declared`, with `value`."""
    code = _expression(value, witness=False)
    if code is not None and len(code) > _READABLE:
        code = _expression(value)
    if code is not None:
        return f"{declared} {name} = {code};"
    lines = [f"{declared} {name} = {_empty(value)};"]
    target = name if declared == value.type else f"(({value.type}) {name})"
    block: list[str] = []
    for statement in _fill(target, value, _local("text", name), _local("i", name)):
        if block and sum(map(len, block)) + len(statement) > _BLOCK:
            lines.append(_block(block))
            block = []
        block.append(statement)
    return "\n".join([*lines, _block(block)])


def _block(statements: list[str]) -> str:
    alone = len(statements) == 1 and statements[0].startswith("{")
    return statements[0] if alone else f"{{ {' '.join(statements)} }}"


def _local(name: str, parameter: str) -> str:
    """A name for a local variable that does not hide the parameter."""
    return name if name != parameter else f"{name}_"


def _expression(value: Fitted, witness: bool = True) -> Optional[str]:
    """One expression, or None: a map of two entries has none that keeps their order, and a long one would not compile.

    `witness` spells the types (`List.<Long>of(1L)`): less readable, but javac infers nothing, which makes it 5 times faster.
    """
    if isinstance(value, Scalar):
        return value.code
    parts = _parts(value)
    codes: list[str] = []
    length = 0
    for part in parts:
        code = _expression(part, witness)
        length += len(code or "") + 2
        if code is None or length > _EXPRESSION:
            return None
        codes.append(code)
    has_null = any(isinstance(part, Scalar) and part.text is None for part in parts)
    return _items(value, codes, has_null, witness) if isinstance(value, Items) else _entries(value, codes, has_null, witness)


def _parts(value: Fitted) -> Sequence[Fitted]:
    """The elements; keys and values of a map one after the other; none of a single value."""
    if isinstance(value, Entries):
        return [part for pair in value.pairs for part in pair]
    return value.items if isinstance(value, Items) else ()


def _items(value: Items, codes: list[str], has_null: bool, witness: bool) -> str:
    kind, inside = value.type, ", ".join(codes)
    if kind.is_array:
        return f"new {_erased(kind)} {{{inside}}}"
    is_interface = kind.simple in ("List", "Collection", "Iterable")
    factory = kind.name if kind.simple == "List" else "java.util.List"
    if has_null:
        # `asList(null)` would be no array at all, and List.of takes no null
        items = f"java.util.Arrays.<{kind.args[0]}>asList({inside if len(codes) > 1 else f'({kind.args[0]}) null'})"
    else:
        # without the witness, a single array would be taken for the elements
        witness = witness or kind.args[0].is_array
        items = f"{factory}.{f'<{kind.args[0]}>' if witness else ''}of({inside})"
    return items if is_interface else _new(kind, items if codes else "")


def _entries(value: Entries, codes: list[str], has_null: bool, witness: bool) -> Optional[str]:
    kind = value.type
    if kind.simple != "Map":
        return None if codes else _new(kind)
    if len(codes) > 2 or has_null:  # Map.of takes no null, and gives its entries in another order in every run
        return None
    return f"{kind.name}.{f'<{kind.args[0]}, {kind.args[1]}>' if witness else ''}of({', '.join(codes)})"


def _empty(value: Fitted) -> str:
    if not value.type.is_array:
        return _new(value.type)
    inner = _erased(value.type)
    base, dims = inner.split("[", 1)
    return f"new {base}[{len(_parts(value))}]{dims[1:]}"


def _new(kind: JavaType, argument: str = "") -> str:
    implementation = {**SEQUENCES, **SETS, **MAPS}[kind.simple]
    return f"new {JavaType(implementation, kind.args)}({argument})"


def _erased(kind: JavaType) -> str:
    """Java creates no arrays of generic types."""
    return str(JavaType(kind.name, (), kind.dims))


def _fill(target: str, value: Fitted, text: str, i: str) -> Iterator[str]:
    """Statements that put the elements into the empty container that `target` is; each is small but for its literals."""
    as_text = _fill_from_text(target, value, text, i)
    if as_text is not None:
        yield as_text
    elif isinstance(value, Items):
        in_set = value.type.simple in SETS and not value.type.is_array
        for index, item in enumerate(value.items):
            code = _expression(item)
            if code is None and in_set:
                raise ParameterError(
                    f"Parameter '{target}' is declared {value.type} with elements too long for a set: declare it List."
                )
            if value.type.is_array:
                place = f"{target}[{index}]"
                yield f"{place} = {code or _empty(item)};"
            else:
                place = f"{target}.get({index})"
                yield f"{target}.add({code or _empty(item)});"
            if code is None:
                yield from _fill(_cast(place, value.type.element or OBJECT, item), item, text, i)
    elif isinstance(value, Entries):
        for key, entry in value.pairs:
            key_code, code = _expression(key), _expression(entry)
            if key_code is None:
                raise ParameterError(
                    f"Parameter '{target}' is declared {value.type} with a key too long for a map: "
                    f"use text or a number as the key."
                )
            yield f"{target}.put({key_code}, {code or _empty(entry)});"
            if code is None:
                yield from _fill(_cast(f"{target}.get({key_code})", value.type.args[1], entry), entry, text, i)


def _cast(get: str, declared: JavaType, item: Fitted) -> str:
    return get if declared == item.type else f"(({item.type}) {get})"


def _fill_from_text(target: str, value: Fitted, text: str, i: str) -> Optional[str]:
    """One loop over a text that holds every element, if all are plain values of one type and they are many."""
    parts = [part for part in _parts(value) if isinstance(part, Scalar)]
    kinds = value.type.args if isinstance(value, Entries) else (value.type.element or OBJECT,)
    if len(parts) < 100 and sum(len(part.code) for part in parts) < _EXPRESSION:
        return None
    if len(parts) < len(_parts(value)) or not all(not kind.is_array and kind.simple in _READERS for kind in kinds):
        return None
    marks = _marks([part.text for part in parts if part.text is not None])
    if marks is None:
        return None
    separator, null = marks
    joined = literals.string(separator.join(null if part.text is None else part.text for part in parts))
    split = f"{joined}.split({literals.quoted(separator)}, -1)"

    def read(kind: JavaType, local: str) -> str:
        code = _READERS[kind.simple].format(local)
        nullable = any(part.text is None for part in parts)
        return f"{local}.equals({literals.quoted(null)}) ? null : {code}" if nullable else code

    if isinstance(value, Entries):
        key, entry = read(kinds[0], f"{text}[{i}]"), read(kinds[1], f"{text}[{i} + 1]")
        return (
            f"{{ String[] {text} = {split}; for (int {i} = 0; {i} < {text}.length; {i} += 2) {target}.put({key}, {entry}); }}"
        )
    if value.type.is_array:
        element = read(kinds[0], f"{text}[{i}]")
        return f"{{ String[] {text} = {split}; for (int {i} = 0; {i} < {text}.length; {i}++) {target}[{i}] = {element}; }}"
    return f"for (String {text} : {split}) {target}.add({read(kinds[0], text)});"


def _marks(texts: list[str]) -> Optional[list[str]]:
    """Two characters, for the separator and for null, that no text holds and that mean nothing in a regular expression."""
    used = set().union(*texts)
    free = [mark for mark in [",", "\n", ";", "~", *map(chr, range(0xE000, 0xE400))] if mark not in used]
    return free[:2] if len(free) > 1 else None
