package verger.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.kernel.cells.Cell;
import verger.kernel.cells.CellEvaluator;
import verger.kernel.errors.ErrorReport;

/** What a magic evaluates has the errors that it has without the magic. */
class ErrorsUnderMagicsTest {

    private static ErrorReport report(String source) {
        VergerKernel kernel = TestKernel.get();
        CellEvaluator cells = (CellEvaluator) kernel.getEvaluator();
        cells.begin(new Cell(5, source));
        Throwable failure = catchThrowable(() -> kernel.evalBuilder(source).resolveMagics().renderResults().eval());
        return ErrorReport.of(failure, new ErrorReport.Cells(kernel.getJShell(), cells.snippets()));
    }

    private static List<String> plain(ErrorReport report) {
        return report.lines().stream().map(line -> line.replaceAll("\u001B\\[[0-9;]*m", "")).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "%%time⏎int a = 1;⏎int y = a / 0;             | ArithmeticException  | [5], line 3: int y = a / 0;",
        "⏎  %%time⏎int a2 = 1;⏎⏎int y2 = a2 / 0;      | ArithmeticException  | [5], line 5: int y2 = a2 / 0;",
        "int b = 1;⏎%time b / 0                       | ArithmeticException  | [5], line 2: %time b / 0",
        "%%time⏎int c = 1;⏎int d = nosuch;            | CompilationException | [5], line 3: int d = nosuch;",
        "// nosuch⏎%time nosuch                       | CompilationException | [5], line 2: %time nosuch",
        "%%time⏎int e = 1;⏎int f = (                  | Incomplete           | [5], line 3: int f = ("})
    void hasItsNameAndItsLine(String source, String name, String line) {
        ErrorReport report = report(source.replace("⏎", "\n"));

        assertThat(report.name()).isEqualTo(name);
        assertThat(plain(report)).first().isEqualTo(line);
    }

    @Test
    void whatTheCompilerSaysIsSaid() {
        assertThat(report("%%time\nint i = nosuch;").value()).isEqualTo("cannot find symbol: variable nosuch");
    }

    @Test
    void aFileThatIsLoadedHasALineOfItsOwn(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("loaded.jshell"), "int loaded = 1;\nint none = loaded / 0;\n");

        ErrorReport report = report("int before = 1;\n%load " + file);

        assertThat(report.name()).isEqualTo("ArithmeticException");
        assertThat(plain(report)).startsWith("[5], line 2: %load " + file, "eval, line 2: int none = loaded / 0;");
    }

    @Test
    void anExceptionWhoseMessageThrowsIsToldAllTheSame() {
        ErrorReport report = report("class Mute extends RuntimeException { public String getMessage() "
                + "{ throw new IllegalStateException(); } }\nthrow new Mute();");

        assertThat(report.name()).isEqualTo("Mute");
        assertThat(report.value()).isEqualTo("its message cannot be read: getMessage() threw IllegalStateException");
        assertThat(plain(report)).first().isEqualTo("[5], line 2: throw new Mute();");
        assertThat(report.trace()).contains("Mute: its message cannot be read", "\tat ");
    }
}
