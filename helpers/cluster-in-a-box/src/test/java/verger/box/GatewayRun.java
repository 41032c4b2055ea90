package verger.box;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A call of {@code notebooks/run --gateway}, as a user on another machine types it: without the cluster's credentials and
 * without its configuration.
 */
final class GatewayRun implements AutoCloseable {

    private final Process process;
    private final Path screen;

    private GatewayRun(Process process, Path screen) {
        this.process = process;
        this.screen = screen;
    }

    /** Starts a run whose executed notebook goes to {@code folder/here}. */
    static GatewayRun start(Box box, Path folder, String notebook, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Box.HOME.resolve("notebooks/run").toString(), notebook,
                "--gateway", box.gateway(), "--output", folder.resolve("here").toString()));
        command.addAll(List.of(arguments));
        Path screen = folder.resolve("screen.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(screen.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("KERNEL_"));
        builder.environment().put("KERNEL_USERNAME", box.user());
        return new GatewayRun(builder.start(), screen);
    }

    /** Writes a notebook of these cells for the kernel that the run names. */
    static String notebook(Path file, String... cells) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String code : cells) {
            all.add(Map.of("id", "cell" + all.size(), "cell_type", "code", "source", code, "metadata", Map.of(),
                    "outputs", List.of()));
        }
        Map<String, Object> kernel = Map.of("name", "verger", "language", "java", "display_name", "Java");
        Files.write(file, new ObjectMapper().writeValueAsBytes(Map.of(
                "nbformat", 4, "nbformat_minor", 5, "metadata", Map.of("kernelspec", kernel), "cells", all)));
        return file.toString();
    }

    /** Waits for the end of the run and returns papermill's exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroy();
            throw new AssertionError("The run did not end within 5 minutes: " + screen());
        }
        return process.exitValue();
    }

    /** Returns when the screen shows a text, or {@code true} of something else. */
    void await(BooleanSupplier condition) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3); !condition.getAsBoolean(); Thread.sleep(100)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("It did not come so far: " + screen());
            }
        }
    }

    /** Does this while the run is going on, every fifth of a second. */
    void during(Runnable look) throws InterruptedException {
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
            look.run();
        }
    }

    /** Ends a run that a failed test has left; the gateway deletes its kernel. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    String screen() {
        try {
            return Files.readString(screen);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
