"""Java types as a notebook spells them, and what kind each is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Optional

PRIMITIVES = ("boolean", "byte", "short", "char", "int", "long", "float", "double")

BOXED = {
    "boolean": "Boolean", "byte": "Byte", "short": "Short", "char": "Character",
    "int": "Integer", "long": "Long", "float": "Float", "double": "Double",
}  # fmt: skip

# Interface or class -> the class that is created to hold many values.
SEQUENCES = {
    "List": "java.util.ArrayList", "Collection": "java.util.ArrayList", "Iterable": "java.util.ArrayList",
    "ArrayList": "java.util.ArrayList", "LinkedList": "java.util.LinkedList",
}  # fmt: skip
SETS = {
    "Set": "java.util.LinkedHashSet", "LinkedHashSet": "java.util.LinkedHashSet", "HashSet": "java.util.HashSet",
    "SortedSet": "java.util.TreeSet", "NavigableSet": "java.util.TreeSet", "TreeSet": "java.util.TreeSet",
}  # fmt: skip
MAPS = {
    "Map": "java.util.LinkedHashMap", "LinkedHashMap": "java.util.LinkedHashMap", "HashMap": "java.util.HashMap",
    "SortedMap": "java.util.TreeMap", "NavigableMap": "java.util.TreeMap", "TreeMap": "java.util.TreeMap",
}  # fmt: skip

# Types that say nothing about the value: the value decides.
OPEN = ("Object", "Number")

KEYWORDS = frozenset(
    """abstract assert boolean break byte case catch char class const continue default do double else enum extends false
    final finally float for goto if implements import instanceof int interface long native new null package private
    protected public return short static strictfp super switch synchronized this throw throws transient true try void
    volatile while _""".split()
)


@dataclass(frozen=True)
class JavaType:
    """A type as spelled: `java.util.List<? extends Number>[]` has a name, arguments and dims = 1.

    A wildcard is a type named `?`, `? extends` or `? super` whose one argument is its bound.
    """

    name: str
    args: tuple["JavaType", ...] = ()
    dims: int = 0

    def __str__(self) -> str:
        if self.name.startswith("? "):
            return f"{self.name} {self.args[0]}"
        args = f"<{', '.join(map(str, self.args))}>" if self.args else ""
        return f"{self.name}{args}{'[]' * self.dims}"

    @property
    def simple(self) -> str:
        """The name without its package: what decides how a value is written."""
        return self.name.rsplit(".", 1)[-1]

    @property
    def is_array(self) -> bool:
        return self.dims > 0

    @property
    def is_sequence(self) -> bool:
        return self.is_array or self.simple in SEQUENCES or self.simple in SETS

    @property
    def is_map(self) -> bool:
        return not self.is_array and self.simple in MAPS

    @property
    def is_primitive(self) -> bool:
        return not self.is_array and self.name in PRIMITIVES

    @property
    def boxed(self) -> "JavaType":
        return replace(self, name=BOXED.get(self.name, self.name)) if not self.dims else self

    @property
    def element(self) -> Optional["JavaType"]:
        """What an array or collection holds; None where the declaration does not say (a raw `List`)."""
        if self.is_array:
            return replace(self, dims=self.dims - 1)
        return self.args[0] if self.args else None

    def without_wildcards(self) -> "JavaType":
        """`List<? extends Number>` as `List<Number>`: what values are checked against and containers created with."""
        if self.name.startswith("?"):
            return self.args[0].without_wildcards() if self.args else OBJECT
        if not self.args:
            return self
        return replace(self, args=tuple(arg.without_wildcards() for arg in self.args))


OBJECT = JavaType("Object")


def parse_type(tokens: Sequence[str], start: int = 0) -> tuple[Optional[JavaType], int]:
    """Reads a type from `tokens` at `start`; gives it and the position after it, or None where there is no type."""
    at = start
    if at < len(tokens) and tokens[at] == "?":
        at += 1
        if at < len(tokens) and tokens[at] in ("extends", "super"):
            bound, after = parse_type(tokens, at + 1)
            return (JavaType(f"? {tokens[at]}", (bound,)), after) if bound else (None, start)
        return JavaType("?"), at

    if at >= len(tokens) or not is_name_token(tokens[at]):
        return None, start
    name = tokens[at]
    at += 1
    while at + 1 < len(tokens) and tokens[at] == "." and is_name_token(tokens[at + 1]):
        name += "." + tokens[at + 1]
        at += 2

    args = []
    if at < len(tokens) and tokens[at] == "<":
        at += 1
        while at < len(tokens) and tokens[at] != ">":
            arg, at = parse_type(tokens, at)
            if arg is None:
                return None, start
            args.append(arg)
            if at < len(tokens) and tokens[at] == ",":
                at += 1
        at += 1
    dims, at = parse_dims(tokens, at)
    return JavaType(name, tuple(args), dims), at


def parse_dims(tokens: Sequence[str], start: int) -> tuple[int, int]:
    """Counts the `[]` pairs at `start`; gives their number and the position after them."""
    at = start
    while list(tokens[at : at + 2]) == ["[", "]"]:
        at += 2
    return (at - start) // 2, at


def is_name_token(token: str) -> bool:
    """Whether a token of the scanner is a name of a type or variable, or a primitive type."""
    return is_identifier(token) and (token not in KEYWORDS or token in PRIMITIVES)


def is_identifier(name: str) -> bool:
    """Whether `name` has the shape of a Java identifier (a keyword has it too); Java allows `$` where Python does not."""
    return name.replace("$", "_").isidentifier()
