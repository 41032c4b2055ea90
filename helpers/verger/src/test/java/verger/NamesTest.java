package verger;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A name means one class, in whatever package it is read. */
class NamesTest {

    @Test
    void noTwoClassesHaveOneName() {
        Map<String, Long> times = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("verger").stream()
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info"))
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));

        assertThat(times).containsKey("SimilarImages").allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
    }
}
