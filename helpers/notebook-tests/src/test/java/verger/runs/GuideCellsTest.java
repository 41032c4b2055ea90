package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static verger.runs.Guide.spans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.runs.Guide.Block;

/**
 * The cells of README and guides, one after the other in one kernel, in a folder that holds what they speak of: photographs,
 * an ONNX model, and what {@code notebooks/run fruits} leaves, the README's first command.
 */
@Tag("slow")
class GuideCellsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The commands that run here. */
    private static final String FRUITS = "notebooks/run fruits";
    private static final String OWN = "notebooks/run my.ipynb -p name Lemon";

    @TempDir
    static Path folder;

    /** The reader brings a model; ours is torchvision's ResNet18 as exported at 224 pixels, with made-up weights. */
    private static final String MODEL = """
            import java.nio.ByteBuffer;
            import java.nio.ByteOrder;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import org.nd4j.shade.protobuf.ByteString;

            var model = onnx.Onnx.ModelProto.parseFrom(Files.readAllBytes(Path.of("%s"))).toBuilder();
            for (var tensor : model.getGraphBuilder().getInitializerBuilderList()) {
                int count = (int) tensor.getDimsList().stream().mapToLong(Long::longValue).reduce(1, (x, y) -> x * y);
                if (tensor.getDataType() == 1 && count > 16) {
                    ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
                    Random random = new Random(count);
                    float high = (float) Math.sqrt(6.0 * tensor.getDims(0) / count);
                    for (int i = 0; i < count; i++) {
                        float value = random.nextFloat();
                        values.putFloat(tensor.getDimsCount() > 1 ? (2 * value - 1) * high : 0.5f + value / 2);
                    }
                    tensor.setRawData(ByteString.copyFrom(values.array()));
                }
            }
            var shape = model.getGraphBuilder().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
            shape.getDimBuilder(2).setDimValue(224);
            shape.getDimBuilder(3).setDimValue(224);
            Files.write(Path.of("resnet18.onnx"), model.build().toByteArray());
            """.formatted(NotebookRun.HOME.resolve(
            "helpers/verger/src/test/resources/features/torchvision/resnet18-torchscript.onnx"));

    private static List<Guide> guides;
    private static NotebookRun fruits;
    private static NotebookRun own;
    private static JsonNode executed;

    /** Whether a command is one of those that this class runs. */
    static boolean runs(ShownCommand command) {
        return command.line().equals(FRUITS) || command.line().equals(OWN) || command.program().equals("duckdb");
    }

    @BeforeAll
    static void runThem() throws Exception {
        guides = Guide.all();
        fruits = NotebookRun.run(folder, folder, folder.resolve("out/fruits"), List.of("fruits"));
        Path sample = NotebookRun.HOME.resolve("data-sample");
        for (String place : List.of("tomorrow", "photographs")) {
            Path banana = Files.createDirectories(folder.resolve(place).resolve("Banana"));
            Files.copy(sample.resolve("Test/Banana/45_100.jpg"), banana.resolve("45_100.jpg"));
            Files.writeString(banana.resolve("list.txt"), "no photograph");
        }
        for (Block card : blocks("json")) {
            if (card.text().contains("inputSize")) {
                Files.writeString(folder.resolve("resnet18.json"), card.text());
            }
        }
        Path output = folder.resolve("out/my");
        own = NotebookRun.run(folder, folder, output, List.of(notebook().toString(), "-p", "name", "Lemon"));
        executed = JSON.readTree(output.resolve("my.ipynb").toFile());
    }

    @Test
    void theMainJobRuns() {
        assertThat(fruits.exitCode()).describedAs(fruits.screen()).isZero();
        assertThat(ShownCommand.of(guides)).anyMatch(command -> command.line().equals(FRUITS));
    }

    @Test
    void theFilesThatItLeavesAreThere() {
        List<String> files = Guide.of("README.md").rows("What you get").stream().flatMap(row -> spans(row.get(0))).toList();

        assertThat(files).contains("manifest.json", "charts/*.png")
                .allSatisfy(file -> assertThat(folder.resolve("out/fruits").resolve(file.replace("/*.png", ""))).exists());
    }

    @Test
    void everyCellRuns() {
        assertThat(own.exitCode()).describedAs(own.screen()).isZero();
        assertThat(ShownCommand.of(guides)).anyMatch(command -> command.line().equals(OWN));
        assertThat(executed.findValuesAsText("output_type")).doesNotContain("error");
    }

    @Test
    void theyShowWhatTheGuidesSay() {
        assertThat(own.screen()).containsPattern("\\d+ components explain 95 % of the variance")
                .contains("1280 features again", "2 new, 2 in the table", "resnet18 (512 features, engine onnx)");
        assertThat(texts("image/png")).hasSizeGreaterThanOrEqualTo(4).allMatch(png -> png.startsWith("iVBOR"));
        assertThat(texts("text/plain")).anyMatch(text -> text.startsWith("label | seen | probability\n"))
                .anyMatch(text -> text.startsWith("label | seen | n\n"))
                .anyMatch(text -> text.startsWith("fruit | count(1)\n"))
                .anyMatch(text -> text.endsWith(" | 100\n(5 rows)"));
        assertThat(texts("text/html")).anyMatch(html -> html.contains("<img src=\"data:image/jpeg;base64,"));
        assertThat(folder.resolve("out/bars.png")).isNotEmptyFile();
    }

    @Test
    void theTagOfTheParametersCellCounts() {
        assertThat(StreamSupport.stream(executed.get("cells").spliterator(), false).map(cell -> source(cell)))
                .anyMatch(source -> source.contains("String name = \"Lemon\";"));
    }

    @Test
    void theQueriesOfDuckDbRun() throws Exception {
        List<ShownCommand> queries = ShownCommand.of(guides).stream()
                .filter(command -> command.program().equals("duckdb")).toList();

        assertThat(queries).hasSizeGreaterThanOrEqualTo(2);
        for (ShownCommand query : queries) {
            assertThat(query.arguments()).hasSize(2).startsWith("-c");
            assertThat(fruits.query(query.arguments().get(1).replace("'out/fruits/", "'$out/"))).isNotBlank();
        }
    }

    @Test
    void everyPieceOfJsonIsACardOrARowOfAResult() throws IOException {
        for (Block block : blocks("json")) {
            JsonNode shown = JSON.readTree(block.text());
            if (shown.has("inputSize")) {
                continue; // the cells have used it: it lies beside the model
            }
            try (Stream<Path> parts = Files.list(folder.resolve("out/fruits/projection.json"))) {
                Path part = parts.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
                JsonNode real = JSON.readTree(Files.readAllLines(part).get(0));
                assertThat(shown.fieldNames()).describedAs("%s", block).toIterable()
                        .containsExactlyElementsOf(real::fieldNames);
                assertThat(shown.get("pca").size()).isEqualTo(real.get("pca").size());
            }
        }
    }

    @Test
    void theKeysOfTheManifestAreDescribed() throws IOException {
        List<String> described = Guide.of("helpers/docs/results.md").rows("The manifest").stream()
                .flatMap(row -> spans(row.get(0))).toList();

        assertThat(described).containsExactlyInAnyOrderElementsOf(() -> fieldNames(fruits));
    }

    private static java.util.Iterator<String> fieldNames(NotebookRun run) {
        try {
            return run.manifest().fieldNames();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Block> blocks(String... languages) {
        return guides.stream().flatMap(guide -> guide.blocks().stream())
                .filter(block -> List.of(languages).contains(block.language())).toList();
    }

    /** All cells, in the order in which a reader meets them; one that is said to be tagged is. */
    private static Path notebook() throws IOException {
        List<Block> cells = blocks("java", "sql");
        Path file = NotebookRun.notebook(folder.resolve("my.ipynb"),
                Stream.concat(Stream.of(MODEL), cells.stream().map(Block::text)).toArray(String[]::new));
        JsonNode notebook = JSON.readTree(file.toFile());
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).before().contains("the tag `parameters`")) {
                ((ObjectNode) notebook.get("cells").get(i + 1).get("metadata")).putArray("tags").add("parameters");
            }
        }
        return Files.write(file, JSON.writeValueAsBytes(notebook));
    }

    /** A notebook has a text of several lines as an array of them. */
    private static List<String> texts(String type) {
        // Not what stands under that name in an output's metadata.
        return executed.findValues("data").stream().filter(data -> data.has(type)).map(data -> joined(data.get(type))).toList();
    }

    private static String source(JsonNode cell) {
        return joined(cell.get("source"));
    }

    private static String joined(JsonNode lines) {
        return lines.isArray()
                ? StreamSupport.stream(lines.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining())
                : lines.asText();
    }
}
