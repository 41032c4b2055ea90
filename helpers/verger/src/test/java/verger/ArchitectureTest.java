package verger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Dependencies point along the flow: images → features → pca → similar → tuning → charts → storage → notebook, and
 * features → sql → notebook.
 */
class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("verger");
    }

    @ParameterizedTest
    @CsvSource({
            "images, features sql pca similar tuning charts storage notebook",
            "features, sql pca similar tuning charts storage notebook",
            "sql, pca similar tuning charts storage notebook",
            "pca, images features sql similar tuning charts storage notebook",
            "similar, images features sql tuning charts storage notebook",
            "tuning, sql similar charts storage notebook",
            "charts, sql storage notebook",
            "storage, sql notebook"})
    void pointsAlongTheFlow(String from, String forbidden) {
        String[] packages = Arrays.stream(forbidden.split(" ")).map(name -> "verger." + name + "..").toArray(String[]::new);

        assertThat(classes.containPackage("verger." + from)).isTrue();
        noClasses().that().resideInAPackage("verger." + from + "..")
                .should().dependOnClassesThat().resideInAnyPackage(packages).check(classes);
    }

    @Test
    void onlyTheGlueKnowsTheKernel() {
        onlyIn("verger.notebook..", "org.dflib.jjava..").check(classes);
    }

    @Test
    void onlyFeaturesKnowDl4j() {
        onlyIn("verger.features..", "org.deeplearning4j..", "org.nd4j..", "onnx..").check(classes);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching("verger.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void aRuleThatIsBrokenFails() {
        assertThatThrownBy(() -> onlyIn("verger.notebook..", "org.apache.spark..").check(classes))
                .isInstanceOf(AssertionError.class).hasMessageContaining("ImageReader");
    }

    private static ArchRule onlyIn(String home, String... packages) {
        return noClasses().that().resideOutsideOfPackage(home).should().dependOnClassesThat().resideInAnyPackage(packages);
    }
}
