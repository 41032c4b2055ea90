package verger.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.files.ThisMachine;

/** A JVM of its own that saves and publishes results when it is told to, to be paused and killed at any moment. */
final class PublishingProcess implements Closeable {

    /** What a run saves beside those of its own: the same in all runs, as the same photographs give. */
    static final String SAME = "same.csv";

    static final int PARTS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(PublishingProcess.class);

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    private PublishingProcess(Process process) {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, UTF_8);
        this.answers = process.inputReader(UTF_8);
    }

    /**
     * Starts one, and waits until it can take orders.
     *
     * @param settings of Hadoop
     */
    static PublishingProcess start(Map<String, String> settings, int leaseSeconds, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dverger.lease.seconds="
                + leaseSeconds));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PublishingProcess.class.getName()));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        PublishingProcess started = new PublishingProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start());
        if (!started.answer().equals("ready")) {
            throw new IllegalStateException("The process did not start: see " + log);
        }
        return started;
    }

    /** Takes the output for a run, and saves everything: answered by {@code begun} or the reason why not. */
    void begin(String output, String run) {
        orders.println("begin\t" + output + "\t" + run);
    }

    /** Answered by {@code published} or the reason why not. */
    void publish() {
        orders.println("publish");
    }

    String answer() {
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("The process has ended: " + process);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void pause() throws Exception {
        signal("STOP");
        String start = ThisMachine.startOf(process.pid());
        while (ThisMachine.state(process.pid(), start) == ThisMachine.State.RUNS) {
            Thread.sleep(1); // until the signal has arrived
        }
    }

    void goOn() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        if (new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("cannot send SIG" + name + " to " + process);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] settings) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, UTF_8);
        System.setOut(System.err); // where logs may go
        Configuration conf = new Configuration();
        for (String setting : settings) {
            conf.set(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        answers.println("ready");
        OutputFolder folder = null;
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split("\t");
            try {
                if (words[0].equals("begin")) {
                    folder = new OutputFolder(conf, words[1], words[2]);
                    save(folder, conf, words[2]);
                    answers.println("begun");
                } else {
                    folder.publish();
                    answers.println("published");
                }
            } catch (RuntimeException e) {
                answers.println(e.getMessage().replace('\n', ' '));
                LOG.info("{} failed", words[0], e);
            }
        }
    }

    /** Files and a table that say whose they are; every other run has a file more. */
    static void save(OutputFolder folder, Configuration conf, String run) throws IOException {
        List<String> names = new ArrayList<>(List.of("a.txt", "charts/b.png", "c.txt"));
        if (run.hashCode() % 2 == 0) {
            names.add("only-of-some.txt");
        }
        for (String name : names) {
            folder.save(name, (run + " " + name).getBytes(UTF_8));
        }
        folder.save(SAME, SAME.getBytes(UTF_8));
        org.apache.hadoop.fs.Path table = folder.staged("t.parquet");
        FileSystem fs = table.getFileSystem(conf);
        for (int part = 0; part < PARTS; part++) {
            try (FSDataOutputStream out = fs.create(new org.apache.hadoop.fs.Path(table, "part-" + part + "-" + run))) {
                out.write((run + " part").getBytes(UTF_8));
            }
        }
        fs.create(new org.apache.hadoop.fs.Path(table, "_SUCCESS")).close();
        ObjectMapper json = new ObjectMapper();
        ObjectNode manifest = json.createObjectNode();
        manifest.put("name", run);
        manifest.set("run", json.valueToTree(folder.run().toManifest()));
        manifest.set("files", json.valueToTree(folder.saved()));
        folder.saveManifest(json.writeValueAsBytes(manifest));
    }
}
