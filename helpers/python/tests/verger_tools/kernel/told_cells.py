"""Cells that a kernel once got wrong without a word, their neighbours, and what each has to leave."""

from dataclasses import dataclass
from typing import Optional

NUMBERS = ", ".join(map(str, range(10_000, 20_000)))


@dataclass(frozen=True)
class Told:
    """A cell, and patterns of what it leaves: what it prints, its value, its error (name and message)."""

    source: str
    printed: str = "^$"
    value: Optional[str] = None
    error: Optional[tuple[str, str]] = None
    said: str = ""  # on stderr


def _error(name: str, message: str, source: str, **more: str) -> Told:
    return Told(source, error=(name, message), **more)


CELLS = [
    # What is too large for a class file is an error, and the session lives.
    _error("NotExecuted", r"a text in it is too large.* 65,535 bytes.*66,014 characters.*Files\.readString",
           f'String t = "{"x" * 66_000}";'),
    _error("IllegalStateException", "^$", "throw new IllegalStateException();"),
    _error("NotExecuted", "text in it is too large", f'String block = """\n{"é" * 40_000}""";'),
    _error("NotExecuted", "it is too large.*65,535 bytes of compiled code",
           f"System.out.println(java.util.stream.IntStream.of({NUMBERS}).sum());"),
    _error("NotExecuted", "it is too large", "void many() {" + "System.out.println();" * 12_000 + "}"),
    _error("NotExecuted", "it is too large", f"int[] all = {{{NUMBERS}}};"),
    _error("NotExecuted", "text in it is too large", f'class Holder {{ String t = "{"x" * 66_000}"; }}'),
    _error("NotExecuted", "text in it is too large",
           f'System.out.println("before"); String t = "{"x" * 66_000}"; System.out.println("after");',
           printed="^before\n$"),
    Told("int alive = 1; alive + 1", value="^2$"),
    Told("class Holder { int held() { return 7; } }\nnew Holder().held()", value="^7$"),
    # What JShell refuses or puts off is looked at.
    _error("CompilationException", "cannot find symbol: variable nosuch", "int i = nosuch;"),
    _error("CompilationException", "package nosuch does not exist", "import nosuch.Foo;"),
    _error("Incomplete", "does not end", "int z = ("),
    _error("CompilationException", "unclosed string literal", 'String s = "abc'),
    Told("int waits() { return later() + 1; }", said=r"waits cannot be used until a cell defines method later\(\)"),
    _error("UnresolvedReferenceException", r"waits cannot be used until a cell defines method later\(\)", "waits()"),
    Told("int later() { return 1; }\nwaits()", value="^2$"),
    Told("// only a comment"),
    Told(";"),
    # Output, in order.
    Told('for (int i = 0; i < 20_000; i++) System.out.println("row " + i);', printed=r"^row 0\n(?:row \d+\n){19998}row 19999\n$"),
    Told('System.out.print("no newline at the end");', printed="^no newline at the end$"),
    Told('System.out.println("Pêche 🍑");', printed="^Pêche 🍑\n$"),
    Told('System.out.write(0xC3); System.out.flush(); System.out.write(0xA9); System.out.flush();', printed="^é$"),
    Told('System.err.println("to the other stream");', said="^to the other stream\n$"),
    Told('new Thread(() -> System.out.println("of a thread")).start();\nThread.sleep(300);', printed="^of a thread\n$"),
    # Magics, where they may stand.
    Told('System.out.printf("""\n%d images\n%s\n""", 12, "Apfel");', printed="^12 images\nApfel\n$"),
    Told("int rest = 17\n  % 5;\nrest", value="^2$"),
    Told('/*\n%nosuch\n*/\nString c = "%s";\nc', value="^%s$"),
    Told("String.format(\"%d%%\",\n  95)", value="^95%$"),
    Told("%lsmagic", printed=r"%time  %trace\n.*%%sql"),
    _error("UndefinedMagicException", "'nosuch'.*%lsmagic", "%nosuch"),
    _error("IllegalArgumentException", "the cell has nothing below it", "%%sql"),
    # Variables keep what they hold, or the cell says that they do not.
    Told("int k = 2;"),
    Told("var m = List.of(k);"),
    Told("int k = 3;", said="m was made with the earlier k and keeps its value"),
    Told("m", value=r"^\[2\]$"),
    Told("int f() { return 7; }"),
    Told("var n = f();"),
    Told("int f() { return 8; }", said="n was made with the earlier f and keeps its value"),
    Told("n", value="^7$"),
    Told("int j1 = 1;"),
    Told("var j2 = j1 + 1;"),
    Told("int j1 = j2 * 10;", said="j2 was made with the earlier j1 and keeps its value"),
    Told("j1", value="^20$"),
    Told("var d1 = new ArrayList<>(List.of(1));"),
    Told("var e1 = new ArrayList<>(d1);"),
    Told("var d1 = new ArrayList<>(e1);\nd1", value=r"^\[1\]$", said="e1 was made with the earlier d1"),
    Told("boolean even(int n) { return n == 0 || odd(n - 1); }\nboolean odd(int n) { return n != 0 && even(n - 1); }\neven(4)",
         value="^true$", said="^$"),
    Told("int one() { return 1; }"),
    Told("int two() { return 2 * one(); }"),
    Told('String one() { return ""; }', said="^two does not fit the new one: define it again\n$"),
    _error("UnresolvedReferenceException", "^two cannot be used as it is: .*: define it again$", "two()"),
    Told("record Fruit(String name) {}\nvar apple = new Fruit(\"apple\");"),
    Told("record Fruit(String name, int size) {}", said="apple is gone, since Fruit is another now: define it again"),
    # Errors: the exception's own name and message, in a few lines.
    Told("import org.apache.spark.api.java.function.*;\nimport org.apache.spark.sql.*;\n"
         "SparkSession spark = SparkSession.builder().getOrCreate();\n"
         'Dataset<Row> df = spark.range(100).selectExpr("id", "cast(id as string) label");'),
    _error("AnalysisException", r"`labl` cannot be resolved. Did you mean .*`label`", 'df.select("labl").show();'),
    _error("AnalysisException", "Path does not exist: file:/nowhere/at/all", 'spark.read().parquet("/nowhere/at/all");'),
    _error("ParseException", "Syntax error at or near 'selec'", 'spark.sql("selec 1");'),
    _error("QueryFailed", "`nothing` cannot be found", "%%sql\nselect 1 from nothing"),
    _error("SparkException", r"^ArithmeticException: / by zero \(in task \d+ of stage \d+",
           "df.map((MapFunction<Row, Long>) r -> r.getLong(0) / 0L, Encoders.LONG()).count();"),
    _error("IllegalArgumentException", "nosuch does not exist. Available: id, label", 'df.first().getAs("nosuch");'),
    _error("NullPointerException", '^Cannot invoke "String.length\\(\\)" because "text" is null$', "String text = null;\ntext.length();"),
    _error("ClassCastException", "^class java.lang.String cannot be cast to class java.lang.Integer$",
           "Integer no = (Integer) (Object) \"x\";"),
    _error("OutOfMemoryError", "Java heap space|Requested array size", "int[] big = new int[2_000_000_000];"),
    _error("StackOverflowError", "^$", "int deep(int x) { return deep(x + 1); }\ndeep(1);"),
    _error("Exception", "^wrapped$", 'throw new Exception("wrapped", new java.io.IOException("inner"));'),
    _error("ArithmeticException", "^/ by zero$", "%%time\nint a = 1;\nint y = a / 0;"),
    _error("CompilationException", "cannot find symbol: variable nosuch", "%time nosuch"),
    _error("Mute", "its message cannot be read", "class Mute extends RuntimeException { public String getMessage() "
           "{ throw new IllegalStateException(); } }\nthrow new Mute();"),
    _error("NotExecuted", "nested too deep for the compiler, in .* characters: use a loop, or split it",
           "int big = k" + " + k" * 20_000 + ";"),
    _error("Exception", "^wrapped$", 'throw new Exception("wrapped", new java.io.IOException("inner"));'),
    Told("%trace", printed=r"java.lang.Exception: wrapped\n(?s:.*)Caused by: java.io.IOException: inner"),
    Told("1 + 1", value="^2$"),
]
