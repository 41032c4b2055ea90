package verger.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkContext;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has executors run the lambdas, methods and classes of cells, which exist in the memory of the kernel only.
 *
 * <p>Spark has a door for it, made for its Scala shell: the driver serves the class files of a folder, and executors look there
 * for what they do not know. The kernel keeps the bytes of each class that JShell compiles in a map, which is replaced by one
 * that writes an {@link ExecutorCopy} of them into that folder as well.
 */
final class CellClasses {

    /** Spark's own setting of the folder; read when a SparkContext starts. */
    private static final String SETTING = "spark.repl.class.outputDir";

    private static final Logger LOG = LoggerFactory.getLogger(CellClasses.class);

    private CellClasses() {
    }

    /**
     * Serves what cells of this kernel define from now on, to executors of Spark sessions that start from now on; does nothing
     * where the master is this process.
     *
     * @return what takes the variables along that the cells read
     */
    static Consumer<SparkContext> serve(BaseKernel kernel) {
        if (!hasExecutors()) {
            return context -> { };
        }
        try {
            Path folder = folder();
            Object evaluator = KernelParts.evaluator(kernel);
            Object delegate = KernelParts.field(evaluator, "loaderDelegate").get(evaluator);
            ClassLoader cells = (ClassLoader) KernelParts.field(delegate, "classLoader").get(delegate);
            Field declared = KernelParts.field(delegate, "declaredClasses");
            CellVariables variables = new CellVariables(cells, folder);
            Served served = new Served(folder, variables);
            ((Map<?, ?>) declared.get(delegate)).forEach((name, bytes) -> served.put((String) name, (byte[]) bytes));
            declared.set(delegate, served);
            return variables::goAlong;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("Lambdas and classes of cells will not run on executors: this kernel is not the JJava that Verger knows ({})",
                    e.toString());
            return context -> { };
        }
    }

    /**
     * The folder, which a SparkContext serves that is started after the first call of this. Not where the kernel is the executor:
     * Spark serves any file of this user to whoever reaches its port and asks for one above the folder.
     */
    static synchronized Path folder() {
        String known = System.getProperty(SETTING);
        if (known != null) {
            return Path.of(known);
        }
        try {
            Path folder = Files.createTempDirectory("verger-cells-"); // readable to its owner only
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtil.fullyDelete(folder.toFile())));
            System.setProperty(SETTING, folder.toString());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the classes of cells", e);
        }
    }

    /** Whether executors are other processes, as far as is known before Spark starts. */
    private static boolean hasExecutors() {
        String master = System.getProperty("spark.master", "local");
        return !master.equals("local") && !master.startsWith("local[");
    }

    /** Classes by name, which are written to a folder. */
    private static final class Served extends ConcurrentHashMap<String, byte[]> {

        private static final long serialVersionUID = 1L;

        private final transient Path folder;
        private final transient CellVariables variables;

        Served(Path folder, CellVariables variables) {
            this.folder = folder;
            this.variables = variables;
        }

        @Override
        public byte[] put(String name, byte[] bytes) {
            try {
                Path file = folder.resolve(name.replace('.', '/') + ".class");
                Files.createDirectories(file.getParent());
                Files.write(file, ExecutorCopy.of(bytes, variables::isRead));
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} will not run on executors: {}", name, e.toString());
            }
            return super.put(name, bytes);
        }
    }
}
