package verger.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes as JShell makes them of cells. The real kernel with executors is in helpers/python/tests. */
class ExecutorCopyTest {

    private static final String VARIABLES = """
            package REPL;
            public class $JShell$5 {
                public static boolean flag;
                public static byte small;
                public static char letter;
                public static int number;
                public static long large;
                public static float single;
                public static double wide;
                public static String text;
                public static int[][] table;
            }
            """;
    private static final String CODE = """
            package REPL;
            public class $JShell$6B {
                public static Object do_it$() { return "a secret" + $JShell$5.large; }
                public static Object flag() { return $JShell$5.flag ? 1 : 0; }
                public static Object small() { return $JShell$5.small; }
                public static Object letter() { return $JShell$5.letter; }
                public static Object number() { return $JShell$5.number; }
                public static Object large() { return 1 + $JShell$5.large; }
                public static Object single() { return $JShell$5.single; }
                public static Object wide() { return $JShell$5.wide; }
                public static Object text() { return $JShell$5.text.length(); }
                public static Object table() { return $JShell$5.table[0][0]; }
                public static Object setLarge() { $JShell$5.large = 4; return null; }
                public static Object setText() { $JShell$5.text = ""; return null; }
                public static Object checked() { assert $JShell$6B.class != null; return 8; }
                public static class Declared {
                    static final int[] OWN = {9};
                    public static Object do_it$() { return OWN[0] + $JShell$5.number; }
                    public static Object own() { return OWN[0]; }
                }
            }
            """;

    private static final List<String> READ = new ArrayList<>();
    private static Class<?> copy;
    private static Class<?> declared;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void compile() throws Exception {
        List<String> files = new ArrayList<>(List.of("-d", folder.toString()));
        for (String source : List.of(VARIABLES, CODE)) {
            Path file = folder.resolve(source.split("class |\\{")[1].strip() + ".java");
            files.add(Files.writeString(file, source).toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, files.toArray(String[]::new))).isZero();
        ClassLoader loader = new ClassLoader(ExecutorCopyTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                try {
                    byte[] bytes = Files.readAllBytes(folder.resolve(name.replace('.', '/') + ".class"));
                    byte[] copied = ExecutorCopy.of(bytes, READ::add);
                    return defineClass(name, copied, 0, copied.length);
                } catch (java.io.IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        copy = Class.forName("REPL.$JShell$6B", true, loader);
        declared = Class.forName("REPL.$JShell$6B$Declared", true, loader);
    }

    @Test
    void aStatementIsLeftOut() {
        assertThat(copy.getDeclaredMethods()).extracting(java.lang.reflect.Method::getName).contains("checked")
                .doesNotContain("do_it$");
    }

    /** Not even in the table of constants. */
    @Test
    void whatItSaysIsLeftOutToo() throws Exception {
        byte[] bytes = Files.readAllBytes(folder.resolve("REPL/$JShell$6B.class"));

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("a secret");
        assertThat(new String(ExecutorCopy.of(bytes, variable -> {}), StandardCharsets.ISO_8859_1)).doesNotContain("a secret");
    }

    @Test
    void whatIsNoVariableIsLeftAsItIs() throws Exception {
        assertThat(call(copy, "checked")).isEqualTo(8);
        assertThat(call(declared, "own")).isEqualTo(9);
    }

    /** Here is no task, which says that the variable was asked for, and not read. */
    @ParameterizedTest
    @ValueSource(strings = {"flag", "small", "letter", "number", "large", "single", "wide", "text", "table"})
    void aVariableIsAskedFor(String variable) {
        assertThatThrownBy(() -> call(copy, variable)).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "The notebook's variable " + variable + " can be read on an executor by the thread of a task only");
        assertThat(READ).contains("REPL.$JShell$5." + variable);
    }

    /** Also in a method of the name that is a statement's elsewhere. */
    @Test
    void aDeclaredClassAsksToo() {
        assertThatThrownBy(() -> call(declared, "do_it$")).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The notebook's variable number can be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"setLarge", "setText"})
    void aVariableIsNotSet(String method) {
        assertThatThrownBy(() -> call(copy, method)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be set on an executor, as the notebook would not hear of it");
    }

    private static Object call(Class<?> owner, String method) throws Exception {
        try {
            return owner.getMethod(method).invoke(null);
        } catch (InvocationTargetException e) {
            throw (Exception) e.getCause();
        }
    }
}
