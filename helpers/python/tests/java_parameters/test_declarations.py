"""What is read from a `parameters` cell."""

import pytest

from java_parameters.declarations import read_declarations

ONE = [
    # source, name, type, default, help
    ('String images = "data-sample";', "images", "String", '"data-sample"', ""),
    ("int k = 2;", "k", "int", "2", ""),
    ("int k = 2", "k", "int", "2", ""),
    ("int k = 2 // components", "k", "int", "2", "components"),
    ("double variance = 0.95; // how much is kept", "variance", "double", "0.95", "how much is kept"),
    ("double variance = 0.95; /* how much */", "variance", "double", "0.95", "how much"),
    ('List<String> xs = List.of("a");', "xs", "List<String>", 'List.of("a")', ""),
    ("Map<String,Integer> m = Map.of();", "m", "Map<String, Integer>", "Map.of()", ""),
    ("Map<String, List<Map<String, Long>>> m = null;", "m", "Map<String, List<Map<String, Long>>>", "null", ""),
    ("java.util.List<? extends Number> n = List.of();", "n", "java.util.List<? extends Number>", "List.of()", ""),
    ("Long limit = null;", "limit", "Long", "null", ""),
    ("final int k = 2;", "k", "int", "2", ""),
    ('@SuppressWarnings("a; b") private static final int k = 2;', "k", "int", "2", ""),
    ("int[] sizes = {100, 224}; // pixels", "sizes", "int[]", "{100, 224}", "pixels"),
    ("int sizes[] = {1};", "sizes", "int[]", "{1}", ""),
    ("double[][] grid = new double[2][3];", "grid", "double[][]", "new double[2][3]", ""),
    ("String url = \"s3://a//b\"; // not in 'url'", "url", "String", '"s3://a//b"', "not in 'url'"),
    ('String s = "a;b=\\"c\\", d"; // help', "s", "String", '"a;b=\\"c\\", d"', "help"),
    ("char c = ';'; // semicolon", "c", "char", "';'", "semicolon"),
    ('String t = """\n  int no = 1;\n  """; // block', "t", "String", '"""\n  int no = 1;\n  """', "block"),
    ("Map<String, Integer> m = new HashMap<String, Integer>(); // m", "m", "Map<String, Integer>",
     "new HashMap<String, Integer>()", "m"),
    ("List<Integer> xs =\n    List.of(1, // one\n        2); // two", "xs", "List<Integer>", "List.of(1, 2)", "two"),
    ("Function<Integer, Integer> f = x -> { return x; };", "f", "Function<Integer, Integer>", "x -> { return x; }", ""),
    ("int limit;", "limit", "int", "0", ""),
    ("String out; // where", "out", "String", "null", "where"),
    ("var x = 3;", "x", "int", "3", ""),
    ("var x = -3L;", "x", "long", "-3L", ""),
    ("var x = 0x10;", "x", "int", "0x10", ""),
    ("var x = 1e-3;", "x", "double", "1e-3", ""),
    ("var x = 2f;", "x", "float", "2f", ""),
    ("var x = true;", "x", "boolean", "true", ""),
    ('var x = "a";', "x", "String", '"a"', ""),
    ("var x = 'a';", "x", "char", "'a'", ""),
    ('var x = List.of("a", "b");', "x", "List", 'List.of("a", "b")', ""),
    ("var x = java.util.Map.of();", "x", "Map", "java.util.Map.of()", ""),
    ("var x = new ArrayList<String>();", "x", "ArrayList<String>", "new ArrayList<String>()", ""),
    ("var x = new int[] {1};", "x", "int[]", "new int[] {1}", ""),
    ("var x = 3 + 4;", "x", "None", "3 + 4", ""),
    ("double größe = 1.5;", "größe", "double", "1.5", ""),
]  # fmt: skip


@pytest.mark.parametrize("source, name, kind, default, help_text", ONE)
def test_one_declaration(source, name, kind, default, help_text):
    (found,) = read_declarations(source)
    assert (found.name, str(found.type), found.default, found.help) == (name, kind, default, help_text)


MANY = [
    ("int a = 1, b = 2; // both", ["int a = 1 // both", "int b = 2 // both"]),
    ("int a = 1, // first\n    b = 1; // second", ["int a = 1 // first", "int b = 1 // second"]),
    ("int a = 1; int b = 2; // of b", ["int a = 1 // ", "int b = 2 // of b"]),
    ("int a = 1, b[] = {2};", ["int a = 1 // ", "int[] b = {2} // "]),
    ("// int no = 1;\n/* int no = 2; */\nint a = 1;\n// a line of its own\n", ["int a = 1 // "]),
    ("import java.util.List;\nint a = 1;\na = 2;\nrun(a);\nif (a > 1) { int no = 1; }\nint b = 2;",
     ["int a = 1 // ", "int b = 2 // "]),
    ("int twice(int x) { return 2 * x; }\nrecord P(int x) {}\nint b = twice(1);", ["int b = twice(1) // "]),
    ("%maven a:b:1\nint a = 1;\n%time int no = 2;\nint b = 10 % 3;", ["int a = 1 // ", "int b = 10 % 3 // "]),
    ("int a = 1;\nlong a = 2;", ["long a = 2 // "]),
    ("", []),
    ("// nothing yet", []),
]  # fmt: skip


@pytest.mark.parametrize("source, expected", MANY)
def test_a_whole_cell(source, expected):
    found = [f"{one.type} {one.name} = {one.default} // {one.help}" for one in read_declarations(source)]
    assert found == expected
