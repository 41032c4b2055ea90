package verger.files;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Says which machine this is, and of one of its processes whether it is still the same one. */
public final class ThisMachine {

    /** What is known of a process here. */
    public enum State {
        /** There is no such process any more. */
        GONE,
        /** It can do something. */
        RUNS,
        /** It is stopped, or what it does cannot be seen. */
        UNKNOWN
    }

    private static final Path PROC = Path.of("/proc");
    /** Of the fields that follow the name of the program in {@code /proc/<pid>/stat}: proc(5) counts from 1, the name is 2. */
    private static final int STATE = 3 - 3;
    private static final int START = 22 - 3;

    private ThisMachine() {
    }

    /** The name of the host, for people. */
    public static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
        }
    }

    /** The same for all processes that see each other's numbers: host, its last start, and the container that counts them. */
    public static String id() {
        return host() + " " + text(PROC.resolve("sys/kernel/random/boot_id")) + " " + link(PROC.resolve("self/ns/pid"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "-"; // no Linux
        }
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "-"; // no Linux
        }
    }

    /** When a process began, as the same text at every look; empty if there is no such process, or nobody may see it. */
    public static String startOf(long pid) {
        String[] stat = stat(pid);
        return stat != null ? stat[START]
                : ProcessHandle.of(pid).flatMap(process -> process.info().startInstant()).map(Instant::toString).orElse("");
    }

    /**
     * What a process does that was here.
     *
     * @param start what {@link #startOf} said of it: numbers are used again
     */
    public static State state(long pid, String start) {
        String[] stat = stat(pid);
        if (stat != null) {
            boolean dead = !stat[START].equals(start) || stat[STATE].matches("[ZX]");
            return dead ? State.GONE : stat[STATE].matches("[Tt]") ? State.UNKNOWN : State.RUNS;
        }
        if (Files.exists(PROC.resolve("self")) && !Files.exists(PROC.resolve("1/stat"))) {
            return State.UNKNOWN; // Linux may hide the processes of others
        }
        return startOf(pid).equals(start) && !start.isEmpty() ? State.RUNS : State.GONE;
    }

    private static String[] stat(long pid) {
        String stat = text(PROC.resolve(pid + "/stat"));
        int name = stat.lastIndexOf(')'); // of the program, which may hold anything
        return name < 0 ? null : stat.substring(name + 2).split(" ");
    }
}
