package verger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point along the flow: images → features → pca → charts → storage → notebook. */
@AnalyzeClasses(packages = "verger", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule IMAGES_KNOW_NOTHING_BUT_IMAGES = noClasses().that().resideInAPackage("verger.images..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "verger.features..", "verger.pca..", "verger.charts..", "verger.storage..", "verger.notebook..");

    @ArchTest
    static final ArchRule FEATURES_KNOW_IMAGES = noClasses().that().resideInAPackage("verger.features..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "verger.pca..", "verger.charts..", "verger.storage..", "verger.notebook..");

    @ArchTest
    static final ArchRule PCA_KNOWS_VECTORS_ONLY = noClasses().that().resideInAPackage("verger.pca..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "verger.images..", "verger.features..", "verger.charts..", "verger.storage..", "verger.notebook..");

    @ArchTest
    static final ArchRule CHARTS_STORE_NOTHING = noClasses().that().resideInAPackage("verger.charts..")
            .should().dependOnClassesThat().resideInAnyPackage("verger.storage..", "verger.notebook..");

    @ArchTest
    static final ArchRule STORAGE_KNOWS_NO_NOTEBOOK = noClasses().that().resideInAPackage("verger.storage..")
            .should().dependOnClassesThat().resideInAPackage("verger.notebook..");

    @ArchTest
    static final ArchRule ONLY_THE_GLUE_KNOWS_THE_KERNEL = noClasses().that().resideOutsideOfPackage("verger.notebook..")
            .should().dependOnClassesThat().resideInAPackage("org.dflib.jjava..");

    @ArchTest
    static final ArchRule ONLY_FEATURES_KNOW_DL4J = noClasses().that().resideOutsideOfPackage("verger.features..")
            .should().dependOnClassesThat().resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "onnx..");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("verger.(*)..").should().beFreeOfCycles();
}
