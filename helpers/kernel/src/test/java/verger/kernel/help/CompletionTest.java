package verger.kernel.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import verger.networks.Networks;

/** In the code of these tests a bar stands for the cursor. */
class CompletionTest {

    private static final ReplacementOptions MAGICS = new ReplacementOptions(List.of("%magic"), 0, 0);

    private final Completion completion = new Completion(NotebookShell.shell(), CompletionTest.class::getClassLoader,
            (code, at) -> MAGICS);

    @Test
    void offersOurSettersAndMethodsFirst() {
        List<String> offered = offered("f.|");

        assertThat(offered.subList(0, 12)).allMatch(name -> name.startsWith("set")).contains("setNetwork(", "setInputCol(")
                .doesNotContain("setDefault(");
        assertThat(offered.indexOf("transform(")).isLessThan(offered.indexOf("explainParams()"));
        assertThat(offered.indexOf("explainParams()")).isLessThan(offered.indexOf("copyValues("));
        assertThat(offered.indexOf("copyValues(")).isLessThan(offered.indexOf("equals("));
        assertThat(offered).noneMatch(name -> name.contains("$")).doesNotHaveDuplicates()
                .doesNotContain("logInfo(", "log()", "isTraceEnabled()", "initializeForcefully(");
    }

    @Test
    void offersWhatEveryObjectHasAtTheEnd() {
        assertThat(offered("df.|"))
                .endsWith("equals(", "getClass()", "hashCode()", "notify()", "notifyAll()", "toString()", "wait(")
                .startsWith("agg(").doesNotContain("collectToPython$");
        assertThat(offered("List.of(1).|")).startsWith("add(", "addAll(", "clear()", "contains(", "containsAll(", "forEach(",
                "get(");
        assertThat(offered("Images.|")).containsExactly("folder(", "location(", "read(", "reader(", "stream(", "class");
        assertThat(offered("spark.read().|")).startsWith("csv(", "format(");
    }

    @Test
    void offersWhatFitsFirst() {
        assertThat(offered("String name = f.|")).startsWith("getCard()").doesNotContain("$(");
        assertThat(offered("f.setNetwork(|")).startsWith("chosen");
        assertThat(offered("new ImageF|")).containsExactly("ImageFeaturizer(");
    }

    @Test
    void knowsWhatTheCellItselfImportsAndDeclares() {
        assertThat(offered("import verger.pca.PrincipalComponents;\nnew PrincipalComponents().setK|")).containsExactly("setK(");
        assertThat(offered("var own = new ImageFeaturizer();\nown.|")).startsWith("setBatchSize(");
        assertThat(offered("ImageFeaturizer own = new ImageFeaturizer();\nown\n  .setNet|")).containsExactly("setNetwork(");
        assertThat(offered("if (f != null) {\n  while (f.getNetw|")).containsExactly("getNetwork()");
        assertThat(offered("if (f.|")).startsWith("setBatchSize(");
        assertThat(offered("df.select(\"a\").wri|")).containsExactly("write()", "writeStream()", "writeTo(");
    }

    @Test
    void offersNetworksWhereOneIsNamed() {
        assertThat(offered("f.setNetwork(\"|")).isEqualTo(Networks.choices());
        assertThat(offered("f.setInputCol(\"a\")\n .setNetwork(\"eff|\")")).containsExactly("EfficientNet-Lite0",
                "EfficientNet-Lite1");
        assertThat(offered("f.setOutputCol(\"|")).isEmpty();
    }

    @Test
    void offersPathsWhereOneIsRead(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("Äpfel und Birnen"));
        Files.writeString(folder.resolve("list.csv"), "");
        Files.writeString(folder.resolve(".hidden"), "");

        assertThat(offered("Images.read(spark, \"" + folder + "/|")).containsExactly(folder + "/list.csv",
                folder + "/Äpfel und Birnen/");
        assertThat(offered("spark.read().parquet(\"" + folder + "/Ä|\")")).containsExactly(folder + "/Äpfel und Birnen/");
        assertThat(offered("Path.of(\"" + folder + "/.|")).containsExactly(folder + "/.hidden");
        assertThat(offered("Path.of(\"src/ma|")).containsExactly("src/main/");
        assertThat(offered("Path.of(\"sr|")).contains("src/");
        assertThat(offered("Project.path(\"sr|")).contains("src/");
        assertThat(offered("List.of(\"sr|")).isEmpty();
        assertThat(offered("Path.of(\"no/such/folder/|")).isEmpty();
        assertThat(offered("Images.read(spark, \"s3a://bucket/|")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"// f.|", "/* f.| */", "int k; // Str|\nint l;", "String s = \"Str|\";",
        "String t = \"\"\"\n  f.|\n  \"\"\";",
        "char c = 'S|", "%%sql\nselect Str|", "f.noSuchThing|"})
    void offersNothingWhereNothingIsRight(String code) {
        assertThat(offered(code)).isEmpty();
    }

    @Test
    void leavesMagicsToTheKernel() {
        assertThat(offered("int k = 1;\n%ti|")).containsExactly("%magic");
        assertThat(offered("int k = 7 %ti|")).isEmpty();
        assertThat(offered("String t = \"\"\"\n%ti|\n\"\"\";")).isEmpty();
    }

    @Test
    void countsAsJupyterDoes() {
        String code = "String apple = \"🍎\"; f.setNe";
        int end = code.codePointCount(0, code.length());

        ReplacementOptions found = completion.complete(code, end);

        assertThat(found.getReplacements()).containsExactly("setNetwork(");
        assertThat(found.getSourceStart()).isEqualTo(end - "setNe".length());
        assertThat(found.getSourceEnd()).isEqualTo(end);
    }

    private List<String> offered(String code) {
        return completion.complete(code.replace("|", ""), code.indexOf('|')).getReplacements();
    }
}
