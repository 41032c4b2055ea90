package verger.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagicsTest {

    private final Magics magics = new Magics();

    @ParameterizedTest
    @ValueSource(strings = {
        "System.out.printf(\"\"\"\n%d images\n%s\n\"\"\", 12, \"Apfel\")",
        "String s = \"\"\"\n  \\\"\"\"\n%time x\n  \"\"\";",
        "int x = 17\n  % five;",
        "f(a,\n%b);",
        "int[] a = new int[\n%b];",
        "/*\n%time 1\n*/",
        "// a \"\n// %time 1",
        "char c = '\"'; int y = c\n%time;",
        "String s = \"a\\\"b\" +\n%c;",
        "return x\n    %y;",
        "int z = a %b;",
        "\"%s\".formatted(1)",
        "String.format(\"%d\", 1)"})
    void aPercentSignOfJavaIsJavas(String source) {
        assertThat(magics.resolve(source)).isEqualTo(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "%time 1 + 1",
        "  %time 1 + 1",
        "int a = 1;\n%time 1 + 1\nint b = 2;",
        "%time 1 + 1\n%time 2 + 2",
        "%time \"a\" + '\"'\n%time 2",
        "%time f(\n%time 2",
        "for (int i = 0; i < 2; i++) {\n%time i\n}",
        "String s = \"\"\"\n%d\n\"\"\";\n%time 1",
        "/* %no */\n%time 1",
        "// \"\"\"\n%time 1",
        "class A {}\n%time 1"})
    void aLineThatBeginsAStatementMayBeAMagic(String source) {
        String resolved = magics.resolve(source);

        assertThat(resolved).contains("lineMagic(").doesNotContain("%time");
        assertThat(resolved.lines().count()).as("lines stay where they are").isEqualTo(source.lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%%sql\nselect 1", "\n  %%sql\nselect 1", "%%time\n%d"})
    void aCellMagicTakesTheCell(String source) {
        assertThat(magics.resolve(source)).contains("cellMagic(").doesNotContain("%%");
    }

    @Test
    void aCellMagicWithoutABodySaysSo() {
        assertThatThrownBy(() -> magics.resolve("%%sql\n")).hasMessage(
                "%%sql stands above what it is for: the cell has nothing below it");
    }
}
