package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A photograph from elsewhere, whose like is looked for in a part of the sample. */
@Tag("slow")
class SimilarNotebookTest {

    @TempDir
    Path folder;

    @Test
    void findsItsLikeAndWhatIsThereTwice() throws Exception {
        Path sample = NotebookRun.HOME.resolve("data-sample/Test");
        Path images = folder.resolve("in");
        for (String name : List.of("Banana", "Lemon", "Pear")) {
            Path target = Files.createDirectories(images.resolve(name));
            for (String file : List.of("166_100.jpg", "287_100.jpg", "r_45_100.jpg", "r_166_100.jpg")) {
                Files.copy(sample.resolve(name).resolve(file), target.resolve(file));
            }
        }
        Files.copy(sample.resolve("Pear/287_100.jpg"), images.resolve("Lemon/a pear.jpg"));
        Path output = folder.resolve("out");

        NotebookRun run = NotebookRun.run(folder, folder, output, List.of("similar", "--output", output.toString(),
                "-p", "images", images.toString(), "-p", "image", sample.resolve("Banana/45_100.jpg").toString(), "-p", "k",
                "3"));

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        String similar = "'$out/similar.parquet/*.parquet'";
        assertThat(run.query("select string_agg(label || ' ' || rank, ', ' order by rank) from " + similar))
                .isEqualTo("Banana 1, Banana 2, Banana 3");
        assertThat(run.query("select bool_and(cosine between 0.3 and 1) from " + similar)).isEqualTo("true");
        assertThat(run.screen()).contains("2 files in 1 group are the same byte for byte")
                .containsPattern("\\s45_100.jpg: (Banana/\\w+.jpg 0[.]\\d{3}(, |\\s)){3}")
                .doesNotContain("No Partition Defined");
        assertThat(run.query(
                "select string_agg(parse_filename(origin), ', ' order by origin) from '$out/identical.parquet/*.parquet'"))
                .isEqualTo("a pear.jpg, 287_100.jpg");
        assertThat(run.query("select count(*) from '$out/nearly-the-same.parquet/*.parquet' where cosine > 1 - 1e-12"))
                .isEqualTo("2");
        assertThat(run.manifest().at("/listing/files").asInt()).isEqualTo(13);
        assertThat(run.query("select string_agg(distinct status) || ' ' || count(*) from '$out/files.parquet/*.parquet'"))
                .isEqualTo("ok 13");
        assertThat(ImageIO.read(output.resolve("charts/similar.png").toFile()).getWidth()).isEqualTo(2200);
    }
}
