package verger.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.util.Optional;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the JDK's own shell; that a cell says it, the tests of the kernel show. */
class MovedClassesTest {

    private static JShell shell;

    @BeforeAll
    static void start() {
        shell = JShell.builder().executionEngine("local").build();
        shell.addToClasspath(System.getProperty("java.class.path"));
    }

    @AfterAll
    static void end() {
        shell.close();
    }

    @Test
    void everyNewNameIsThatOfAPublicClassAndNoOldOneIs() throws ClassNotFoundException {
        assertThat(MovedClasses.NEW_NAMES).containsEntry("verger.features.NetworkChoice", "verger.networks.NetworkChoice");
        for (var names : MovedClasses.NEW_NAMES.entrySet()) {
            assertThat(Modifier.isPublic(Class.forName(names.getValue(), false, getClass().getClassLoader()).getModifiers()))
                    .as(names.getValue()).isTrue();
            assertThatThrownBy(() -> Class.forName(names.getKey())).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "import verger.features.NetworkChoice;                  | features.NetworkChoice  | networks.NetworkChoice",
        "import verger.pca.Neighbours;                          | pca.Neighbours          | similar.Neighbours",
        "import verger.TopClasses;                              | TopClasses              | features.TopClasses",
        "import static verger.features.Networks.RESNET50;       | features.Networks       | networks.Networks",
        "import verger.features.Network.ChannelOrder;           | features.Network        | networks.Network",
        "verger.features.NetworkChoice choice = null;           | features.NetworkChoice  | networks.NetworkChoice",
        "var card = new verger . features . ModelCard();        | features.ModelCard      | networks.ModelCard",
        "String of(verger.features.ModelCard card) { return \"\"; } | features.ModelCard  | networks.ModelCard"})
    void aCellThatNamesTheOldOneIsToldTheNew(String cell, String old, String now) {
        assertThat(newName(shell, cell)).contains("verger." + old + " has moved: write import verger." + now + ";");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NetworkChoice choice;", "NetworkChoice choice = null;", "var all = Networks.RESNET50;",
        "String of(ModelCard card) { return \"\"; }", "class Own { ModelCard card; }"})
    void aNameAloneIsOneOfOursIfThePackageItWasInIsImported(String cell) {
        try (JShell own = JShell.builder().executionEngine("local").build()) {
            own.addToClasspath(System.getProperty("java.class.path"));
            assertThat(own.eval(cell)).noneMatch(event -> event.status() == Snippet.Status.VALID);
            own.eval("import verger.features.*;");

            assertThat(newName(own, cell.replace("Own", "Other").replace("of(", "other(")))
                    .hasValueSatisfying(said -> assertThat(said).contains(" has moved: write import verger.networks."));

            own.eval("import verger.networks.*;");
            assertThat(own.eval(cell).get(0).status()).isEqualTo(Snippet.Status.VALID);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"import verger.features.Nothing;", "int i = \"text\";", "Unknown unknown;", "1 +",
        "int verger = features;"})
    void otherErrorsStayTheCompilers(String cell) {
        assertThat(newName(shell, cell)).isEmpty();
    }

    private static Optional<String> newName(JShell of, String cell) {
        SnippetEvent event = of.eval(cell).get(0);
        assertThat(event.status()).isNotEqualTo(Snippet.Status.VALID);
        return MovedClasses.newName(of, event.snippet());
    }
}
