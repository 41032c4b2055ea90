package verger.kernel.cells;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has executors run the lambdas, methods and classes of cells, which exist in the memory of the kernel only.
 *
 * <p>Spark has a door for it, made for its Scala shell: the driver serves the class files of a folder, and executors look there
 * for what they do not know. So an {@link ExecutorCopy} of each class that JShell makes is written there. Nothing is where the
 * master is this process.
 */
public final class CellClasses {

    /** Spark's own setting of the folder; read when a SparkContext starts. */
    private static final String SETTING = "spark.repl.class.outputDir";

    private static final Logger LOG = LoggerFactory.getLogger(CellClasses.class);

    /** Of this process; null before the first call of {@link #folder()}. */
    private static Path served;

    /** Null where the kernel is the executor. */
    private final Path folder;
    private volatile CellVariables variables;

    private CellClasses(Path folder) {
        this.folder = folder;
    }

    /** Serves to executors of Spark sessions that start from now on. */
    static CellClasses served() {
        return new CellClasses(hasExecutors() ? folder() : null);
    }

    /** From now on jobs take the variables of these cells along. */
    void of(ClassLoader cells) {
        if (folder != null) {
            variables = new CellVariables(cells, folder);
        }
    }

    /** Writes the copy of a class. */
    void write(String name, byte[] bytes) {
        if (variables == null) {
            return;
        }
        try {
            Path file = folder.resolve(name.replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, ExecutorCopy.of(bytes, variables::isRead));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} will not run on executors: {}", name, e.toString());
        }
    }

    /** Has the jobs of a Spark session take the variables along. */
    void goAlong(SparkContext context) {
        if (variables != null) {
            variables.goAlong(context);
        }
    }

    /**
     * The folder, which a SparkContext serves that is started after the first call of this, as {@link ClassServer} has it. Not
     * where the kernel is the executor: what is not served needs no guard.
     */
    public static synchronized Path folder() {
        if (served != null) {
            return served;
        }
        String known = System.getProperty(SETTING);
        if (known != null) {
            served = Path.of(known);
            return served;
        }
        try {
            Path root = Files.createTempDirectory("verger-cells-"); // readable to its owner only
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtil.fullyDelete(root.toFile())));
            served = Files.createDirectory(root.resolve("classes"));
            System.setProperty(SETTING, root.resolve("served").toString());
            ClassServer.register(root.resolve("served"), served);
            return served;
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the classes of cells", e);
        }
    }

    /** Whether executors are other processes, as far as is known before Spark starts. */
    private static boolean hasExecutors() {
        String master = System.getProperty("spark.master", "local");
        return !master.equals("local") && !master.startsWith("local[");
    }
}
