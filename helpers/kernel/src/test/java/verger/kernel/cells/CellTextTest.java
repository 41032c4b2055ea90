package verger.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static verger.kernel.cells.CellText.Part.CHARACTER;
import static verger.kernel.cells.CellText.Part.CODE;
import static verger.kernel.cells.CellText.Part.COMMENT;
import static verger.kernel.cells.CellText.Part.TEXT;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In the code of these tests a bar stands for the cursor. */
class CellTextTest {

    static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of("|", CODE),
                Arguments.of("f.|", CODE),
                Arguments.of("\"|\"", TEXT),
                Arguments.of("\"a\"|", CODE),
                Arguments.of("|\"a\"", CODE),
                Arguments.of("\"a\\\"|\"", TEXT),
                Arguments.of("\"a\\\\\"|", CODE),
                Arguments.of("\"a|", TEXT),
                Arguments.of("\"a\nf.|", CODE),
                Arguments.of("'\"' + f.|", CODE),
                Arguments.of("'|", CHARACTER),
                Arguments.of("\"\"\"\n \"a\" |\n\"\"\"", TEXT),
                Arguments.of("\"\"\"\n \\\"\"\" |\n\"\"\"", TEXT),
                Arguments.of("\"\"\"\n a\n\"\"\"|", CODE),
                Arguments.of("// f.|", COMMENT),
                Arguments.of("// f.|\nint k;", COMMENT),
                Arguments.of("// f.\n|", CODE),
                Arguments.of("\"http://|\"", TEXT),
                Arguments.of("/* f.| */", COMMENT),
                Arguments.of("/* f. */|", CODE),
                Arguments.of("/* \" */ f.|", CODE),
                Arguments.of("/* f.|", COMMENT));
    }

    @ParameterizedTest
    @MethodSource("places")
    void knowsWhatAPlaceIsPartOf(String code, CellText.Part part) {
        assertThat(CellText.of(code.replace("|", "")).partAt(code.indexOf('|'))).isEqualTo(part);
    }

    @Test
    void findsTheCallAroundAPlace() {
        CellText text = CellText.of("a(b(\")\", new int[] {1, 2}), ");

        assertThat(text.openParenthesis(text.code().length())).isEqualTo(1);
        assertThat(text.openParenthesis(text.code().indexOf("new"))).isEqualTo(3);
        assertThat(CellText.of("a(1); b").openParenthesis(7)).isEqualTo(-1);
        assertThat(CellText.of("a(x -> { b(1); c").openParenthesis(16)).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void findsWhereAnExpressionBegins(String code, String expression) {
        CellText text = CellText.of(code);

        assertThat(code.substring(text.expressionStart(code.length()))).isEqualTo(expression);
    }

    static Stream<Arguments> expressions() {
        return Stream.of(
                Arguments.of("int k = spark.read().parquet(\"a)\")", "spark.read().parquet(\"a)\")"),
                Arguments.of("f(a, b.c", "b.c"),
                Arguments.of("x = new a.b.Pear(1, 2).peel()", "new a.b.Pear(1, 2).peel()"),
                Arguments.of("return rows[i].get(0)", "rows[i].get(0)"),
                Arguments.of("df\n  .select(\"a\")\n  .show", "df\n  .select(\"a\")\n  .show"),
                Arguments.of("print(\"a b\".trim()", "\"a b\".trim()"),
                Arguments.of("(df).show", "(df).show"));
    }
}
