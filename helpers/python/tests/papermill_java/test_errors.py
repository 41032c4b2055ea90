"""What cannot be passed: one sentence with the name, the declared type, the value and the way out."""

import papermill
import pytest
from papermill.exceptions import PapermillException

from tests.papermill_java.notebooks import injected, notebook

CELL = """String images = "data-sample";
int k = 2;
Integer limit = null;
String output = null;
"""

MISFITS = [
    # declared, value, message after "Parameter 'p' is declared "
    ("int", "abc", "int, and 'abc' does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", 2.5, "int, and 2.5 does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", "2.5", "int, and '2.5' does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", 3000000000, "int, and 3000000000 does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", "", "int, and '' does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", "1e999999999", "int, and '1e999999999' does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", "NaN", "int, and 'NaN' does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", True, "int, and True does not fit: give a whole number from -2147483648 to 2147483647."),
    ("int", None, "int, and None does not fit: give a value, or declare it Integer to allow null."),
    ("int", "null", "int, and 'null' does not fit: give a value, or declare it Integer to allow null."),
    ("byte", 128, "byte, and 128 does not fit: give a whole number from -128 to 127."),
    ("Long", 2**63, "Long, and 9223372036854775808 does not fit: "
     "give a whole number from -9223372036854775808 to 9223372036854775807."),
    ("double", "abc", "double, and 'abc' does not fit: give a number, NaN, Infinity or -Infinity."),
    ("double", "1e999", "double, and '1e999' does not fit: give a number, NaN, Infinity or -Infinity."),
    ("double", 10**400, "double, and 10000000000000000000000000000000000000000000000000000000...0 does not fit: "
     "give a number, NaN, Infinity or -Infinity."),
    ("float", "1e39", "float, and '1e39' does not fit: give a number that a float holds, NaN, Infinity or -Infinity."),
    ("float", "1e-60", "float, and '1e-60' does not fit: give a number that a float holds, NaN, Infinity or -Infinity."),
    ("boolean", "yes", "boolean, and 'yes' does not fit: give true or false."),
    ("boolean", 1, "boolean, and 1 does not fit: give true or false."),
    ("char", "😀", "char, and '😀' does not fit: give one character of the basic plane (an emoji needs a String)."),
    ("BigInteger", "1.5", "BigInteger, and '1.5' does not fit: give a whole number."),
    ("BigDecimal", "NaN", "BigDecimal, and 'NaN' does not fit: give a decimal number, as 1.10."),
    ("Number", "abc", "Number, and 'abc' does not fit: give a number."),
    ("String", [1], "String, and [1] does not fit: give text."),
    ("List<String>", "a,b", "List<String>, and 'a,b' does not fit: give a list, as [a, b]."),
    ("List<String>", "", "List<String>, and '' does not fit: give a list, as [a, b]."),
    ("List<String>", "[a", "List<String>, and '[a' does not fit: give a list, as [a, b]."),
    ("int[]", 5, "int[], and 5 does not fit: give a list, as [a, b]."),
    ("Map<String, Integer>", "[1]", "Map<String, Integer>, and '[1]' does not fit: give a map, as {\"a\": 1}."),
    ("int", "x" * 1000, f"int, and '{'x' * 55}...' does not fit: give a whole number from -2147483648 to 2147483647."),
    ("Path", "x", "Path, a type that cannot be passed in: "
     "declare it String, a number, boolean, List or Map and convert it in the cell after."),
]  # fmt: skip


def message(cell, **parameters):
    with pytest.raises(PapermillException) as error:
        injected(cell, **parameters)
    return str(error.value)


@pytest.mark.parametrize("kind, value, expected", MISFITS)
def test_a_value_that_does_not_fit(kind, value, expected):
    assert message(f"{kind} p = null;", p=value) == f"Parameter 'p' is declared {expected}"


def test_an_element_that_does_not_fit_is_named():
    assert message("Map<String, List<Integer>> p = null;", p='{"a": [1, "b"]}') == (
        "Parameter 'p['a'][1]' is declared Integer, and 'b' does not fit: give a whole number from -2147483648 to 2147483647."
    )


def test_a_list_in_place_of_an_element_is_shown_as_typed():
    assert message("List<Boolean> p = null;", p="[[1.10, a]]") == (
        "Parameter 'p[0]' is declared Boolean, and [1.10, 'a'] does not fit: give true or false."
    )


def test_a_set_takes_no_elements_that_need_statements():
    assert message("Set<Map<String, Integer>> p = null;", p='[{"a": 1, "b": 2}]') == (
        "Parameter 'p' is declared Set<Map<String, Integer>> with elements too long for a set: declare it List."
    )


def test_a_map_takes_no_keys_that_need_statements():
    assert message("Map<List<Integer>, Integer> p = null;", p={tuple(range(9999)): 1}) == (
        "Parameter 'p' is declared Map<List<Integer>, Integer> with a key too long for a map: use text or a number as the key."
    )


def test_a_var_of_unknown_type():
    assert message("var p = 3 + 4;", p=5) == (
        "Parameter 'p' is declared var with the default 3 + 4, which does not tell its type: "
        "declare it with its type to pass it in."
    )


def test_bytes_that_are_not_text():
    expected = "Parameter 'p' holds bytes that are not UTF-8 ('a\\udcff'): give it as UTF-8 text."
    assert message("String p;", p="a\udcff") == expected


NAMES = [
    ("limt", "Unknown parameter 'limt': this notebook takes images, k, limit, output. Did you mean limit?"),
    ("LIMIT", "Unknown parameter 'LIMIT': this notebook takes images, k, limit, output. Did you mean limit?"),
    ("zebra", "Unknown parameter 'zebra': this notebook takes images, k, limit, output."),
    ("class", "'class' is a keyword of Java, so it cannot name a parameter: use another name."),
    ("a-b", "'a-b' is not a Java identifier, so it cannot name a parameter: use letters, digits and _, no digit first."),
    ("1a", "'1a' is not a Java identifier, so it cannot name a parameter: use letters, digits and _, no digit first."),
]


@pytest.mark.parametrize("name, expected", NAMES)
def test_a_name_that_is_not_taken(name, expected):
    assert message(CELL, **{name: 1}) == expected


def test_a_notebook_that_takes_nothing():
    assert message("// nothing yet", k=1) == "Unknown parameter 'k': this notebook takes none."


def test_no_tagged_cell():
    expected = (
        "The notebook has no cell tagged 'parameters', so 'k' cannot be passed: tag the cell that declares the parameters."
    )
    assert message(None, k=1) == expected
    papermill.inspect_notebook(notebook(CELL))  # another notebook, inspected before, is not taken for this one
    assert message(None, k=1) == expected


def test_papermill_adds_its_own_paths():
    assert injected(CELL, PAPERMILL_INPUT_PATH="in.ipynb") == 'String PAPERMILL_INPUT_PATH = "in.ipynb";'
    assert injected(None, PAPERMILL_INPUT_PATH="in.ipynb") == 'String PAPERMILL_INPUT_PATH = "in.ipynb";'


def test_a_translator_that_was_told_of_a_cell_uses_it_once():
    from papermill_java.translator import JavaTranslator

    JavaTranslator.inspect(notebook("double p = 1;").cells[0])
    assert JavaTranslator.codify({"p": 12}) == "// Parameters\ndouble p = 12.0;\n"
    assert JavaTranslator.codify({"p": 12}) == "// Parameters\nint p = 12;\n"
