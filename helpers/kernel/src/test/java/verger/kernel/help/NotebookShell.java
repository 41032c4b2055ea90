package verger.kernel.help;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;

/** A JShell with the class path of the tests, in which a notebook has run its first cells. */
final class NotebookShell {

    private static final JShell SHELL = start();

    private NotebookShell() {
    }

    static JShell shell() {
        return SHELL;
    }

    private static JShell start() {
        JShell shell = JShell.builder().executionEngine("local").build();
        for (String path : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")).split(":")) {
            shell.addToClasspath(path);
        }
        for (String line : """
                import java.nio.file.*;
                import java.util.*;
                import org.apache.spark.sql.*;
                import verger.features.ImageFeaturizer;
                import verger.images.Images;
                import verger.notebook.Project;
                import static verger.kernel.values.Displays.*;
                SparkSession spark = null;
                Dataset<Row> df = null;
                ImageFeaturizer f = null;
                String chosen = "auto";
                int twice(int number) { return 2 * number; }
                """.split("\n")) {
            for (SnippetEvent event : shell.eval(line)) {
                assertThat(event.status()).as(line).isEqualTo(Snippet.Status.VALID);
            }
        }
        return shell;
    }
}
