package verger.kernel.cells;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.notebook.CellVariable;

/**
 * Has the jobs of a notebook take along the values of the variables that lambdas, methods and classes of its cells read.
 *
 * <p>Spark copies the properties of the thread that starts a job, and hands the copy to its tasks: while it is copied, the values
 * are written to the folder that executors fetch classes from, under the digest of their bytes, and the copy says which they are.
 * So a job has what a variable holds when the job starts, as without executors.
 */
final class CellVariables {

    /** A task should not fetch more bytes. */
    private static final int MOST = 1 << 20;

    /** Letters of an exception that are kept, as they go along with every task. */
    private static final int MOST_SAID = 300;

    private static final Logger LOG = LoggerFactory.getLogger(CellVariables.class);

    private final ClassLoader cells;
    private final Path folder;
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private volatile SparkContext served;

    /**
     * Knows of no variable yet.
     *
     * @param cells  has the classes of cells
     * @param folder where values are written to
     */
    CellVariables(ClassLoader cells, Path folder) {
        this.cells = cells;
        this.folder = folder;
    }

    /** Notes that code which may run on an executor reads a variable of a cell's class. */
    void isRead(String variable) {
        read.add(variable);
    }

    /** Has the jobs of a Spark session take the values along, where executors are other processes. */
    void goAlong(SparkContext context) {
        if (context.isLocal() || context == served) {
            return;
        }
        served = context;
        // Spark was started without the classes of cells if the kernel runs in a container.
        SparkEnv.get().serializer().setDefaultClassLoader(cells);
        SparkEnv.get().closureSerializer().setDefaultClassLoader(cells);
        try {
            Properties own = context.getLocalProperties();
            Field ofThreads = SparkContext.class.getDeclaredField("localProperties");
            ofThreads.setAccessible(true);
            ofThreads.set(context, new PropertiesOfThreads());
            context.setLocalProperties(new Live(own));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("Executors will not see the notebook's variables: this is not the Spark that Verger knows ({})",
                    e.toString());
        }
    }

    /** Where executors find the value of a variable, or why they do not. */
    private String place(String variable) {
        int point = variable.lastIndexOf('.');
        try {
            Field field = Class.forName(variable.substring(0, point), true, cells).getField(variable.substring(point + 1));
            field.setAccessible(true); // the class is not public
            Object value = field.get(null);
            if (value instanceof Dataset) {
                return refused(variable,
                        "is a Dataset, which executors cannot use: collect what you need of it first, or join");
            }
            if (value instanceof SparkSession || value instanceof SparkContext || value instanceof JavaSparkContext) {
                return refused(variable,
                        "is a " + value.getClass().getSimpleName() + ", which executors cannot use: start jobs "
                                + "outside of lambdas");
            }
            byte[] bytes = serialized(value);
            // Executors fetch only files that end so from the driver.
            String place = "values/" + DigestUtils.sha256Hex(bytes) + ".class";
            Path file = folder.resolve(place);
            if (!Files.exists(file)) {
                write(file, bytes);
            }
            return place;
        } catch (TooLarge e) {
            return refused(variable, "is larger than the " + MOST / (1 << 20) + " MiB that each task would fetch: "
                    + "use a broadcast variable of Spark's");
        } catch (NotSerializableException e) {
            return refused(variable, "cannot go to executors, as " + notSerializable(e.getMessage()));
        } catch (Exception | LinkageError | StackOverflowError e) {
            return refused(variable, "cannot go to executors: " + StringUtils.abbreviate(e.toString(), MOST_SAID));
        }
    }

    private static String refused(String variable, String why) {
        return CellVariable.REFUSED + CellVariable.named(variable) + " " + why;
    }

    private static String notSerializable(String className) {
        if (className.contains("$$Lambda")) {
            return "it has a lambda of an interface that is not java.io.Serializable: declare it as one of Spark's functions, such as "
                    + "MapFunction";
        }
        return className.startsWith("REPL.")
                ? className.substring(className.lastIndexOf('$') + 1)
                        + " is not java.io.Serializable: declare that it implements it"
                : className + " is not java.io.Serializable: hand over values of it that are";
    }

    private static byte[] serialized(Object value) throws IOException {
        Limited bytes = new Limited();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    /** Another job may need the same file, so only whole files have its name. */
    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "part-", "");
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** Keeps bytes up to a limit, and refuses more. */
    private static final class Limited extends ByteArrayOutputStream {

        @Override
        public synchronized void write(int one) {
            check(1);
            super.write(one);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            check(length);
            super.write(bytes, from, length);
        }

        private void check(int more) {
            if (count + more > MOST) {
                throw new TooLarge();
            }
        }
    }

    /** Spark's own ones of threads, which a thread gets from the one that makes it, but for what they are copied to. */
    private final class PropertiesOfThreads extends InheritableThreadLocal<Properties> {

        @Override
        protected Properties initialValue() {
            return new Live(new Properties());
        }

        @Override
        protected Properties childValue(Properties parent) {
            return new Live(parent);
        }
    }

    /** The properties of a thread; each copy of them has the variables, too, with the values of that moment. */
    private final class Live extends Properties {

        private static final long serialVersionUID = 1L;

        Live(Properties own) {
            putAll(own);
        }

        @Override
        public synchronized void forEach(BiConsumer<? super Object, ? super Object> copy) {
            super.forEach(copy);
            for (String variable : read) {
                copy.accept(CellVariable.PROPERTY + variable, place(variable));
            }
        }
    }
}
