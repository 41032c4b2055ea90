"""The table of values: what is passed, what Java is written, and what the kernel must see.

`seen` is the static type that the compiler sees (`int`, `Object` for every reference type), and the value as `SEE` prints it.
"""

NAN, INF = float("nan"), float("inf")

VALUES = [
    # declared, value, Java, seen
    # numbers
    ("int", 5, "5", "int 5"),
    ("int", "5", "5", "int 5"),
    ("int", " 5 ", "5", "int 5"),
    ("int", 5.0, "5", "int 5"),
    ("int", "1e3", "1000", "int 1000"),
    ("int", "007", "7", "int 7"),
    ("int", -2147483648, "-2147483648", "int -2147483648"),
    ("int", "-0", "0", "int 0"),
    ("long", 5, "5L", "long 5"),
    ("long", 3000000000, "3000000000L", "long 3000000000"),
    ("long", "-9223372036854775808", "-9223372036854775808L", "long -9223372036854775808"),
    ("short", 5, "(short) 5", "short 5"),
    ("byte", "-128", "(byte) -128", "byte -128"),
    ("double", 12, "12.0", "double 12.0"),
    ("double", "12", "12.0", "double 12.0"),
    ("double", "1e-7", "1e-07", "double 1.0E-7"),
    ("double", "-0.0", "-0.0", "double -0.0"),
    ("double", 1e22, "1e+22", "double 1.0E22"),
    ("double", "NaN", "Double.NaN", "double NaN"),
    ("double", NAN, "Double.NaN", "double NaN"),
    ("double", INF, "Double.POSITIVE_INFINITY", "double Infinity"),
    ("double", "-Infinity", "Double.NEGATIVE_INFINITY", "double -Infinity"),
    ("float", 0.1, "0.1f", "float 0.1"),
    ("float", "NaN", "Float.NaN", "float NaN"),
    ("Integer", "5", "5", "Object Integer 5"),
    ("Long", 5, "5L", "Object Long 5"),
    ("Double", 5, "5.0", "Object Double 5.0"),
    ("Float", "-inf", "Float.NEGATIVE_INFINITY", "Object Float -Infinity"),
    ("Short", 5, "(short) 5", "Object Short 5"),
    ("Byte", 5, "(byte) 5", "Object Byte 5"),
    ("BigInteger", 9223372036854775808, 'new BigInteger("9223372036854775808")', "Object BigInteger 9223372036854775808"),
    ("BigDecimal", "1.10", 'new BigDecimal("1.10")', "Object BigDecimal 1.10"),
    ("java.math.BigDecimal", 12, 'new java.math.BigDecimal("12")', "Object BigDecimal 12"),
    ("Number", "2.5", "2.5", "Object Double 2.5"),
    ("Object", 3000000000, "3000000000L", "Object Long 3000000000"),
    ("Object", 9223372036854775808, 'new java.math.BigInteger("9223372036854775808")',
     "Object BigInteger 9223372036854775808"),
    # booleans and characters
    ("boolean", True, "true", "boolean true"),
    ("boolean", "true", "true", "boolean true"),
    ("boolean", "True", "true", "boolean true"),
    ("Boolean", "FALSE", "false", "Object Boolean false"),
    ("char", "x", "'x'", "char x"),
    ("char", 7, "'7'", "char 7"),
    ("char", "'", "'\\''", "char '"),
    ("char", '"', "'\"'", 'char "'),
    ("char", "\\", "'\\\\'", "char \\"),
    ("Character", "\u20ac", "'\\u20ac'", "Object Character <20ac>"),
    # text stays what was typed
    ("String", "-5", '"-5"', "Object String -5"),
    ("String", "007", '"007"', "Object String 007"),
    ("String", "True", '"True"', "Object String True"),
    ("String", "None", '"None"', "Object String None"),
    ("String", "null", '"null"', "Object String null"),
    ("String", "1.10", '"1.10"', "Object String 1.10"),
    ("String", "[1, 2]", '"[1, 2]"', "Object String [1, 2]"),
    ("String", "", '""', "Object String "),
    ("String", None, "null", "Object null"),
    ("String", True, '"true"', "Object String true"),
    ("String", 7, '"7"', "Object String 7"),
    ("String", "é", '"\\u00e9"', "Object String <e9>"),
    ("String", "😀", '"\\ud83d\\ude00"', "Object String <d83d><de00>"),
    ("String", 'a"b\\c\nd\te\rf\bg\fh', '"a\\"b\\\\c\\nd\\te\\rf\\bg\\fh"',
     'Object String a"b\\c<a>d<9>e<d>f<8>g<c>h'),
    ("String", "\0001\x1a\x7f\x85\u2028", '"\\0001\\032\\177\\u0085\\u2028"', "Object String <0>1<1a><7f><85><2028>"),
    ("String", "\\u0041 \\\\u0041 \\é", '"\\\\u0041 \\\\\\\\u0041 \\\\\\u00e9"', "Object String \\u0041 \\\\u0041 \\<e9>"),
    ("String", "// /* ; } %time a=%b = %c", '"// /* ; } %time a=\\u0025b = \\u0025c"',
     "Object String // /* ; } %time a=%b = %c"),
    ("String", "a\\\"=%time 1", '"a\\\\\\"=\\u0025time 1"', 'Object String a\\"=%time 1'),
    ("CharSequence", "x", '"x"', "Object String x"),
    # null takes the declared type
    ("Long", None, "null", "Object null"),
    ("Long", "null", "null", "Object null"),
    ("Integer", "None", "null", "Object null"),
    ("List<String>", None, "null", "Object null"),
    ("Map<String, Integer>", "null", "null", "Object null"),
    # lists, sets, arrays
    ("List<String>", ["a", "b"], 'List.of("a", "b")', "Object List [String a, String b]"),
    ("List<String>", [], "List.of()", "Object List []"),
    ("List<String>", ["a", None], 'java.util.Arrays.<String>asList("a", null)', "Object List [String a, null]"),
    ("List<String>", [None], "java.util.Arrays.<String>asList((String) null)", "Object List [null]"),
    ("List<String>", '["é\\ud83d\\ude00", "None", "null", null, 1.10, 7]',
     'java.util.Arrays.<String>asList("\\u00e9\\ud83d\\ude00", "None", "null", null, "1.10", "7")',
     "Object List [String <e9><d83d><de00>, String None, String null, null, String 1.10, String 7]"),
    ("List<String>", "[007, yes, 1.10, 2026-11-01, ~]",
     'java.util.Arrays.<String>asList("007", "yes", "1.10", "2026-11-01", null)',
     "Object List [String 007, String yes, String 1.10, String 2026-11-01, null]"),
    ("List<String>", "- a\n- b\n", 'List.of("a", "b")', "Object List [String a, String b]"),
    ("List<Integer>", "[1, null, '3']", "java.util.Arrays.<Integer>asList(1, null, 3)",
     "Object List [Integer 1, null, Integer 3]"),
    ("List<Double>", [1, 2.5, "NaN"], "List.of(1.0, 2.5, Double.NaN)", "Object List [Double 1.0, Double 2.5, Double NaN]"),
    ("List<Double>", "[.nan, -.inf, 1]", "List.of(Double.NaN, Double.NEGATIVE_INFINITY, 1.0)",
     "Object List [Double NaN, Double -Infinity, Double 1.0]"),
    ("List<Boolean>", "[yes, False, 'true']", "List.of(true, false, true)",
     "Object List [Boolean true, Boolean false, Boolean true]"),
    ("java.util.List<Long>", [1], "java.util.List.of(1L)", "Object List [Long 1]"),
    ("List<? extends Number>", [1, 2.5], "List.of(1, 2.5)", "Object List [Integer 1, Double 2.5]"),
    ("List", [1, 3000000000], "List.of(1L, 3000000000L)", "Object List [Long 1, Long 3000000000]"),
    ("List<Object>", [1, "a", [True]], 'List.of(1, "a", List.of(true))',
     "Object List [Integer 1, String a, List [Boolean true]]"),
    ("List<List<Integer>>", "[[1], [], [2, 3]]", "List.of(List.of(1), List.of(), List.of(2, 3))",
     "Object List [List [Integer 1], List [], List [Integer 2, Integer 3]]"),
    ("List<String[]>", [["a"]], 'List.<String[]>of(new String[] {"a"})', "Object List [Array [String a]]"),
    ("Collection<Integer>", [1], "java.util.List.of(1)", "Object List [Integer 1]"),
    ("ArrayList<Integer>", [1], "new java.util.ArrayList<Integer>(java.util.List.of(1))", "Object List [Integer 1]"),
    ("ArrayList<Integer>", [], "new java.util.ArrayList<Integer>()", "Object List []"),
    ("Set<String>", ["b", "a", "b"], 'new java.util.LinkedHashSet<String>(java.util.List.of("b", "a", "b"))',
     "Object Set [String b, String a]"),
    ("TreeSet<String>", ["b", "a"], 'new java.util.TreeSet<String>(java.util.List.of("b", "a"))',
     "Object Set [String a, String b]"),
    ("int[]", [1, 2], "new int[] {1, 2}", "Object Array [Integer 1, Integer 2]"),
    ("int[]", "[100, 224]", "new int[] {100, 224}", "Object Array [Integer 100, Integer 224]"),
    ("double[][]", [[1], []], "new double[][] {new double[] {1.0}, new double[] {}}",
     "Object Array [Array [Double 1.0], Array []]"),
    ("String[]", ["a", None], 'new String[] {"a", null}', "Object Array [String a, null]"),
    ("List<String>[]", [["a"]], 'new List[] {List.of("a")}', "Object Array [List [String a]]"),
    # maps
    ("Map<String, Integer>", {}, "Map.of()", "Object Map []"),
    ("Map<String, Integer>", {"a": 1}, 'Map.of("a", 1)', "Object Map [String a, Integer 1]"),
    ("Map<String, Integer>", '{"b": 1, "a": null}',
     'new java.util.LinkedHashMap<String, Integer>();\n{ p.put("b", 1); p.put("a", null); }',
     "Object Map [String b, Integer 1, String a, null]"),
    ("Map<Integer, Double>", "{2: 1, 1: 2}",
     "new java.util.LinkedHashMap<Integer, Double>();\n{ p.put(2, 1.0); p.put(1, 2.0); }",
     "Object Map [Integer 2, Double 1.0, Integer 1, Double 2.0]"),
    ("Map<String, List<Integer>>", {"a": [1], "b": []},
     "new java.util.LinkedHashMap<String, List<Integer>>();\n"
     '{ p.put("a", List.<Integer>of(1)); p.put("b", List.<Integer>of()); }',
     "Object Map [String a, List [Integer 1], String b, List []]"),
    ("List<Map<String, Integer>>", [{"b": 1, "a": 2}],
     "new java.util.ArrayList<Map<String, Integer>>();\n"
     '{ p.add(new java.util.LinkedHashMap<String, Integer>()); p.get(0).put("b", 1); p.get(0).put("a", 2); }',
     "Object List [Map [String b, Integer 1, String a, Integer 2]]"),
    ("Map<String, Object>", {"a": {"x": 1, "y": 2}, "b": [1]},
     "new java.util.LinkedHashMap<String, Object>();\n"
     '{ p.put("a", new java.util.LinkedHashMap<String, Integer>()); ((Map<String, Integer>) p.get("a")).put("x", 1); '
     '((Map<String, Integer>) p.get("a")).put("y", 2); p.put("b", List.<Integer>of(1)); }',
     "Object Map [String a, Map [String x, Integer 1, String y, Integer 2], String b, List [Integer 1]]"),
    ("TreeMap<String, Integer>", {"b": 1},
     'new java.util.TreeMap<String, Integer>();\n{ p.put("b", 1); }', "Object Map [String b, Integer 1]"),
]  # fmt: skip

# Overloads show the static type; `see` shows the value, characters beyond ASCII as <code unit>.
SEE = r"""
String see(Object o) {
    if (o == null) return "null";
    if (o.getClass().isArray()) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < java.lang.reflect.Array.getLength(o); i++) items.add(see(java.lang.reflect.Array.get(o, i)));
        return "Array [" + String.join(", ", items) + "]";
    }
    if (o instanceof Map) {
        List<String> items = new ArrayList<>();
        for (Map.Entry<?, ?> e : ((Map<?, ?>) o).entrySet()) { items.add(see(e.getKey())); items.add(see(e.getValue())); }
        return "Map [" + String.join(", ", items) + "]";
    }
    if (o instanceof Collection) {
        List<String> items = new ArrayList<>();
        for (Object item : (Collection<?>) o) items.add(see(item));
        return (o instanceof List ? "List [" : "Set [") + String.join(", ", items) + "]";
    }
    return o.getClass().getSimpleName() + " " + plain(o);
}
String plain(Object o) {
    StringBuilder out = new StringBuilder();
    for (char c : String.valueOf(o).toCharArray()) out.append(c < 32 || c > 126 ? "<" + Integer.toHexString(c) + ">" : c);
    return out.toString();
}
String sight(boolean v) { return "boolean " + v; }
String sight(byte v) { return "byte " + v; }
String sight(short v) { return "short " + v; }
String sight(char v) { return "char " + plain(v); }
String sight(int v) { return "int " + v; }
String sight(long v) { return "long " + v; }
String sight(float v) { return "float " + v; }
String sight(double v) { return "double " + v; }
String sight(Object v) { return "Object " + see(v); }
"""
