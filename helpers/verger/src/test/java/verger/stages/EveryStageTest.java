package verger.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import verger.TestSpark;

/** Every stage of ours does what Spark's own do. A new one is found on the class path, and need not be named anywhere. */
@Tag("slow")
class EveryStageTest {

    private static final List<Class<? extends PipelineStage>> OURS = found();

    static {
        TestSpark.session(); // a stage that is saved asks for the session that there is
    }

    /** What held, for the record. */
    private static final Map<String, List<String>> HELD = new TreeMap<>();

    @TempDir
    static Path folder;

    @TestFactory
    Stream<DynamicContainer> everyStageOfOurs() {
        return OURS.stream().map(type -> DynamicContainer.dynamicContainer(type.getName(),
                Stream.of(StageCheck.values()).map(check -> DynamicTest.dynamicTest(type.getSimpleName() + ": " + check, () -> {
                    check.of(new Subject(type, OURS, folder));
                    HELD.computeIfAbsent(type.getName(), name -> new ArrayList<>()).add(check.toString());
                }))));
    }

    @Test
    void theStagesAreFound() {
        assertThat(OURS).extracting(Class::getSimpleName)
                .contains("ImageFeaturizer", "PrincipalComponents", "PrincipalComponentsModel");
    }

    /** A stage of the tests' own, which the checks know as little as any other. */
    @ParameterizedTest
    @EnumSource
    void aStageThatIsRightPasses(StageCheck check) throws Exception {
        check.of(new Subject(CountBytes.class, List.of(), folder));
    }

    /** For each check a stage that is wrong in this only. */
    @ParameterizedTest
    @EnumSource(BrokenStages.class)
    void aStageThatIsWrongIsCaught(BrokenStages broken) {
        assertThatThrownBy(() -> broken.check().of(new Subject(broken.type(), List.of(), folder)))
                .isInstanceOf(AssertionError.class).hasMessageContaining(broken.message());
    }

    @Test
    void thereIsAWrongStageForEveryCheck() {
        assertThat(Stream.of(BrokenStages.values()).map(BrokenStages::check)).contains(StageCheck.values());
    }

    @AfterAll
    static void tell() throws IOException {
        StringBuilder told = new StringBuilder("Stages and what was checked of each:\n");
        HELD.forEach((stage, checks) -> told.append(stage).append('\n')
                .append(String.join("", checks.stream().map(check -> "  " + check + "\n").toList())));
        System.out.print(told);
        Path target = Path.of("target");
        if (Files.isDirectory(target)) {
            Files.writeString(target.resolve("stage-checks.txt"), told);
        }
    }

    private static List<Class<? extends PipelineStage>> found() {
        List<Class<? extends PipelineStage>> stages = new ArrayList<>();
        for (JavaClass found : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("verger")) {
            // What is not public never leaves the fit that made it.
            if (found.isAssignableTo(PipelineStage.class) && found.getModifiers().contains(JavaModifier.PUBLIC)
                    && !found.getModifiers().contains(JavaModifier.ABSTRACT)) {
                stages.add(found.reflect().asSubclass(PipelineStage.class));
            }
        }
        stages.sort(Comparator.comparing(Class::getName));
        return stages;
    }
}
