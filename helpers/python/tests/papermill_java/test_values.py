"""Every value of the table: the Java that papermill injects, and what the real kernel sees of it."""

import papermill
import pytest

from tests.papermill_java.notebooks import injected, notebook, printed
from tests.papermill_java.values import SEE, VALUES

PRIMITIVES = {"boolean": "false", "char": "'0'", **dict.fromkeys(("byte", "short", "int", "long", "float", "double"), "0")}


def declaration(kind, name):
    return f"{kind} {name} = {PRIMITIVES.get(kind, 'null')};"


@pytest.mark.parametrize("kind, value, java, seen", VALUES)
def test_injected_java(kind, value, java, seen):
    suffix = "" if java.endswith("}") and "\n" in java else ";"
    assert injected(declaration(kind, "p"), p=value) == f"{kind} p = {java}{suffix}"


@pytest.fixture(scope="module")
def sights():
    names = [f"p{i}" for i in range(len(VALUES))]
    nb = notebook(
        "\n".join(declaration(kind, name) for name, (kind, *_) in zip(names, VALUES)),
        SEE,
        "{" + "\n".join(f'System.out.println("{name} " + sight({name}));' for name in names) + "}",
    )
    parameters = {name: value for name, (_, value, *_) in zip(names, VALUES)}
    ran = papermill.execute_notebook(nb, None, parameters=parameters, progress_bar=False)
    return [line.split(" ", 1)[1] for line in printed(ran).splitlines()]


@pytest.mark.slow
def test_the_kernel_saw_every_value(sights):
    assert len(sights) == len(VALUES)


@pytest.mark.slow
@pytest.mark.parametrize("row", range(len(VALUES)), ids=lambda row: f"{VALUES[row][0]}-{row}")
def test_what_the_kernel_sees(sights, row):
    assert sights[row] == VALUES[row][3]


INFERRED = [
    # value, Java, for a caller that inspects nothing or a declared Object
    (5, "int p = 5;"),
    (3000000000, "long p = 3000000000L;"),
    (2**63, 'java.math.BigInteger p = new java.math.BigInteger("9223372036854775808");'),
    (2.5, "double p = 2.5;"),
    (True, "boolean p = true;"),
    ("a", 'String p = "a";'),
    (None, "Object p = null;"),
    ([1, None], "List<Integer> p = java.util.Arrays.<Integer>asList(1, null);"),
    ([1, 2.5], "List<Double> p = List.of(1.0, 2.5);"),
    ([1, "a"], 'List<Object> p = List.of(1, "a");'),
    ({"a": [1]}, 'Map<String, List<Integer>> p = Map.of("a", List.of(1));'),
]


@pytest.mark.parametrize("value, java", INFERRED)
def test_without_a_declaration_the_value_tells_the_type(value, java):
    from papermill_java.translator import JavaTranslator

    assert JavaTranslator.codify({"p": value}) == f"// Parameters\n{java}\n"


VARS = [
    ("var p = 3;", "5", "int p = 5;"),
    ('var p = "a";', 5, 'String p = "5";'),
    ("final var p = 0.5;", "1", "double p = 1.0;"),
    ('var p = List.of("a");', '["b"]', 'List<String> p = List.of("b");'),
    ("var p = new ArrayList<Double>();", "[]", "ArrayList<Double> p = new java.util.ArrayList<Double>();"),
]


@pytest.mark.parametrize("declared, value, java", VARS)
def test_a_var_keeps_the_type_of_its_default(declared, value, java):
    assert injected(declared, p=value) == java
