package verger.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdk.jshell.JShell;
import jdk.jshell.UnresolvedReferenceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellEvaluatorTest {

    private ClassLoader before;
    private CellEvaluator evaluator;
    private JShell shell;
    private int count;

    @BeforeEach
    void start() {
        before = Thread.currentThread().getContextClassLoader();
        evaluator = new CellEvaluator("test");
        shell = JShell.builder().executionEngine(evaluator.getExecControlProvider(), Map.of()).build();
        shell.eval("import java.util.*;");
    }

    @AfterEach
    void end() {
        shell.close();
        Thread.currentThread().setContextClassLoader(before);
    }

    private Object run(String source) {
        evaluator.begin(new Cell(++count, source));
        return evaluator.eval(shell, source);
    }

    private List<String> notes(String source) {
        evaluator.end();
        run(source);
        return evaluator.end();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "int a = 1; a + 1    | 2",
        "\"text\"            | text",
        "int b = 7           | ",
        "void f() {}         | ",
        "f();                | ",
        "// only a comment   | ",
        "Object n = null; n  | ",
        ";;                  | ",
        "1 + 1; // and so on | 2"})
    void theLastExpressionIsTheValue(String source, String value) {
        run("void f() {}");

        assertThat(Objects.toString(run(source), null)).isEqualTo(value);
    }

    static List<String> tooLargeForAClass() {
        String numbers = IntStream.range(10_000, 20_000).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        return List.of(
                "String t = \"" + "x".repeat(66_000) + "\";",
                "var t = \"\"\"\n" + "é".repeat(40_000) + "\"\"\";",
                "String half = \"" + "x".repeat(40_000) + "\" + \"" + "y".repeat(40_000) + "\";",
                "System.out.println(\"" + "x".repeat(66_000) + "\");",
                "int sum = java.util.stream.IntStream.of(" + numbers + ").sum();",
                "int[] all = {" + numbers + "};",
                "void f() {" + "System.out.println();".repeat(12_000) + "}",
                "class Big { String t = \"" + "x".repeat(66_000) + "\"; }",
                "enum Many { " + IntStream.range(0, 6_000).mapToObj(i -> "E" + i).collect(Collectors.joining(", ")) + " }");
    }

    /** JShell itself says that all is well, and does nothing from then on. */
    @ParameterizedTest
    @MethodSource("tooLargeForAClass")
    void whatIsTooLargeIsAnErrorAndTheSessionLives(String source) {
        run("int kept = 5;");

        assertThatThrownBy(() -> run(source)).isInstanceOf(CellFailure.NotExecuted.class)
                .hasMessageContaining("too large").hasMessageContaining("65,535 bytes")
                .hasMessageContaining(String.format("%,d characters", source.length()));

        assertThat(run("int next = kept + 1; next")).isEqualTo(6);
        assertThatThrownBy(() -> run("throw new IllegalStateException(\"seen\");")).hasMessage("seen");
        assertThat(run("class Big { int f() { return 1; } }\nint t = new Big().f(); t")).isEqualTo(1);
    }

    @Test
    void whatIsBeforeItInTheCellIsDone() {
        assertThatThrownBy(() -> run("int done = 1;\nString t = \"" + "x".repeat(66_000) + "\";\nint not = 2;"))
                .isInstanceOfSatisfying(CellFailure.class, e -> assertThat(e.place().orElseThrow()).hasToString("[1], line 2"));

        assertThat(run("done")).isEqualTo(1);
        assertThatThrownBy(() -> run("not")).isInstanceOf(CellFailure.NotCompiled.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "int k = 2;                  | var m = List.of(k);        | int k = 3;              | m      | [2]",
        "int f() { return 7; }       | var n = f();               | int f() { return 8; }   | n      | 7",
        "int k = 2;                  | int[] a = {k, k};          | int k = 3;              | a[1]   | 2",
        "int j1 = 1;                 | var j2 = j1 + 1;          | int j1 = j2 * 10;       | j1     | 20",
        "int k1 = 1;                 | int k2() { return k1 + 1; } var k3 = k2(); | int k1 = k3 * 10; | k1 | 20",
        "var d1 = new ArrayList<>(List.of(1)); | var e1 = new ArrayList<>(d1); | var d1 = new ArrayList<>(e1); | d1 | [1]",
        "int a1 = 1;                 | int b1 = a1; int bump() { return ++b1; } | int a1 = bump(); | b1 | 2",
        "interface A { int f(); }    | A a = () -> 1; int g = a.f(); | interface A { int f(); default int h() { return 1; } } | g | 1"})
    void aVariableKeepsItsValueWhenWhatItWasMadeWithIsDefinedAnew(String first, String second, String again, String name,
            String value) {
        run(first);
        run(second);

        run(again);

        assertThat(run(name)).asString().isEqualTo(value);
    }

    @Test
    void whichVariableAndWhyIsSaid() {
        run("int k = 2;");
        run("var m = List.of(k);");

        assertThat(notes("int k = 3;"))
                .containsExactly("m was made with the earlier k and keeps its value: run its cell again to renew it");
        assertThat(notes("int k = 4;\nvar m = List.of(k);")).isEmpty();
    }

    @Test
    void anObjectOfAnEarlierClassIsGone() {
        run("record Fruit(String name) {}");
        run("var apple = new Fruit(\"apple\"); Fruit pear = new Fruit(\"pear\"); int size = apple.name().length();");

        assertThat(notes("record Fruit(String name, int size) {}")).containsExactlyInAnyOrder(
                "apple is gone, since Fruit is another now: define it again",
                "pear is gone, since Fruit is another now: define it again");
        assertThat(run("size")).isEqualTo(5);
    }

    @Test
    void aMethodThatAnotherOneBreaksIsNamedAndSaysWhy() {
        run("int f() { return 1; }");
        run("int g() { return f(); }\nclass Holder { int held() { return f(); } }");

        assertThat(notes("String f() { return \"\"; }")).containsExactlyInAnyOrder(
                "g does not fit the new f: define it again", "Holder does not fit the new f: define it again");
        assertThatThrownBy(() -> run("g()")).isInstanceOf(CellFailure.Thrown.class).cause()
                .isInstanceOfSatisfying(UnresolvedReferenceException.class,
                        e -> assertThat(Snippets.waits(shell, e.getSnippet())).startsWith("g cannot be used as it is: ")
                                .contains("String cannot be converted to int").endsWith(": define it again"));
        assertThat(notes("int f() { return 2; }")).isEmpty();
        assertThat(run("g() + new Holder().held()")).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "boolean even(int n) { return n == 0 || odd(n - 1); }\nboolean odd(int n) { return n != 0 && even(n - 1); }",
        "class Ring { Link first; }\nclass Link { Ring of; }",
        "Tree tree;\nclass Tree {}"})
    void whatWaitsNoMoreAtTheEndOfItsCellIsNotNamed(String source) {
        assertThat(notes(source)).isEmpty();
    }

    @Test
    void aVariableThatHasWaitedForItsClassIsNotReset() {
        assertThat(notes("Foo foo;")).containsExactly("foo cannot be used until a cell defines class Foo");
        assertThat(notes("class Foo {}")).isEmpty();
        assertThat(run("foo = new Foo(); foo != null")).isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "interface Size { int of(); } | Size size = () -> 1; | interface Size { int of(); default int twice() { return 2; } }",
        "enum Size { SMALL }          | Size size = Size.SMALL; | enum Size { SMALL, LARGE }"})
    void anObjectOfAnInterfaceOrAnEnumThatIsAnotherNowIsReset(String first, String variable, String again) {
        run(first);
        run(variable);

        assertThat(notes(again)).containsExactly("size was reset, since Size is another now: run its cell again");
        assertThat(run("size")).isNull();
    }

    @Test
    void aMethodThatWaitsForAnotherSaysSo() {
        assertThat(notes("int g() { return h() + 1; }")).containsExactly("g cannot be used until a cell defines method h()");
        assertThat(notes("int h() { return 1; }")).isEmpty();
        assertThat(run("g()")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "throw new IllegalStateException();                               | [1], line 1",
        "int a = 1;⏎⏎String s = null;⏎int l = s⏎    .length();            | [1], line 5",
        "int f() {⏎  return 1 / 0;⏎}⏎⏎f();                                | [1], line 2",
        "  // before⏎  /* it */⏎  Object o = (Integer) (Object) \"x\";    | [1], line 3",
        "Runnable r = () -> {⏎  throw new RuntimeException();⏎};⏎r.run(); | [1], line 2"})
    void anExceptionHasItsLine(String source, String place) {
        CellFailure.Thrown thrown = catchThrowableOfType(CellFailure.Thrown.class, () -> run(source.replace("⏎", "\n")));

        assertThat(thrown.place().orElseThrow()).hasToString(place);
    }

    /** What runs in the place of a magic is longer than the line. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "%lsmagic⏎int x = 1 / 0;                                  | [1], line 2",
        "%lsmagic⏎⏎  void h() {⏎    int q = 1;⏎int r = q / 0;⏎  }⏎h(); | [1], line 5",
        "int a = 1;⏎%lsmagic⏎⏎// before⏎int y = a / 0;           | [1], line 5"})
    void anExceptionBelowALineMagicHasItsLine(String source, String place) {
        String cell = source.replace("⏎", "\n");
        evaluator.begin(new Cell(1, cell));

        CellFailure.Thrown thrown = catchThrowableOfType(CellFailure.Thrown.class,
                () -> evaluator.eval(shell, cell.replace("%lsmagic", "\"a text that is longer than its magic\".length();")));

        assertThat(thrown.place().orElseThrow()).hasToString(place);
    }

    @Test
    void aStatementOfSeveralLinesBelowALineMagicDoesNotCompileAtItsLine() {
        String cell = "%lsmagic\n  void h() {\n    int a = 1;\nint b = \"text\";\n  }";
        evaluator.begin(new Cell(1, cell));

        CellFailure.NotCompiled refused = catchThrowableOfType(CellFailure.NotCompiled.class,
                () -> evaluator.eval(shell, cell.replace("%lsmagic", "\"a text\".length();")));

        long error = shell.diagnostics(refused.snippet()).findFirst().orElseThrow().getPosition();
        assertThat(evaluator.snippets().place(refused.snippet(), error).orElseThrow()).hasToString("[1], line 4");
    }

    @Test
    void codeOfAnEarlierDefinitionIsShownInItsOwnCell() {
        run("int g(int q) {\n  return 1 / q;\n}");
        run("java.util.function.IntUnaryOperator op = q -> g(q);");
        run("int g(int q) {\n\n\n\n  return 2 / q;\n}");

        assertThatThrownBy(() -> run("op.applyAsInt(0)")).isInstanceOfSatisfying(CellFailure.Thrown.class, e -> {
            assertThat(e.place().orElseThrow()).hasToString("[1], line 2");
            assertThat(e.place().orElseThrow().text()).isEqualTo("return 1 / q;");
        });
        assertThatThrownBy(() -> run("g(0)")).isInstanceOfSatisfying(CellFailure.Thrown.class,
                e -> assertThat(e.place().orElseThrow()).hasToString("[3], line 5"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "class Mute extends RuntimeException { public String getMessage() { throw new IllegalStateException(); } }⏎throw new Mute();"
                + " | its message cannot be read: getMessage() threw IllegalStateException | [1], line 2",
        "Exception a = new Exception(\"first\");⏎Exception b = new Exception(\"second\", a);⏎a.initCause(b);⏎throw a;"
                + " | first | [1], line 1"})
    void anExceptionThatCannotBeToldWhollyIsNotCalledNotExecuted(String source, String message, String place) {
        assertThatThrownBy(() -> run(source.replace("⏎", "\n"))).isInstanceOfSatisfying(CellFailure.Thrown.class, e -> {
            assertThat(e).hasMessage(message);
            assertThat(e.place().orElseThrow()).hasToString(place);
        });
        assertThat(run("1 + 1")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int big = %s;", "int f() { return %s; }", "%s"})
    void aSumThatIsTooDeepForTheCompilerIsAnErrorAndTheSessionLives(String source) {
        run("int a = 1;");
        String sum = source.replace("%s", "a" + " + a".repeat(20_000));

        assertThatThrownBy(() -> run("int before = 1;\n" + sum)).isInstanceOf(CellFailure.NotExecuted.class)
                .hasMessageContaining("too deep").hasMessageContaining("use a loop, or split it")
                .hasMessageContaining(String.format("%,d characters", sum.length()))
                .isInstanceOfSatisfying(CellFailure.class, e -> assertThat(e.place().orElseThrow()).hasToString("[2], line 2"));
        assertThat(run("int next = a + before; next")).isEqualTo(2);
    }

    @Test
    void itIsTheExceptionItselfThatIsHandedOn() {
        run("class Own extends Exception { final int code = 7; }");

        assertThatThrownBy(() -> run("throw new Own();")).isInstanceOf(CellFailure.Thrown.class).cause()
                .extracting("code").isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int z = (", "1 +", "void f() {", "String t = \"\"\"\nabc"})
    void aCellThatEndsWithinAStatementIsAnError(String source) {
        assertThatThrownBy(() -> run(source)).isInstanceOfAny(CellFailure.Incomplete.class, CellFailure.NotCompiled.class);
    }

    @Test
    void theLineOfAStatementIsBelowItsComments() {
        assertThatThrownBy(() -> run("// before\n/* it\n */ int z = (")).isInstanceOfSatisfying(CellFailure.class,
                e -> assertThat(e.place().orElseThrow()).hasToString("[1], line 3"));
    }

    @Test
    void aRejectedStatementIsAnErrorAtItsLine() {
        assertThatThrownBy(() -> run("int ok = 1;\nint i = nosuch;"))
                .isInstanceOfSatisfying(CellFailure.NotCompiled.class,
                        e -> assertThat(e.place().orElseThrow()).hasToString("[1], line 2"));
        assertThat(run("ok")).isEqualTo(1);
    }

    @Test
    void anInterruptEndsACellThatWaits() throws InterruptedException {
        Thread interrupter = new Thread(() -> {
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
            evaluator.interrupt();
        });
        interrupter.start();

        assertThatThrownBy(() -> run("Thread.sleep(60_000);")).isInstanceOf(CellFailure.Interrupted.class);

        interrupter.join();
        assertThat(run("1 + 1")).isEqualTo(2);
    }

    /** While the compiler works, or between two statements. */
    @Test
    void afterAnInterruptNothingMoreOfACellRuns() {
        run("int done = 0;");
        evaluator.begin(new Cell(2, "done = 1;"));
        evaluator.interrupt();

        assertThatThrownBy(() -> evaluator.eval(shell, "done = 1;")).isInstanceOf(CellFailure.Interrupted.class);
        assertThatThrownBy(() -> evaluator.show(() -> "shown")).isInstanceOf(CellFailure.Interrupted.class);

        assertThat(run("done")).isEqualTo(0);
        evaluator.begin(new Cell(4, ""));
        assertThat(evaluator.show(() -> "shown")).isEqualTo("shown");
    }

    @Test
    void anInterruptEndsWhatMakesAValueVisible() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread interrupter = new Thread(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                return;
            }
            evaluator.interrupt();
        });
        interrupter.start();
        evaluator.begin(new Cell(1, "forever"));

        assertThatThrownBy(() -> evaluator.show(() -> {
            begun.countDown();
            Thread.sleep(600_000);
            return "never";
        })).isInstanceOf(CellFailure.Interrupted.class);

        interrupter.join();
    }

    @Test
    void whatAValueThrowsWhenItIsShownIsHandedOn() {
        assertThatThrownBy(() -> evaluator.show(() -> {
            throw new IllegalStateException("no text");
        })).isInstanceOf(CellFailure.Thrown.class).cause().isInstanceOf(IllegalStateException.class).hasMessage("no text");
    }
}
