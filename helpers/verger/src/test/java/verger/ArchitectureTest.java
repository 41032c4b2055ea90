package verger;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dependencies point along the flow: images → networks → features → pca → similar → tuning → charts → storage → notebook, and
 * features → sql → notebook. What all stand on, {@code files}, {@code progress} and {@code spark}, knows none of them.
 */
class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("verger");
    }

    @ParameterizedTest
    @CsvSource({
        "progress, files spark images networks features sql pca similar tuning charts storage notebook",
        "files, progress spark images networks features sql pca similar tuning charts storage notebook",
        "spark, progress files images networks features sql pca similar tuning charts storage notebook",
        "images, spark networks features sql pca similar tuning charts storage notebook",
        "networks, spark features sql pca similar tuning charts storage notebook",
        "features, sql pca similar tuning charts storage notebook",
        "sql, pca similar tuning charts storage notebook",
        "pca, images networks features sql similar tuning charts storage notebook",
        "similar, images networks features sql tuning charts storage notebook",
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
    void nothingKnowsTheKernel() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.dflib.jjava..", "jdk.jshell..", "verger.kernel..")
                .check(classes);
    }

    @Test
    void onlyTwoRoomsOfNetworksKnowDl4j() {
        noClasses().that().resideOutsideOfPackages("verger.networks.dl4j", "verger.networks.keras")
                .should().dependOnClassesThat(resideInAnyPackage("org.deeplearning4j..", "org.nd4j..")
                        .and(not(resideInAPackage("org.nd4j.shade.protobuf.."))))
                .check(classes);
    }

    @Test
    void onlyOneRoomOfNetworksKnowsOnnxRuntimeAndItsFormat() {
        onlyIn("verger.networks.onnx", "ai.onnxruntime..", "onnx..", "org.nd4j.shade.protobuf..").check(classes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verger.networks..", "verger.pca.linalg.."})
    void aLibraryKnowsNoSpark(String library) {
        noClasses().that().resideInAPackage(library).should().dependOnClassesThat().resideInAPackage("org.apache.spark..")
                .check(classes);
    }

    /** What only one room uses is its own: Java says so for all but what rooms of one house share. */
    @Test
    void roomsOfNetworksKnowEachOtherAlongTheWayOfTheWeights() {
        layered("weights", "onnx builtin keras dl4j");
        layered("onnx", "builtin keras dl4j");
        layered("builtin", "keras dl4j");
        layered("keras", "builtin dl4j onnx weights");
    }

    private static void layered(String from, String forbidden) {
        String[] packages = Arrays.stream(forbidden.split(" ")).map(name -> "verger.networks." + name).toArray(String[]::new);
        noClasses().that().resideInAPackage("verger.networks." + from).should().dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(classes);
    }

    @Test
    void onlyChartsKnowXChart() {
        onlyIn("verger.charts..", "org.knowm.xchart..").check(classes);
    }

    @Test
    void onlyTheDecodingOfImagesKnowsReadersOfPictures() {
        onlyIn("verger.images.decoding", "com.twelvemonkeys..", "javax.imageio.spi..").check(classes);
        noClasses().that().resideOutsideOfPackage("verger.images.decoding")
                .should().dependOnClassesThat().haveFullyQualifiedName("javax.imageio.ImageReader").check(classes);
    }

    /** Bytes in, pixels out: a status, a row and a file system are others' things. */
    @Test
    void theDecodingOfImagesKnowsNothingElseOfTheHouse() {
        noClasses().that().resideInAPackage("verger.images.decoding").should().dependOnClassesThat(
                resideInAnyPackage("verger..", "org.apache..").and(not(resideInAPackage("verger.images.decoding"))))
                .check(classes);
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
