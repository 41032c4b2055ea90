package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that fills between two runs. */
class WatchNotebookTest {

    @TempDir
    Path folder;

    @Test
    void eachRunAppendsWhatIsNew() throws Exception {
        add("Apple Braeburn", "Pomme 100 %", 24);
        NotebookRun first = run();
        add("Banana", "Banana", 6);
        Files.createFile(folder.resolve("in/Banana/empty.jpg"));
        Files.writeString(folder.resolve("in/Banana/shopping.txt"), "bananas");

        NotebookRun second = run();

        assertThat(first.exitCode()).describedAs(first.screen()).isZero();
        assertThat(second.exitCode()).describedAs(second.screen()).isZero();
        assertThat(first.screen()).contains("24 new, 24 in the table", "0 files are not in the table");
        assertThat(second.screen()).contains("7 new, 31 in the table", "1 files are not in the table");
        String table = "'$out/features.parquet/*.parquet'";
        assertThat(second.query("select count(*) || ' ' || count(distinct origin) from " + table)).isEqualTo("31 31");
        assertThat(second.query("select string_agg(distinct typeof(features) || len(features)) from " + table + " where reason is null"))
                .isEqualTo("FLOAT[]1280");
        assertThat(second.query("select count(*) from " + table + " where label = 'Pomme 100 %'")).isEqualTo("24");
        assertThat(second.manifest().get("added").asInt()).isEqualTo(7);
        assertThat(second.manifest().get("missing").asInt()).isEqualTo(1);
        assertThat(second.manifest().get("counts").toString()).isEqualTo("{\"read\":31,\"used\":30,\"failed\":1}");
        assertThat(second.manifest().at("/listing/files").asInt()).isEqualTo(31);
    }

    private NotebookRun run() throws Exception {
        Path output = folder.resolve("out");
        return NotebookRun.run(folder, folder, output, List.of("watch", "--output", output.toString(),
                "-p", "images", folder + "/in", "-p", "filesPerBatch", "10"));
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
