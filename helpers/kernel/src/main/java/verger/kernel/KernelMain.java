package verger.kernel;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.util.PathsHandler;
import org.dflib.jjava.kernel.magics.ClasspathMagic;
import org.dflib.jjava.kernel.magics.JarsMagic;
import org.dflib.jjava.kernel.magics.LoadMagic;
import org.dflib.jjava.kernel.magics.TimeMagic;
import org.dflib.jjava.maven.MavenDependencyResolver;
import org.dflib.jjava.maven.magics.AddMavenDependencyMagic;
import org.dflib.jjava.maven.magics.LoadFromPomCellMagic;
import org.dflib.jjava.maven.magics.LoadFromPomLineMagic;
import org.dflib.jjava.maven.magics.MavenMagic;
import org.dflib.jjava.maven.magics.MavenRepoMagic;
import verger.kernel.cells.Statement;
import verger.kernel.channels.CellOutput;
import verger.kernel.channels.KernelConnection;
import verger.kernel.channels.StartedBy;
import verger.kernel.values.Displays;

/** The main class of a kernel on this machine. */
public final class KernelMain {

    /** What notebooks begin with; JJava imports java.util and other packages of the JDK. */
    private static final String IMPORTS = Stream.of("org.apache.spark.sql", "verger.charts", "verger.doctor", "verger.features",
            "verger.images", "verger.networks", "verger.notebook", "verger.pca", "verger.similar", "verger.sql",
            "verger.storage",
            "verger.tuning")
            .map(name -> "import " + name + ".*;").collect(Collectors.joining("\n"));

    private KernelMain() {
    }

    /** @param arguments the connection file that Jupyter wrote */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1 || !Files.isRegularFile(Path.of(arguments[0]))) {
            throw new IllegalArgumentException("A kernel takes its connection file: got " + List.of(arguments));
        }
        run(Path.of(arguments[0]));
    }

    /** Serves a kernel until it is shut down. */
    static void run(Path connectionFile) throws Exception {
        ParentWatch.start();
        shareSecret();
        CellOutput output = new CellOutput(StartedBy.server(), Statement::isInterrupted);
        KernelConnection connection = new KernelConnection(
                KernelConnectionProperties.parse(Files.readString(connectionFile)), output);
        VergerKernel kernel = started(output);
        kernel.addToClasspath(System.getenv("JJAVA_CLASSPATH"));
        startScripts().forEach(script -> kernel.evalBuilder(script).resolveMagics().eval());
        output.install();
        System.setIn(kernel.getIO().in); // asks the user
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        connection.waitUntilClose();
    }

    /** The kernel as a notebook finds it. */
    static VergerKernel started(CellOutput output) {
        VergerKernel kernel = kernel(output);
        kernel.onStartup();
        kernel.evalBuilder(IMPORTS + "\nimport static " + Displays.class.getName() + ".*;").eval();
        return kernel;
    }

    /** JJava's: files and patterns of names first, then a text. */
    private static List<String> startScripts() throws IOException {
        List<String> scripts = new ArrayList<>();
        for (Path file : PathsHandler.splitAndResolveGlobs(System.getenv().getOrDefault("JJAVA_STARTUP_SCRIPTS_PATH", ""))) {
            if (Files.isRegularFile(file)) {
                scripts.add(Files.readString(file));
            }
        }
        Optional.ofNullable(System.getenv("JJAVA_STARTUP_SCRIPT")).ifPresent(scripts::add);
        return scripts;
    }

    private static List<String> words(String text) {
        return Stream.of(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    /** On YARN and on one machine Spark makes the secret that executors ask for; of the processes of local-cluster we have to. */
    private static void shareSecret() {
        if (System.getProperty("spark.master", "").startsWith("local-cluster[")
                && Boolean.getBoolean("spark.authenticate") && System.getProperty("spark.authenticate.secret") == null) {
            System.setProperty("spark.authenticate.secret", new BigInteger(256, new SecureRandom()).toString(16));
        }
    }

    @SuppressWarnings("removal") // the magics go when JJava's own do
    private static VergerKernel kernel(CellOutput output) {
        MavenDependencyResolver maven = new MavenDependencyResolver();
        TimeMagic time = new TimeMagic();
        TraceMagic traces = new TraceMagic(StartedBy.server());
        return new VergerKernel.Builder(output, traces)
                .name("Verger")
                .compilerOpts(words(System.getenv().getOrDefault("JJAVA_COMPILER_OPTS", "")))
                .version(String.valueOf(KernelMain.class.getPackage().getImplementationVersion()))
                .lineMagic("load", new LoadMagic())
                .lineMagic("classpath", new ClasspathMagic())
                .lineMagic("lsmagic", new ListMagic())
                .lineMagic("time", time)
                .lineMagic("trace", traces)
                .cellMagic("time", time)
                .lineMagic("maven", new MavenMagic(maven))
                .lineMagic("mavenRepo", new MavenRepoMagic(maven))
                .lineMagic("loadFromPOM", new LoadFromPomLineMagic(maven))
                .cellMagic(SqlMagic.NAME, new SqlMagic())
                .cellMagic("loadFromPOM", new LoadFromPomCellMagic(maven))
                .lineMagic("jars", new JarsMagic())
                .lineMagic("addMavenDependency", new AddMavenDependencyMagic(maven))
                .build();
    }
}
