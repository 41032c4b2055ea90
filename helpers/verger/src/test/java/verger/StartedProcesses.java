package verger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** The processes that this JVM starts, as the JDK itself writes them down. */
public final class StartedProcesses {

    private StartedProcesses() {
    }

    /**
     * Does some work.
     *
     * @return the command of each process that was started meanwhile, of whatever thread
     */
    public static List<String> during(Callable<?> work) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ProcessStart").withoutThreshold().withoutStackTrace();
            recording.start();
            work.call();
            recording.stop();
            return commands(recording);
        }
    }

    private static List<String> commands(Recording recording) throws IOException {
        Path file = Files.createTempFile("processes", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream().map(event -> event.getString("command")).toList();
        } finally {
            Files.delete(file);
        }
    }
}
