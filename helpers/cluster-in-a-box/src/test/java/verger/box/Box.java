package verger.box;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A cluster in a box, started as a user does, with {@code helpers/cluster-in-a-box/start}.
 *
 * <p>A test class with {@code @ExtendWith(BoxExtension.class)} takes one as a parameter; all share it.
 */
public final class Box implements AutoCloseable {

    /** The project. */
    public static final Path HOME = Path.of(System.getProperty("verger.home"));

    static final Path FOLDER = HOME.resolve(".verger/box");
    private static final HttpClient HTTP = HttpClient.newBuilder().proxy(ProxySelector.of(null)).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process start;
    private final JsonNode connection;

    private Box(Process start, JsonNode connection) {
        this.start = start;
        this.connection = connection;
    }

    /** Starts a box with what Maven has built, and returns when it is ready. */
    public static Box start() throws IOException, InterruptedException {
        Path screen = Files.createDirectories(HOME.resolve("helpers/cluster-in-a-box/target")).resolve("box.txt");
        Path state = FOLDER.resolve("box.json");
        ProcessBuilder builder = new ProcessBuilder(command("--built"));
        Process start = builder.redirectErrorStream(true).redirectOutput(screen.toFile()).start();
        while (!Files.readString(screen).contains("Ready in ")) {
            if (!start.isAlive()) {
                throw new IOException("The box did not start:\n" + Files.readString(screen));
            }
            Thread.sleep(100);
        }
        return new Box(start, JSON.readTree(state.toFile()));
    }

    /** The version that the EMR release brings of something, as {@code helpers/emr/release.properties} has it. */
    static String release(String name) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(HOME.resolve("helpers/emr/release.properties"))) {
            properties.load(reader);
        }
        return properties.getProperty(name);
    }

    /** A call of the start script. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("helpers/cluster-in-a-box/start").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** URL of the gateway. */
    public String gateway() {
        return connection.get("gateway").asText();
    }

    /** URL of the ResourceManager. */
    public String yarn() {
        return connection.get("yarn").asText();
    }

    /** {@code hdfs://host:port}. */
    public String hdfs() {
        return connection.get("hdfs").asText();
    }

    /** URL of the S3 endpoint. */
    public String s3() {
        return connection.get("s3").asText();
    }

    /** Where the objects of a bucket lie. */
    public Path bucket(String name) {
        return FOLDER.resolve("s3").resolve(name);
    }

    /** Log files of all parts, those of the containers below {@code containers}. */
    public Path logs() {
        return FOLDER.resolve("logs");
    }

    /** Whom the cluster runs as: the clients' {@code KERNEL_USERNAME}. */
    public String user() {
        return connection.get("user").asText();
    }

    /** What a client on the cluster has in its environment: SPARK_HOME, HADOOP_CONF_DIR, the credentials of S3 and so on. */
    public Map<String, String> environment() {
        return JSON.convertValue(connection.get("environment"), new TypeReference<Map<String, String>>() {});
    }

    /** What one of the box's addresses answers, as JSON. */
    public static JsonNode get(String url) throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/json").build();
        HttpResponse<String> answer = HTTP.send(question, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(url + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** YARN's applications, the newest last: {@code id}, {@code name}, {@code state}, {@code finalStatus} and more. */
    public List<JsonNode> applications() throws IOException, InterruptedException {
        return StreamSupport.stream(get(yarn() + "/ws/v1/cluster/apps").at("/apps/app").spliterator(), false)
                .sorted((a, b) -> a.get("id").asText().compareTo(b.get("id").asText())).toList();
    }

    /** One application. */
    public JsonNode application(String id) throws IOException, InterruptedException {
        return get(yarn() + "/ws/v1/cluster/apps/" + id).get("app");
    }

    /** Waits until YARN knows how an application ended; returns {@code SUCCEEDED}, {@code FAILED} or {@code KILLED}. */
    public String finalStatus(String id) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); System.nanoTime() < end; Thread.sleep(200)) {
            String status = application(id).get("finalStatus").asText();
            if (!status.equals("UNDEFINED")) {
                return status;
            }
        }
        throw new IOException("After 60 s " + id + " has not ended: " + application(id));
    }

    /** The executors that a running application has or had: {@code id}, {@code isActive}, {@code totalTasks} and more. */
    public List<JsonNode> executors(String application) throws IOException, InterruptedException {
        JsonNode all = get(yarn() + "/proxy/" + application + "/api/v1/applications/" + application + "/allexecutors");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(executor -> !executor.get("id").asText().equals("driver")).toList();
    }

    /** Deletes a kernel in the gateway, as soon as that lets it. */
    public void deleteKernel(String id) throws IOException, InterruptedException {
        HttpRequest delete = HttpRequest.newBuilder(URI.create(gateway() + "/api/kernels/" + id)).DELETE().build();
        HttpResponse<String> answer = HTTP.send(delete, HttpResponse.BodyHandlers.ofString());
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(150);
                answer.statusCode() == 500 && System.nanoTime() < end; Thread.sleep(1000)) {
            answer = HTTP.send(delete, HttpResponse.BodyHandlers.ofString());
        }
        if (answer.statusCode() >= 300) {
            throw new IOException(
                    "The gateway does not delete kernel " + id + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** All processes of the box but the one that started it: daemons, gateway, kernels, YARN's containers. */
    public List<ProcessHandle> processes() {
        return start.descendants().toList();
    }

    /**
     * Those of them whose command line contains all these words, such as {@code CoarseGrainedExecutorBackend}; not the
     * shells in which YARN starts them.
     */
    public List<ProcessHandle> processes(String... words) {
        return processes().stream().filter(process -> {
            String commandLine = commandLine(process);
            return !commandLine.matches("(?s)(/\\S*/)?(ba|da)?sh .*") && Stream.of(words).allMatch(commandLine::contains);
        }).toList();
    }

    /** {@code kill -9} of these processes; returns how many there were. */
    public int kill(String... words) throws IOException, InterruptedException {
        List<ProcessHandle> victims = processes(words);
        for (ProcessHandle victim : victims) {
            new ProcessBuilder("kill", "-9", Long.toString(victim.pid())).start().waitFor();
        }
        return victims.size();
    }

    /** The command line of a process; nothing if it has ended. */
    public static String commandLine(ProcessHandle process) {
        try {
            // ProcessHandle.Info leaves long ones out, and a class path is long.
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ').strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Runs a command as the box's user with its environment. */
    public Output run(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (!user().equals(System.getProperty("user.name"))) {
            line.addAll(List.of("runuser", "-u", user(), "--"));
        }
        line.addAll(List.of(command));
        Path screen = Files.createTempFile("box-command", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(line).directory(Path.of("/").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment());
            int exitCode = builder.redirectErrorStream(true).redirectOutput(screen.toFile()).start().waitFor();
            return new Output(exitCode, Files.readString(screen));
        } finally {
            Files.delete(screen);
        }
    }

    /**
     * What a command did.
     *
     * @param screen all that it printed
     */
    public record Output(int exitCode, String screen) {
    }

    /** The process that started all others. */
    public ProcessHandle process() {
        return start.toHandle();
    }

    /** Whether it has not been stopped. */
    public boolean isRunning() {
        return start.isAlive();
    }

    /** Stops it as SIGTERM does, and waits for its end. */
    @Override
    public void close() throws InterruptedException {
        start.toHandle().destroy();
        start.waitFor();
    }
}
