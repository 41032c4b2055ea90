package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static verger.runs.Guide.spans;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What README, guides and CONTRIBUTING say of files, classes and parameters, is so. */
class GuidesTest {

    private static final Path SOURCES = NotebookRun.HOME.resolve("helpers/verger/src/main/java");

    /** As {@code KernelMain} says them. */
    private static final Set<String> IMPORTED_BY_THE_KERNEL =
            Stream.of("charts", "doctor", "features", "images", "networks", "notebook", "pca",
                    "similar", "sql", "storage", "tuning").map(name -> "verger." + name + ".*").collect(Collectors.toSet());

    @Test
    void theReadmeIsReadInFiveMinutes() throws IOException {
        assertThat(Files.size(NotebookRun.HOME.resolve("README.md"))).isLessThanOrEqualTo(12_000);
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Guide> all = Guide.everywhere();

        assertThat(all).extracting(Guide::toString).contains("README.md", "helpers/docs/README.md", ".github/CONTRIBUTING.md");
        for (Guide guide : all) {
            for (String link : guide.links()) {
                if (link.matches("[a-z]+:.*")) {
                    continue;
                }
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty() ? guide.file() : guide.file().resolveSibling(parts[0]).normalize();
                assertThat(target).describedAs("%s links to %s", guide, link).exists();
                if (parts.length == 2) {
                    assertThat(Guide.of(target).anchors()).describedAs("%s links to %s", guide, link).contains(parts[1]);
                }
            }
        }
    }

    @Test
    void everyGuideIsOneClickFromTheReadmeAndFromTheIndex() throws IOException {
        List<String> fromReadme = Guide.of("README.md").links();
        List<String> fromIndex = Guide.of("helpers/docs/README.md").links();

        try (Stream<Path> files = Files.list(NotebookRun.HOME.resolve("helpers/docs"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("README.md"))).isNotEmpty()
                    .allSatisfy(name -> {
                        assertThat(fromReadme).anyMatch(link -> link.startsWith("helpers/docs/" + name));
                        assertThat(fromIndex).contains(name);
                    });
        }
    }

    @Test
    void everyClassOfOursIsImportedWhereItIsUsed() throws IOException {
        Map<String, String> ours = publicClasses();
        List<Guide> guides = Guide.all();
        String start = code(guides.get(0));
        for (Guide guide : guides) {
            String cells = code(guide);
            Set<String> imported = Pattern.compile("import ([\\w.]+(?:\\.\\*)?);").matcher(start + cells).results()
                    .map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
            String bare = cells.replaceAll("(?m)^import .*$|//.*$|\"[^\"\n]*\"", "");
            imported.addAll(IMPORTED_BY_THE_KERNEL);
            Set<String> used = Pattern.compile("(?<![\\w.])([A-Z]\\w+)").matcher(bare).results()
                    .map(found -> found.group(1)).filter(ours::containsKey).collect(Collectors.toSet());
            assertThat(used).describedAs("%s", guide)
                    .allSatisfy(name -> assertThat(imported).containsAnyOf(ours.get(name) + "." + name, ours.get(name) + ".*"));
        }
    }

    private static String code(Guide guide) {
        return guide.blocks("java").stream().map(Guide.Block::text).collect(Collectors.joining("\n"));
    }

    /** The packages of our public classes, by their simple names. */
    private static Map<String, String> publicClasses() throws IOException {
        Map<String, String> packages = new HashMap<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(SOURCES)) {
            files = walk.filter(file -> file.toString().endsWith(".java")).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".java", "");
            if (Files.readString(file).matches("(?s).*^?public [\\w ]*(class|interface|record|enum) " + name + "\\b.*")) {
                packages.put(name, SOURCES.relativize(file.getParent()).toString().replace('/', '.'));
            }
        }
        return packages;
    }

    @Test
    void newImportsAreThereAndOldOnesAreNot() {
        List<List<String>> moved = Guide.of("helpers/docs/migrating.md").rows("From Verger 0.1.0");

        assertThat(moved).hasSizeGreaterThan(20).allSatisfy(row -> {
            assertThat(source(row.get(1))).exists();
            assertThat(source(row.get(0))).doesNotExist();
            assertThat(row.get(0)).endsWith(row.get(1).substring(row.get(1).lastIndexOf('.')));
        });
    }

    private static Path source(String className) {
        return SOURCES.resolve(className.replace("`", "").replace('.', '/') + ".java");
    }

    @Test
    void theHousesRoomsKnowWhatItsTableSays() throws IOException {
        List<List<String>> rooms = Guide.of("helpers/docs/architecture.md").rows("The packages");

        for (List<String> room : rooms) {
            String name = room.get(0).replace("`", "");
            assertThat(SOURCES.resolve("verger").resolve(name.replace('.', '/'))).isDirectory();
            if (room.size() == 3) {
                assertThat(spans(room.get(2)).toList()).describedAs(name).containsAll(imported(name));
            }
        }
        try (Stream<Path> folders = Files.walk(SOURCES.resolve("verger"))) {
            assertThat(rooms.stream().map(room -> room.get(0).replace("`", ""))).containsExactlyInAnyOrderElementsOf(
                    folders.filter(Files::isDirectory)
                            .map(path -> SOURCES.resolve("verger").relativize(path).toString().replace('/', '.'))
                            .filter(name -> !name.isEmpty()).toList());
        }
    }

    /** The rooms that the files of a room, its inner ones included, import from. */
    private static Set<String> imported(String room) throws IOException {
        Set<String> rooms = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES.resolve("verger").resolve(room))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Pattern.compile("^import (?:static )?verger\\.([a-z]+)\\.", Pattern.MULTILINE)
                        .matcher(Files.readString(file)).results()
                        .map(found -> found.group(1)).filter(other -> !other.equals(room)).forEach(rooms::add);
            }
        }
        return rooms;
    }

    @Test
    void whatDecidesIsWhereTheHouseSays() {
        List<List<String>> rows = Guide.of("helpers/docs/architecture.md").rows("Where is what?");

        assertThat(rows).hasSizeGreaterThan(15);
        for (List<String> row : rows) {
            List<String> classes = Pattern.compile("((?:`\\w+`(?:, | and )?)+) in `(verger[\\w.]*)`")
                    .matcher(row.get(1)).results()
                    .flatMap(found -> spans(found.group(1)).map(name -> found.group(2) + "." + name)).toList();
            assertThat(classes).allSatisfy(name -> assertThat(source(name)).exists());
            assertThat(spans(row.get(1)).filter(span -> span.contains("/"))).allSatisfy(
                    file -> assertThat(NotebookRun.HOME.resolve(file)).exists());
            assertThat(classes.isEmpty() && !row.get(1).matches(".*[/\\]`].*")).describedAs(row.get(1)).isFalse();
        }
    }

    private static final Pattern CARD = Pattern.compile(
            "new Network\\(\\s*\"([\\w-]+)\", (\\d+), [\\w.]*\\b(RGB|BGR),.*?\"[^\"]+\", (\\d+), \\d+, ", Pattern.DOTALL);

    /** Size and order of channels of the input, and the number of features. */
    @Test
    void theNetworksAreTheCards() throws IOException {
        Set<String> cards = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES.resolve("verger/networks"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                CARD.matcher(Files.readString(file)).results().map(card -> card.group(1) + ": " + card.group(2) + " × "
                        + card.group(2) + ", " + card.group(3) + "; " + card.group(4)).forEach(cards::add);
            }
        }

        assertThat(Guide.of("helpers/docs/networks.md").rows("The networks").stream()
                .flatMap(row -> Stream.of(row.get(0).split(", "))
                        .map(name -> name + ": " + row.get(1) + "; " + row.get(3).split(",")[0])))
                .hasSizeGreaterThanOrEqualTo(7).containsExactlyInAnyOrderElementsOf(cards);
    }

    @Test
    void theHousesFoldersAreThereAndListed() throws IOException {
        try (Stream<Path> helpers = Files.list(NotebookRun.HOME.resolve("helpers"))) {
            assertThat(Guide.of("helpers/docs/architecture.md").rows("The folders").stream().flatMap(row -> spans(row.get(0))))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("notebooks/", "data-sample/"),
                            helpers.filter(path -> Files.exists(path.resolve("pom.xml")) || Files.exists(path.resolve("launch"))
                                    || Files.exists(path.resolve("README.md")))
                                    .map(path -> "helpers/" + path.getFileName() + "/"))
                            .toList());
        }
    }

    @Test
    void contributorsFindTheFiles() {
        Guide contributing = Guide.of(".github/CONTRIBUTING.md");
        List<String> kinds = List.of("A network", "A chart", "A column of the results", "A notebook", "An EMR release");

        assertThat(kinds).allSatisfy(kind -> assertThat(contributing.rows(kind).stream().flatMap(row -> spans(row.get(0))))
                .hasSizeGreaterThanOrEqualTo(4).allSatisfy(file -> assertThat(NotebookRun.HOME.resolve(file)).isRegularFile()));
    }

    @Test
    void theVariablesOfTheEnvironmentAreRead() throws IOException {
        String readers = Files.readString(SOURCES.resolve("verger/Settings.java"))
                + Files.readString(NotebookRun.HOME.resolve("helpers/kernel/launch"))
                + Files.readString(NotebookRun.HOME.resolve("notebooks/run"));

        assertThat(Guide.of("helpers/docs/settings.md").rows("Environment variables").stream().flatMap(row -> spans(row.get(0)))
                .filter(name -> name.startsWith("VERGER_"))).hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(name -> assertThat(readers).contains(name));
    }
}
