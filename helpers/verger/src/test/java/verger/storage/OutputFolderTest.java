package verger.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the folder at each moment; no Spark is needed for it. */
class OutputFolderTest {

    private final Configuration conf = WatchedFileSystem.configured();

    @TempDir
    Path folder;

    /** Dies before each of the moves in turn: what a reader finds then is whole, or has no manifest. */
    @Test
    void aRunThatDiesWhileItPublishesLeavesNoManifestOfFilesOfTwoRuns() throws Exception {
        int moves = movesOf(folder.resolve("all"));
        assertThat(moves).as("the earlier manifest, its two files, the two new ones and the new manifest").isEqualTo(6);
        for (int died = 0; died < moves; died++) {
            Path output = folder.resolve("died-" + died);
            publish("watched:" + output, "old", "a.txt", "charts/b.png");
            OutputFolder run = saved("watched:" + output, "new", "a.txt", "c.txt");
            WatchedFileSystem.MOVES.clear();
            WatchedFileSystem.failsAt = died;

            assertThatThrownBy(run::publish).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith(
                            "Cannot publish the results at watched:" + output + ": died; what was saved is in ");

            WatchedFileSystem.failsAt = -1;
            assertWholeOrNone(output);
            assertThat(contents(output)).as("what was saved is still there, after " + died + " moves").contains("new a.txt",
                    "new c.txt");
            assertThat(contents(output)).as("and so is the earlier result").contains("old a.txt", "old charts/b.png");

            OutputFolder next = new OutputFolder(conf, "watched:" + output, "test");
            assertThat(contents(output)).as("the next run puts it back, after " + died + " moves")
                    .containsExactlyInAnyOrder("old a.txt", "old charts/b.png", manifestText("a.txt", "charts/b.png"));
            assertWholeOrNone(output);
            next.end();
        }
    }

    private int movesOf(Path output) {
        publish("watched:" + output, "old", "a.txt", "charts/b.png");
        OutputFolder run = saved("watched:" + output, "new", "a.txt", "c.txt");
        WatchedFileSystem.MOVES.clear();
        run.publish();
        return WatchedFileSystem.MOVES.size();
    }

    @Test
    void theEarlierManifestGoesFirstAndTheNewOneComesLast() {
        publish("watched:" + folder, "old", "a.txt", "b.txt");
        OutputFolder run = saved("watched:" + folder, "new", "a.txt");
        WatchedFileSystem.MOVES.clear();

        run.publish();

        assertThat(WatchedFileSystem.MOVES).hasSize(5);
        assertThat(WatchedFileSystem.MOVES.get(0))
                .matches(folder + "/manifest.json > " + folder + "/_writing-[^/]*/earlier/manifest.json");
        assertThat(WatchedFileSystem.MOVES.get(4))
                .matches(folder + "/_writing-[^/]*/files/manifest.json > " + folder + "/manifest.json");
    }

    /** As a cell does that is run again once the disk has room: what the first attempt has moved stays where it is. */
    @Test
    void aRunThatBrokeOffWhileItPublishedIsPublishedByAnotherTry() throws Exception {
        int moves = movesOf(folder.resolve("all"));
        for (int died = 0; died < moves; died++) {
            Path output = folder.resolve("broke-off-" + died);
            publish("watched:" + output, "old", "a.txt", "charts/b.png");
            OutputFolder run = saved("watched:" + output, "new", "a.txt", "c.txt");
            WatchedFileSystem.MOVES.clear();
            WatchedFileSystem.failsAt = died;
            assertThatThrownBy(run::publish).isInstanceOf(UncheckedIOException.class);
            WatchedFileSystem.failsAt = -1;

            run.saveManifest(manifest("a.txt", "c.txt"));
            run.publish();

            assertThat(output.resolve("a.txt")).as("after " + died + " moves").hasContent("new a.txt");
            assertThat(output.resolve("c.txt")).hasContent("new c.txt");
            assertThat(output.resolve("manifest.json")).exists();
        }
    }

    @Test
    void aRunThatFailsWhileItPublishesMayTryAgain() throws IOException {
        OutputFolder run = saved("watched:" + folder, "new", "a.txt");
        WatchedFileSystem.MOVES.clear();
        WatchedFileSystem.failsAt = 0;
        WatchedFileSystem.throwing = false;

        assertThatThrownBy(run::publish).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(": could not move watched:")
                .hasMessageContaining("; what was saved is in watched:" + folder + "/_writing-")
                .hasMessageMatching(".*, an earlier result in watched:" + folder + "/_writing-[^/]*/earlier");

        WatchedFileSystem.failsAt = -1;
        run.publish();
        assertThat(folder.resolve("a.txt")).as("published once the fault is gone").hasContent("new a.txt");
    }

    /** Before features move in, before its files do and before its manifest does, it asks whose the output is. */
    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 1", "1, 5", "4, 5"})
    void aRunThatIsOvertakenStopsBeforeItsManifest(int overtaken, int moves) throws IOException {
        publish("watched:" + folder, "old", "a.txt");
        OutputFolder run = saved("watched:" + folder, "new", "a.txt");
        Path features = Files.writeString(folder.resolve("features-1"), "of other runs, too");
        run.stageMoved("features", List.of(new org.apache.hadoop.fs.Path("watched:" + features)));
        WatchedFileSystem.MOVES.clear();
        WatchedFileSystem.before = move -> {
            if (move == overtaken) {
                overtake(folder, run.run());
            }
        };
        if (overtaken < 0) {
            overtake(folder, run.run());
        }

        assertThatThrownBy(run::publish).isInstanceOf(OutputLostException.class);

        assertThat(WatchedFileSystem.MOVES).hasSize(moves)
                .noneMatch(move -> move.endsWith(" > " + folder + "/manifest.json"));
        assertThat(Files.exists(folder.resolve("manifest.json"))).isEqualTo(moves <= 1);
        assertThat(Files.exists(features)).isEqualTo(moves == 0);
    }

    @Test
    void aRunThatIsOvertakenPutsNothingBack() {
        publish("watched:" + folder, "old", "a.txt");
        OutputFolder died = saved("watched:" + folder, "new", "a.txt");
        WatchedFileSystem.MOVES.clear();
        WatchedFileSystem.failsAt = 1;
        assertThatThrownBy(died::publish).isInstanceOf(UncheckedIOException.class);
        WatchedFileSystem.failsAt = -1;
        WatchedFileSystem.MOVES.clear();
        WatchedFileSystem.before = move -> overtake(folder, died.run().withNumber(died.run().number() + 1));

        assertThatThrownBy(() -> new OutputFolder(conf, "watched:" + folder, "test")).isInstanceOf(OutputLostException.class);

        assertThat(WatchedFileSystem.MOVES).as("the folder of the dead gets another name").hasSize(1);
    }

    private static void overtake(Path output, Holder run) {
        Holder next = new Holder("another", run.number() + 1, "ip-10-0-0-7", "another", 1, "1", "local-1", run.since(), 60);
        try {
            Files.write(output.resolve(String.format(Locale.ROOT, "%s%010d", Lease.PREFIX, next.number())), next.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatWasSavedIsRemovedWithARunThatEndsBeforeItPublishes() throws Exception {
        saved(folder.toString(), "new", "a.txt");

        FileSystem.closeAll(); // as Hadoop does when the JVM ends

        assertThat(contents(folder)).isEmpty();
    }

    @Test
    void whatCouldNotBePublishedOutlivesItsRun() throws Exception {
        Path output = Files.createDirectories(folder.resolve("out"));
        Path table = Files.createDirectories(output.resolve("a.txt")); // one that is appended to
        Files.writeString(table.resolve(MadeBy.FILE), "{}");
        OutputFolder run = saved(output.toString(), "new", "a.txt");
        assertThatThrownBy(run::publish).isInstanceOf(IllegalStateException.class);

        FileSystem.closeAll();

        assertThat(contents(output)).contains("new a.txt");
    }

    @Test
    void nothingIsPublishedWithoutAManifest() throws IOException {
        publish(folder.toString(), "old", "a.txt");
        OutputFolder run = new OutputFolder(conf, folder.toString(), "test");
        run.save("a.txt", "new".getBytes(UTF_8));

        assertThatThrownBy(run::publish).isInstanceOf(IllegalStateException.class)
                .hasMessage("Nothing to publish at " + folder + ": save the manifest first");

        assertWholeOrNone(folder);
        assertThat(folder.resolve("a.txt")).hasContent("old a.txt");
    }

    /** As a notebook does whose last cell is run a second time: it would remove what is not saved again. */
    @Test
    void whatIsPublishedIsNotPublishedAgain() throws IOException {
        OutputFolder run = saved(folder.toString(), "new", "a.txt");
        run.publish();
        String message =
                "The results at " + folder + " are published, and nothing was changed: to save others, begin again where "
                        + "the output is named";

        assertThatThrownBy(() -> run.saveManifest(manifest("a.txt"))).isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> run.save("b.txt", new byte[1])).isInstanceOf(IllegalStateException.class).hasMessage(message);
        assertThatThrownBy(() -> run.staged("table")).isInstanceOf(IllegalStateException.class).hasMessage(message);
        assertThatThrownBy(run::publish).isInstanceOf(IllegalStateException.class).hasMessage(message);

        assertThat(contents(folder)).containsExactlyInAnyOrder("new a.txt", manifestText("a.txt"));
    }

    /** As by a cell that is run again before the last one: the first of two moves would take the place of the other. */
    @Test
    void whatIsSavedTwiceIsTheSecond() throws IOException {
        publish(folder.toString(), "old", "a.txt");
        OutputFolder run = saved(folder.toString(), "first", "a.txt", "b.txt");
        Files.writeString(Files.createDirectories(Path.of(run.staged("table").toUri().getPath())).resolve("part-0"), "first");

        run.save("a.txt", "new a.txt".getBytes(UTF_8));
        Path table = Path.of(run.staged("table").toUri().getPath());
        assertThat(table).as("Spark writes only where there is nothing").doesNotExist();
        Files.writeString(Files.createDirectories(table).resolve("part-1"), "new table");
        assertThat(run.saved()).containsExactly("a.txt", "b.txt", "table");
        run.publish();

        assertThat(contents(folder)).containsExactlyInAnyOrder("new a.txt", "first b.txt", "new table",
                manifestText("a.txt", "b.txt"));
    }

    @Test
    void filesOfARunThatWasCutOffAreReplaced() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "of a run without a manifest");
        Files.writeString(Files.createDirectories(folder.resolve("table")).resolve("part-0"), "of a run without a manifest");
        OutputFolder run = new OutputFolder(conf, folder.toString(), "test");
        run.save("a.txt", "new a.txt".getBytes(UTF_8));
        Path table = Files.createDirectories(Path.of(run.staged("table").toUri().getPath()));
        Files.writeString(table.resolve("part-1"), "new table");
        run.saveManifest(manifest("a.txt", "table"));

        run.publish();

        assertThat(contents(folder)).containsExactlyInAnyOrder("new a.txt", "new table", manifestText("a.txt", "table"));
        assertThat(folder.resolve("table/part-1")).exists();
    }

    @Test
    void whatIsNotOfAResultStays() throws IOException {
        publish(folder.toString(), "old", "charts/a.png", "b.txt");
        Files.writeString(folder.resolve("charts/mine.txt"), "mine");

        publish(folder.toString(), "new", "b.txt");

        assertThat(contents(folder)).containsExactlyInAnyOrder("mine", "new b.txt", manifestText("b.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"earlier", "new"})
    void aTableThatIsAppendedToIsNotReplaced(String whose) throws IOException {
        publish(folder.toString(), "old", whose.equals("earlier") ? "table" : "other");
        Files.deleteIfExists(folder.resolve("table"));
        Files.deleteIfExists(folder.resolve(".table.crc"));
        Files.writeString(Files.createDirectories(folder.resolve("table")).resolve(MadeBy.FILE), "appended");
        OutputFolder run = saved(folder.toString(), "new", whose.equals("new") ? "table" : "other");

        assertThatThrownBy(run::publish).isInstanceOf(IllegalStateException.class).hasMessageMatching(
                "Cannot publish the results at " + folder
                        + ": table is a table that is appended to, and would be replaced; what was "
                        + "saved is in file:" + folder + "/_writing-.*, and nothing was moved: choose another output");

        assertThat(folder.resolve("table/_made-by.json")).hasContent("appended");
        assertThat(folder.resolve("manifest.json")).exists();
    }

    /** A file of that name is in many a folder. */
    @ParameterizedTest
    @ValueSource(
            strings = {"{\"files\": [\"../mine.txt\", \"\", \".\", \"a/../../mine.txt\", \"ABSOLUTE\"]}", "[1]", "{broken", ""})
    void aForeignManifestMovesNothingFromOutside(String foreign) throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");
        Path output = Files.createDirectories(folder.resolve("out"));
        Files.writeString(output.resolve("manifest.json"), foreign.replace("ABSOLUTE", mine.toString()));

        publish(output.toString(), "new", "a.txt");

        assertThat(mine).hasContent("mine");
        assertThat(contents(output)).containsExactlyInAnyOrder("new a.txt", manifestText("a.txt"));
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new OutputFolder(conf, file.toString(), "test")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot write results to " + file + ": ");
        assertThatThrownBy(() -> new OutputFolder(conf, "", "test")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write results to : Can not create a Path from an empty string");
        assertThatThrownBy(() -> new OutputFolder(conf, "none://x/y", "test")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot write results to none://x/y: ");
        WatchedFileSystem.writable = false;
        assertThatThrownBy(() -> new OutputFolder(conf, "watched:" + folder, "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write results to watched:" + folder + ": the folder cannot be made");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaid() throws IOException {
        OutputFolder run = new OutputFolder(conf, folder.toString(), "test");
        run.save("a", new byte[1]);

        assertThatThrownBy(() -> run.save("a/b", new byte[1])).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("Cannot write file:" + folder + "/_writing-").hasMessageContaining("/a/b: ");
    }

    @Test
    void resultsDoNotLieAmongTheImages() {
        OutputFolder run = new OutputFolder(conf, folder + "/pictures/out", "test");

        run.requireOutside(folder + "/pict");
        run.requireOutside("s3a://fruits/Training");
        run.requireOutside("pictures");
        run.requireOutside(folder + "/pictures/out/charts");
        for (String images : List.of("file:" + folder, folder + "/pictures/", folder + "/pictures/out", "/")) {
            assertThatThrownBy(() -> run.requireOutside(images)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "The results would lie among the images: " + folder + "/pictures/out is in the folder of images "
                                    + images + "; choose another output");
        }
        String here = Path.of("").toAbsolutePath().relativize(folder.resolve("pictures")).toString();
        assertThat(here).startsWith("..");
    }

    @Test
    void aLocalFolderIsToldAsAPersonWouldTypeIt() {
        assertThat(new OutputFolder(conf, folder + "/à {x}", "test").location()).isEqualTo(folder + "/à {x}");
        assertThat(new OutputFolder(conf, "file:" + folder, "test").location()).isEqualTo(folder.toString());
        assertThat(new OutputFolder(conf, "watched:" + folder, "test").location()).isEqualTo("watched:" + folder);
    }

    private void publish(String output, String run, String... names) {
        saved(output, run, names).publish();
    }

    /** A run that has saved files which say whose they are. */
    private OutputFolder saved(String output, String run, String... names) {
        OutputFolder saved = new OutputFolder(conf, output, "test");
        for (String name : names) {
            saved.save(name, (run + " " + name).getBytes(UTF_8));
        }
        assertThat(saved.saved()).containsExactly(names);
        saved.saveManifest(manifest(names));
        return saved;
    }

    private static byte[] manifest(String... names) {
        return manifestText(names).getBytes(UTF_8);
    }

    private static String manifestText(String... names) {
        return new ObjectMapper().createObjectNode().set("files", new ObjectMapper().valueToTree(names)).toString();
    }

    /** A folder with a manifest holds all that it names, and all of one run. */
    private static void assertWholeOrNone(Path output) throws IOException {
        Path manifest = output.resolve("manifest.json");
        if (!Files.exists(manifest)) {
            return;
        }
        String run = null;
        for (JsonNode name : new ObjectMapper().readTree(manifest.toFile()).get("files")) {
            String content = Files.readString(output.resolve(name.asText()));
            run = run == null ? content.split(" ")[0] : run;
            assertThat(content).isEqualTo(run + " " + name.asText());
        }
    }

    /** Of all files, hidden folders included, but for Hadoop's checksums and the lease. */
    private static List<String> contents(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".crc")
                    && !file.getFileName().toString().startsWith(Lease.PREFIX)).map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }).toList();
        }
    }
}
