package verger.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README, guides and CONTRIBUTING. Those that take a second or two run here. Of those that take an account, a
 * cluster or minutes, the tool itself is asked whether it has such options and parameters. {@link GuideCellsTest} runs the
 * rest.
 */
@Tag("slow")
class GuideCommandsTest {

    /** What checks a command; it throws where the command is wrong. */
    private interface Rule {
        void check(ShownCommand command) throws Exception;
    }

    /** The aws CLI is not among what the tests install: its commands that we show, and their options. */
    private static final Map<String, Set<String>> AWS = Map.of(
            "aws s3 cp", Set.of("--recursive"),
            "aws s3 sync", Set.of(),
            "aws ec2 enable-ebs-encryption-by-default", Set.of("--region"));

    private static final Set<String> EXPORTED = Set.of("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");

    private static final Map<String, String> HELP = new HashMap<>();

    @TempDir
    Path folder;

    /** By the program; a command without a rule fails. */
    private final Map<String, Rule> rules = Map.ofEntries(
            Map.entry("notebooks/run", this::runner),
            Map.entry("mvn", GuideCommandsTest::maven),
            Map.entry("aws", GuideCommandsTest::aws),
            Map.entry("export", command -> assertThat(command.words()).hasSize(2)
                    .last().matches(word -> EXPORTED.contains(word.split("=")[0]) && word.matches("[A-Z_]+=\\S+"))),
            Map.entry("helpers/emr/create-cluster", this::createCluster),
            Map.entry("helpers/emr/create-roles", this::options),
            Map.entry("helpers/emr/upload", this::options),
            Map.entry("helpers/emr/run-notebook", this::runNotebook),
            Map.entry("helpers/emr/terminate", this::options),
            Map.entry("helpers/cluster-in-a-box/start", this::options),
            Map.entry(".verger/venv/bin/pip", GuideCommandsTest::pip),
            Map.entry(".verger/venv/bin/jupyter", GuideCommandsTest::jupyterLab),
            Map.entry("jupyter", this::kernelspec));

    @TestFactory
    Stream<DynamicTest> everyCommand() {
        List<Guide> guides = new ArrayList<>(Guide.all());
        guides.add(Guide.of(".github/CONTRIBUTING.md"));
        return ShownCommand.of(guides).stream().filter(command -> !GuideCellsTest.runs(command))
                .map(command -> DynamicTest.dynamicTest(command.toString(), () -> {
                    Rule rule = rules.get(command.program());
                    if (rule == null) {
                        fail("No rule runs or checks " + command);
                    }
                    rule.check(command);
                }));
    }

    /** So that none is passed over. */
    @Test
    void everyBlockIsOfALanguageThatATestRuns() {
        assertThat(Guide.all()).flatExtracting(Guide::blocks)
                .allSatisfy(block -> assertThat(block.language()).isIn("sh", "java", "sql", "json", "properties"));
        assertThat(Guide.of(".github/CONTRIBUTING.md").blocks()).extracting(Guide.Block::language).containsOnly("sh");
    }

    @Test
    void theParametersOfFruitsAreTheNotebooks() throws Exception {
        assertThat(Guide.of("README.md").rows("Your own images").stream().map(row -> row.get(0).replace("`", "")))
                .containsExactlyElementsOf(parametersOf("fruits").keySet());
    }

    @Test
    void theSettingsOfS3AreS3As() throws Exception {
        List<Guide.Block> blocks = Guide.all().stream().flatMap(guide -> guide.blocks().stream())
                .filter(block -> block.language().equals("properties")).toList();
        String constants = hadoopsConstants();

        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(block.text().lines())
                .allSatisfy(line -> {
                    Matcher setting = Pattern.compile("spark\\.hadoop\\.(fs\\.s3a\\.[a-z.]+) +\\S+").matcher(line);
                    assertThat(line.startsWith("#") || setting.matches() && constants.contains(setting.group(1)))
                            .describedAs(line).isTrue();
                }));
    }

    /** The names of S3A's settings, as the class file holds them. */
    private static String hadoopsConstants() throws IOException {
        try (Stream<Path> jars = Files.walk(NotebookRun.HOME.resolve(".verger/current/spark/jars"))) {
            Path jar = jars.filter(file -> file.getFileName().toString().startsWith("hadoop-aws")).findFirst().orElseThrow();
            try (var zip = new java.util.zip.ZipFile(jar.toFile());
                    var in = zip.getInputStream(zip.getEntry("org/apache/hadoop/fs/s3a/Constants.class"))) {
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
        }
    }

    private void runner(ShownCommand command) throws Exception {
        List<String> arguments = command.arguments();
        if (arguments.size() == 2 && arguments.get(0).equals("--setup")) { // fetches a network's weights
            assertThat(NotebookRun.HOME.resolve("helpers/verger/src/main/java/verger/networks/Networks.java")).content()
                    .contains('"' + String.join(" ", arguments) + '"');
            return;
        }
        if (command.has("--setup") || command.has("--list-parameters")) {
            NotebookRun run = NotebookRun.run(folder, folder, folder, arguments);
            assertThat(run.exitCode()).describedAs(run.screen()).isZero();
            return;
        }
        options(command);
        Map<String, String> known = parametersOf(arguments.get(0));
        for (String[] given : command.parameters()) {
            assertThat(known).containsKey(given[0]);
            assertThat(given[1]).matches(switch (known.get(given[0])) {
                case "int", "Integer" -> "-?\\d+";
                case "double" -> "-?\\d+(\\.\\d+)?";
                case "int[]" -> "\\[\\d+(, ?\\d+)*]";
                default -> ".+";
            });
        }
    }

    /** Names and types, in the order in which the runner lists them. */
    private Map<String, String> parametersOf(String notebook) throws Exception {
        if (!HELP.containsKey(notebook)) {
            NotebookRun run = NotebookRun.run(folder, folder, folder, List.of(notebook, "--list-parameters"));
            assertThat(run.exitCode()).describedAs(run.screen()).isZero();
            HELP.put(notebook, run.screen());
        }
        Map<String, String> types = new LinkedHashMap<>();
        Pattern.compile("^(\\w+) +(\\S+) = ", Pattern.MULTILINE).matcher(HELP.get(notebook)).results()
                .forEach(found -> types.put(found.group(1), found.group(2)));
        return types;
    }

    private static void maven(ShownCommand command) throws IOException {
        String pom = Files.readString(NotebookRun.HOME.resolve("pom.xml"));
        List<String> arguments = command.arguments();
        List<String> goals = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("-pl")) {
                assertThat(pom).contains("<module>" + arguments.get(++i) + "</module>");
            } else if (argument.startsWith("-P")) {
                assertThat(pom).contains("<id>" + argument.substring(2) + "</id>");
            } else if (argument.startsWith("-Dtest=")) {
                assertThat(tests(argument.substring("-Dtest=".length()))).describedAs(argument).isNotEmpty();
            } else if (argument.startsWith("-")) {
                assertThat(argument).isIn("-q", "-am", "-DskipTests", "-Dsurefire.failIfNoSpecifiedTests=false",
                        "-Dverger.fuzz.seconds=600");
            } else {
                goals.add(argument);
            }
        }
        assertThat(goals).isNotEmpty().isSubsetOf("test", "package", "verify");
    }

    /** The tests of a pattern as surefire takes it: a name, or a path below the sources, with * and **. */
    private static List<Path> tests(String pattern) throws IOException {
        String path = pattern.contains("/") ? pattern.replace("/**/", "/{**/,}") : "**/" + pattern + ".java";
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:**/src/test/java/" + path);
        try (Stream<Path> files = Files.walk(NotebookRun.HOME.resolve("helpers"))) {
            return files.filter(matcher::matches).toList();
        }
    }

    private static void aws(ShownCommand command) {
        String known = AWS.keySet().stream().filter(start -> command.line().startsWith(start + " ")).findFirst()
                .orElseGet(() -> fail("not known: " + command));
        assertThat(AWS.get(known)).containsAll(command.options());
        if (known.startsWith("aws s3 ")) {
            assertThat(command.words().stream().skip(3).filter(word -> !word.startsWith("--"))).hasSize(2)
                    .anyMatch(place -> place.matches("s3://[a-z0-9-]+/.+"));
        }
    }

    /** It prints the request, and needs no account for that. */
    private void createCluster(ShownCommand command) throws Exception {
        options(command); // argparse takes the beginning of an option for it
        List<String> words = new ArrayList<>(command.words());
        words.add("--dry-run");
        NotebookRun run = run(Map.of("AWS_REGION", "eu-central-1"), NotebookRun.HOME, words);

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        String request = run.screen().substring(run.screen().indexOf("{\n"), run.screen().lastIndexOf("}") + 1);
        assertThat(new ObjectMapper().readTree(request).get("Steps").toString()).contains("s3://my-fruits/verger/");
        if (command.has("--notebook")) {
            parametersFit(command, command.words().get(command.words().indexOf("--notebook") + 1));
        }
    }

    private void runNotebook(ShownCommand command) throws Exception {
        options(command);
        assertThat(command.arguments().get(0)).matches("j-[A-Z0-9]+");
        parametersFit(command, command.arguments().get(1));
    }

    private void parametersFit(ShownCommand command, String notebook) throws Exception {
        assertThat(parametersOf(notebook).keySet()).containsAll(command.parameters().stream().map(given -> given[0]).toList());
    }

    /** The tool itself says which options it has. */
    private void options(ShownCommand command) throws Exception {
        String help = help(command.program());
        assertThat(command.options()).allSatisfy(option -> assertThat(help).containsPattern(Pattern.quote(option) + "\\b"));
    }

    private String help(String program) throws Exception {
        if (!HELP.containsKey(program)) {
            NotebookRun run = run(Map.of(), NotebookRun.HOME, List.of(program, "--help"));
            assertThat(run.exitCode()).describedAs(run.screen()).isZero();
            HELP.put(program, run.screen());
        }
        return HELP.get(program);
    }

    private static void pip(ShownCommand command) throws Exception {
        assertThat(command.arguments()).containsExactly("install", "jupyterlab");
        assertThat(NotebookRun.HOME.resolve(command.program())).isExecutable();
    }

    /** What the line before it installs has this subcommand. */
    private static void jupyterLab(ShownCommand command) {
        assertThat(command.arguments()).containsExactly("lab", "notebooks");
        assertThat(NotebookRun.HOME.resolve(command.program())).isExecutable();
        assertThat(NotebookRun.HOME.resolve("notebooks")).isDirectory();
        assertThat(command.block().text()).contains("pip install jupyterlab");
    }

    /** In a home of its own, by the Jupyter that there is. */
    private void kernelspec(ShownCommand command) throws Exception {
        assertThat(command.arguments()).startsWith("kernelspec", "install");
        String path = NotebookRun.HOME.resolve(".verger/venv/bin") + ":" + System.getenv("PATH");
        NotebookRun run = run(Map.of("HOME", folder.toString(), "JUPYTER_DATA_DIR", folder + "/jupyter", "PATH", path),
                NotebookRun.HOME, command.words());

        assertThat(run.exitCode()).describedAs(run.screen()).isZero();
        assertThat(folder.resolve("jupyter/kernels/verger/kernel.json")).content().contains("Java on Spark (Verger)");
    }

    private NotebookRun run(Map<String, String> environment, Path from, List<String> words) throws Exception {
        List<String> line = new ArrayList<>(List.of("bash", "-c", "\"$0\" \"$@\""));
        line.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(line).directory(from.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String screen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new NotebookRun(process.waitFor(), screen, folder);
    }
}
