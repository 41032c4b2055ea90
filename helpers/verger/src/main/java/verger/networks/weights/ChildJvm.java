package verger.networks.weights;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a main class in a JVM of its own, with the Java and the class path of this one, and with bounds: what a native library
 * does there to a damaged file ends that JVM and not this one.
 */
public final class ChildJvm {

    private static final long MIB = 1 << 20;

    /** Address space that a JVM reserves beside its heap and does not use: classes, code, stacks, libraries. */
    private static final long RESERVED = 3072 * MIB;

    /** What a JVM ends with on {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;
    /** A shell says 128 + the number of the signal, and so does Java. */
    private static final int KILLED_BY = 128;
    private static final int SIGNAL_OF_CPU_TIME = 24;

    private ChildJvm() {
    }

    /**
     * What a child may take.
     *
     * @param heap       bytes of its heap
     * @param beside     bytes that native libraries may take
     * @param cpuSeconds seconds of processor time, which the load of the machine does not change
     */
    public record Bounds(long heap, long beside, long cpuSeconds) {
    }

    /**
     * How a child ended.
     *
     * @param code      0 where all went well
     * @param why       what happened, to go on after "its reader"; empty where all went well
     * @param lastWords the last line that it wrote, or empty
     */
    public record Ended(int code, String why, String lastWords) {
    }

    /**
     * Runs the class, and waits for its end. The child ends with this JVM, too: a class that calls {@link #endWithParent}
     * notices.
     *
     * @throws IOException            if no JVM can be started
     * @throws InterruptedIOException if this thread is interrupted; the child is ended then
     */
    public static Ended run(Class<?> main, Bounds bounds, List<String> arguments) throws IOException {
        Path folder = ProcessFiles.newFolder("verger-child-");
        try {
            return run(main, bounds, arguments, folder);
        } finally {
            delete(folder);
        }
    }

    private static Ended run(Class<?> main, Bounds bounds, List<String> arguments, Path folder) throws IOException {
        Path words = folder.resolve("words");
        ProcessBuilder builder = new ProcessBuilder(command(main, bounds, arguments, folder))
                .redirectErrorStream(true).redirectOutput(words.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        // Each thread of OpenBLAS and each arena of malloc takes address space, which is bounded.
        builder.environment().put("OMP_NUM_THREADS", "2");
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Process child = builder.start();
        try {
            int code = child.waitFor();
            return new Ended(code, why(code, bounds), lastLine(words));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            child.destroyForcibly();
        }
    }

    private static List<String> command(Class<?> main, Bounds bounds, List<String> arguments, Path folder) throws IOException {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + bounds.heap() / MIB + "m",
                "-XX:+ExitOnOutOfMemoryError", "-XX:ErrorFile=" + folder.resolve("crash"),
                // It lives for seconds.
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=128m",
                "-XX:CompressedClassSpaceSize=128m", "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.maxBytes=" + bounds.beside(),
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=" + (bounds.heap() + bounds.beside()),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        for (String property : List.of("java.io.tmpdir", "user.home", "org.bytedeco.javacpp.cachedir",
                "org.bytedeco.javacpp.cacheDir", "log4j2.configurationFile", "verger.home", "verger.cache", "verger.weights")) {
            if (System.getProperty(property) != null) {
                java.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        Path options = folder.resolve("options");
        Files.writeString(options, "-cp\n\"" + classPath(main).replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n",
                Charset.forName(System.getProperty("sun.jnu.encoding"))); // as the launcher reads its arguments
        java.add("@" + options);
        java.add(main.getName());
        java.addAll(arguments);
        if (File.separatorChar == '\\') {
            return java; // no shell that could set bounds
        }
        long kilobytes = (bounds.heap() + bounds.beside() + RESERVED) / 1024;
        // A system that does not know one of them goes without it.
        List<String> shell = new ArrayList<>(List.of("/bin/sh", "-c",
                "ulimit -v " + kilobytes + " 2>/dev/null; ulimit -S -t " + bounds.cpuSeconds() + " 2>/dev/null; "
                        + "ulimit -c 0 2>/dev/null; exec \"$@\"",
                "child"));
        shell.addAll(java);
        return shell;
    }

    /** All that this JVM finds the class and its like by: what it was started with, and what Spark has added since. */
    private static String classPath(Class<?> main) {
        Set<String> entries = new LinkedHashSet<>();
        for (ClassLoader loader = main.getClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader instanceof URLClassLoader urls) {
                Stream.of(urls.getURLs()).map(ChildJvm::file).filter(file -> file != null).forEach(entries::add);
            }
        }
        entries.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        return entries.stream().filter(entry -> !entry.isEmpty()).collect(Collectors.joining(File.pathSeparator));
    }

    private static String file(URL url) {
        try {
            return url.getProtocol().equals("file") ? Path.of(url.toURI()).toString() : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String why(int code, Bounds bounds) {
        if (code == 0) {
            return "";
        }
        if (code == OUT_OF_MEMORY) {
            return "needs more than its " + bounds.heap() / MIB + " MB of heap";
        }
        if (code == KILLED_BY + SIGNAL_OF_CPU_TIME) {
            return "takes more than " + bounds.cpuSeconds() + " s of processor time";
        }
        return code > KILLED_BY ? "crashed (signal " + (code - KILLED_BY) + ")"
                : String.format(Locale.ROOT, "ended with exit code %d", code);
    }

    private static String lastLine(Path words) throws IOException {
        try (Stream<String> lines = new String(Files.readAllBytes(words), Charset.defaultCharset()).lines()) {
            return lines.map(String::strip).filter(line -> !line.isEmpty()).reduce("", (first, second) -> second);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Called by a child: it is to end when its parent does, whose end of the pipe closes then. */
    public static void endWithParent() {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nobody writes
                }
            } catch (IOException e) {
                // as if it were closed
            }
            Runtime.getRuntime().halt(1);
        }, "verger-parent");
        watch.setDaemon(true);
        watch.start();
    }
}
