"""Values too long for a Java literal: they arrive whole, and the session is whole after them."""

import random
import struct

import papermill
import pytest

from tests.papermill_java.notebooks import notebook, printed

pytestmark = pytest.mark.slow

DICE = random.Random(7)
ODD = "".join(chr(code) for code in range(1, 0x3000)) + "😀"  # every separator that could be thought of

LONG = {
    # name: (declared, value)
    "ascii": ("String", "0123456789" * 7_000),
    "three_bytes": ("String", "€" * 70_000),
    "emoji": ("String", "x" + "😀" * 70_000),
    "odd": ("String", ODD * 6),
    "ints": ("List<Integer>", [DICE.randrange(-(2**31), 2**31) for _ in range(100_000)]),
    "doubles": ("double[]", [DICE.gauss(0, 1) for _ in range(100_000)]),
    "nullable": ("List<Long>", [None if i % 1000 == 0 else i for i in range(20_000)]),
    "texts": ("List<String>", [None, "", ",", "\n", "null", *(f"Apple Braeburn {i},\n" for i in range(20_000)), ""]),
    "odd_texts": ("List<String>", [ODD] * 3),
    "map": ("Map<String, Integer>", {f"class {i}": i for i in range(20_000)}),
    "rows": ("List<List<Integer>>", [[i, i + 1, i + 2] for i in range(1_000)]),
    "centroids": ("Map<String, List<Double>>", {f"class {i}": [DICE.random() for _ in range(2048)] for i in range(4)}),
    "counts": ("Map<String, Map<String, Integer>>", {f"{{{c}}}": {str(i): i for i in range(300)} for c in "abcd"}),
    "matrix": ("double[][]", [[DICE.random() for _ in range(250)] for _ in range(5)]),
    "mixed": ("List<Object>", [i if i % 2 else f"text {i}" for i in range(1_500)]),
    "bounded": ("List<? extends Number>", list(range(1_500))),
    "deep": ("Map<String, Map<String, List<String>>>", {"a": {"x": ["é" * 9_000] * 9, "y": []}, "b": {}}),
    "text": ("List<Integer>", list(range(2_000))),  # named as a local variable of the written code
    "as_json": ("List<Integer>", list(range(5_000))),
}


def utf16_units(text):
    data = text.encode("utf-16-be")
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def java_hash(value):
    """hashCode as the Java documentation defines it for String, List, Map, Integer, Long, null."""
    if value is None:
        return 0
    if isinstance(value, str):
        total = 0
        for unit in utf16_units(value):
            total = total * 31 + unit & 0xFFFFFFFF
        return total
    if isinstance(value, list):
        total = 1
        for item in value:
            total = total * 31 + java_hash(item) & 0xFFFFFFFF
        return total
    if isinstance(value, dict):
        return sum(java_hash(key) ^ java_hash(item) for key, item in value.items()) & 0xFFFFFFFF
    if isinstance(value, float):
        bits = struct.unpack(">Q", struct.pack(">d", value))[0]
        return (bits ^ bits >> 32) & 0xFFFFFFFF
    return value & 0xFFFFFFFF


@pytest.fixture(scope="module")
def seen():
    nb = notebook(
        "\n".join(f"{kind} {name} = null;" for name, (kind, _) in LONG.items()),
        "int before = 1;",
        "String hash(Object o) { return Integer.toHexString(Arrays.deepHashCode(new Object[] {o}) - 31); }",
        "\n".join(f'System.out.println("{name} " + hash({name}));' for name in LONG),
        'System.out.println("length " + three_bytes.length() + " " + emoji.codePointCount(0, emoji.length()));',
        'System.out.println("order " + new ArrayList<>(map.keySet()).subList(0, 3));',
        "class Later { int v = before + 1; }",
        'System.out.println("later " + new Later().v);',
    )
    parameters = {name: value for name, (_, value) in LONG.items()}
    parameters["as_json"] = str(parameters["as_json"])
    ran = papermill.execute_notebook(nb, None, parameters=parameters, progress_bar=False)
    return dict(line.split(" ", 1) for line in printed(ran).splitlines())


@pytest.mark.parametrize("name", LONG)
def test_it_arrives_whole(seen, name):
    assert seen[name] == f"{java_hash(LONG[name][1]):x}"


def test_lengths_and_order(seen):
    assert seen["length"] == "70000 70001"
    assert seen["order"] == "[class 0, class 1, class 2]"


def test_the_session_goes_on(seen):
    """A literal that is too long leaves JShell without the definitions that follow."""
    assert seen["later"] == "2"
