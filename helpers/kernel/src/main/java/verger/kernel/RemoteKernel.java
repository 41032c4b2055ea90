package verger.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import verger.kernel.cells.CellClasses;
import verger.kernel.remote.RemoteArguments;
import verger.kernel.remote.RemoteLink;
import org.apache.spark.SparkContext$;

/**
 * The main class of a kernel that an Enterprise Gateway starts on another machine: in a container of YARN, or by ssh.
 *
 * <p>It listens, tells the gateway where, runs the kernel, and ends when the kernel or the gateway says so.
 */
public final class RemoteKernel {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteKernel.class);

    private RemoteKernel() {
    }

    /** @param arguments {@code --RemoteProcessProxy.*}, as {@link RemoteArguments} reads them */
    public static void main(String[] arguments) throws Exception {
        requireJShell();
        RemoteArguments parsed = RemoteArguments.parse(arguments);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Path connectionFile = Files.createTempFile("verger-kernel-", ".json"); // readable to its owner only
        try (RemoteLink link = RemoteLink.open(parsed, connectionFile, RemoteKernel::interrupt, () -> end.complete(null))) {
            daemon("verger-kernel", () -> runKernel(connectionFile, end));
            if (parsed.startsSpark()) {
                CellClasses.folder(); // before Spark starts, which may be before the kernel does
                daemon("verger-spark", RemoteKernel::startSpark);
            }
            link.announce(end::isDone);
            end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            Files.deleteIfExists(connectionFile);
            stopSpark();
        }
        if (!inYarnsContainer()) {
            System.exit(0); // cells may have left threads; in a container YARN would call that a failure, and ends it itself
        }
    }

    /** Cells are compiled where the kernel runs. */
    private static void requireJShell() {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new IllegalStateException("The Java in " + System.getProperty("java.home")
                    + " of this machine is a JRE without "
                    + "jdk.jshell, which the Java kernel needs: install a JDK 17 there, or set spark.yarn.appMasterEnv.JAVA_HOME to one");
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void runKernel(Path connectionFile, CompletableFuture<Void> end) {
        try {
            KernelMain.run(connectionFile);
            end.complete(null);
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    private static void interrupt() {
        BaseKernel kernel = BaseKernel.notebookKernel();
        if (kernel != null) {
            kernel.interrupt();
        }
    }

    /** YARN takes a driver for lost if it has no Spark after ten minutes. */
    private static void startSpark() {
        try {
            SparkSession.builder().getOrCreate();
        } catch (RuntimeException | Error e) {
            LOG.warn("Spark could not start: {}", e.toString());
        }
    }

    private static void stopSpark() {
        Option<SparkContext> context = SparkContext$.MODULE$.getActive();
        if (context.isDefined()) {
            context.get().stop();
        }
    }

    private static boolean inYarnsContainer() {
        return System.getenv("CONTAINER_ID") != null && "cluster".equals(System.getProperty("spark.submit.deployMode"));
    }
}
