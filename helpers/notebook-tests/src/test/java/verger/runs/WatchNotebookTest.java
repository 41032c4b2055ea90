package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that has filled, in several batches; what a second run does, the tests of the helper JAR show. */
@Tag("slow")
class WatchNotebookTest {

    @TempDir
    Path folder;

    @Test
    void appendsWhatIsNewAndListsTheRest() throws Exception {
        add("Apple Braeburn", "Pomme 100 %", 18);
        add("Banana", "Banana", 6);
        Files.createFile(folder.resolve("in/Banana/empty.jpg"));
        Files.writeString(folder.resolve("in/Banana/shopping.txt"), "bananas");
        Path output = folder.resolve("out");

        NotebookRun run = NotebookRun.run(folder, folder, output, List.of("watch", "--output", output.toString(),
                "-p", "images", folder + "/in", "-p", "filesPerBatch", "10"));

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(run.screen()).contains("25 new, 25 in the table", "1 file is not in the table as it is in the folder",
                "/in/Banana/empty.jpg: empty file (0 bytes): put it in whole, under another name");
        String table = "'$out/appended.parquet/*.parquet'";
        assertThat(run.query("select count(*) || ' ' || count(distinct origin) from " + table)).isEqualTo("25 25");
        assertThat(run.query("select string_agg(distinct typeof(features) || len(features)) from " + table
                + " where reason is null")).isEqualTo("FLOAT[]1280");
        assertThat(run.query("select count(*) from " + table + " where label = 'Pomme 100 %'")).isEqualTo("18");
        assertThat(run.manifest().get("added").asInt()).isEqualTo(25);
        assertThat(run.manifest().get("missing").asInt()).isEqualTo(1);
        assertThat(run.manifest().get("counts").toString()).isEqualTo("{\"read\":25,\"used\":24,\"failed\":1}");
        assertThat(run.manifest().at("/listing/files").asInt()).isEqualTo(25);
    }

    private void add(String from, String to, int count) throws IOException {
        Path target = Files.createDirectories(folder.resolve("in").resolve(to));
        try (Stream<Path> files = Files.list(NotebookRun.HOME.resolve("data-sample/Training").resolve(from))) {
            for (Path file : files.sorted().limit(count).toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
