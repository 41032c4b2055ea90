package verger.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A call of {@code notebooks/run}, as a user types it.
 *
 * @param exitCode of the process
 * @param screen   all that it printed
 * @param output   the folder it was given
 */
record NotebookRun(int exitCode, String screen, Path output) {

    static final Path HOME = Path.of(System.getProperty("verger.home"));

    /** In a kernel of a minute the optimizing compiler takes more of the processors than the notebook itself. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /** Runs {@code fruits} in {@code folder}, with its output in {@code folder/out}. */
    static NotebookRun fruits(Path folder, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of("fruits", "--output", output.toString()));
        command.addAll(Arrays.asList(arguments));
        return run(folder, folder, output, command);
    }

    /**
     * Runs the runner.
     *
     * @param from   the current folder of the call
     * @param folder for caches of its own
     * @param output what its results are looked for in
     */
    static NotebookRun run(Path from, Path folder, Path output, List<String> arguments)
            throws IOException, InterruptedException {
        return run(Map.of(), from, folder, output, arguments);
    }

    /** The same with more environment variables. */
    static NotebookRun run(Map<String, String> environment, Path from, Path folder, Path output, List<String> arguments)
            throws IOException, InterruptedException {
        Process process = start(environment, from, folder, arguments);
        try {
            String screen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new NotebookRun(process.waitFor(), screen, output);
        } finally {
            end(process);
        }
    }

    /** Options that keep a JVM from the user's weights and from the net. */
    static String alone(Path folder) {
        return "-Dorg.deeplearning4j.resources.directory=" + folder.resolve("dl4j")
                + " -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9";
    }

    /** Leaves nothing of a run behind, however far it has come: neither the runner nor its kernel. */
    static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Starts the runner; what it prints has to be read. */
    static Process start(Map<String, String> environment, Path from, Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("notebooks/run").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile()).redirectErrorStream(true);
        // A machine of its own: no weights from the user's caches, and nobody to download them from.
        builder.environment().put("VERGER_CACHE", folder.resolve("cache").toString());
        builder.environment().put("JAVA_TOOL_OPTIONS", SHORT_LIVED + " " + alone(folder));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Writes a notebook of these cells for the project's kernel. */
    static Path notebook(Path file, String... codes) throws IOException {
        List<Map<String, Object>> cells = new ArrayList<>();
        for (String code : codes) {
            cells.add(Map.of("id", "own" + cells.size(), "cell_type", "code", "source", code, "metadata", Map.of(),
                    "outputs", List.of(), "execution_count", 1));
        }
        Map<String, Object> kernel = Map.of("name", "verger", "language", "java", "display_name", "Java");
        return Files.write(file, new ObjectMapper().writeValueAsBytes(Map.of(
                "nbformat", 4, "nbformat_minor", 5, "metadata", Map.of("kernelspec", kernel), "cells", cells)));
    }

    /** What stands on the screen when all is over. */
    String lastLine() {
        List<String> lines = screen.strip().lines().toList();
        return lines.get(lines.size() - 1).replaceAll("\u001b\\[[0-9;]*m", "");
    }

    JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(output.resolve("manifest.json").toFile());
    }

    /** The one value that a DuckDB query gives; {@code $out} stands for the output folder. */
    String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet result = connection.createStatement().executeQuery(sql.replace("$out", output.toString()))) {
            result.next();
            return result.getString(1);
        }
    }
}
