package verger.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import verger.Settings;

class ProjectTest {

    @Test
    void relativeFoldersOfTheProjectAreFoundFromAnywhere() {
        assertThat(Project.path("notebooks")).isEqualTo("file:" + Settings.home().resolve("notebooks"));
    }

    @Test
    void othersStayAsTheyAre() {
        assertThat(Project.path("s3a://fruits/Training")).isEqualTo("s3a://fruits/Training");
        assertThat(Project.path("/nowhere")).isEqualTo("/nowhere");
        assertThat(Project.path("nowhere")).isEqualTo("nowhere");
        assertThat(Path.of("src")).exists();
        assertThat(Project.path("src")).isEqualTo("src");
    }
}
