package verger.kernel.cells;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.SPIResolutionException;
import org.apache.spark.SparkContext;
import org.dflib.jjava.jupyter.telemetry.TelemetryCollector;

/**
 * Runs the statements of cells, each in a thread that an interrupt of the cell ends, and keeps what they return or throw: JShell
 * itself hands on texts only.
 */
final class CellExecution extends DirectExecutionControl {

    /** JShell knows the exception of an interrupted statement by this name. */
    static final String INTERRUPTED = "Execution Interrupted";

    private static final ThreadGroup GROUP = new ThreadGroup("verger-cells");

    private final CellLoader loader;
    private final Consumer<SparkContext> before;
    private final Consumer<Class<?>> beforeInvoke;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            statement -> new Thread(GROUP, statement, "verger-cell"));
    private final Set<Statement<?>> running = ConcurrentHashMap.newKeySet();
    private final Map<String, Object> results = new ConcurrentHashMap<>();
    @SuppressWarnings("ThreadLocalUsage") // there is one of this class
    private final ThreadLocal<TelemetryCollector<?>> collector = new ThreadLocal<>();
    private volatile Throwable thrown;
    private volatile boolean interrupted;

    /**
     * Runs nothing yet.
     *
     * @param loader       has the classes of cells
     * @param before       done by the thread of each statement before it runs, where Spark does
     * @param beforeInvoke is told the class of each statement, when all classes of cells are loaded and before it runs
     */
    CellExecution(CellLoader loader, Consumer<SparkContext> before, Consumer<Class<?>> beforeInvoke) {
        super(loader);
        this.loader = loader;
        this.before = before;
        this.beforeInvoke = beforeInvoke;
    }

    @Override
    public void stop() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A cell begins, of which nothing is interrupted yet. */
    void begin() {
        interrupted = false;
    }

    /** Ends what runs, with its Spark jobs, and lets nothing more of the cell run. */
    void interrupt() {
        interrupted = true; // before it looks at what runs, which looks at this when it can be seen there
        running.forEach(Statement::interrupt);
    }

    /** Whether the cell was interrupted. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** The value that a statement returned, by the key that JShell has in its place; null if it was null. */
    Object take(String key) {
        return results.remove(key);
    }

    /** What the last statement that failed threw, with its own type; null if none did since this was asked. */
    Throwable takeThrown() {
        Throwable last = thrown;
        thrown = null;
        return last;
    }

    CellLoader loader() {
        return loader;
    }

    /** Whether this thread runs a statement of a cell. */
    static boolean isCell() {
        return Thread.currentThread().getThreadGroup() == GROUP;
    }

    void measure(TelemetryCollector<?> by) {
        collector.set(by);
    }

    void stopMeasuring() {
        TelemetryCollector<?> by = collector.get();
        if (by != null) {
            collector.remove();
            by.stop();
        }
    }

    @Override
    protected String invoke(Method statement) throws Exception {
        TelemetryCollector<?> by = collector.get();
        String key = UUID.randomUUID().toString();
        beforeInvoke.accept(statement.getDeclaringClass());
        Object value = by == null ? run(statement) : measured(by, statement);
        if (value != null) {
            results.put(key, value);
        }
        return key;
    }

    private <I> Object measured(TelemetryCollector<I> by, Method statement) throws Exception {
        I start = by.measurementStart();
        try {
            return run(statement);
        } finally {
            by.measurementEnd(start);
        }
    }

    private Object run(Method method) throws Exception {
        try {
            return isCell() ? method.invoke(null) : await(() -> method.invoke(null)); // a cell may evaluate a text
        } catch (CancellationException e) {
            thrown = null;
            throw new ExecutionControl.UserException("The cell was interrupted", INTERRUPTED, e.getStackTrace());
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InvocationTargetException e) {
            throw failed(e);
        }
    }

    /**
     * Has work done as a statement of the cell, which an interrupt ends.
     *
     * @throws CancellationException if it was interrupted
     * @throws ExecutionException    if the work threw
     */
    <T> T await(Callable<T> work) throws InterruptedException, ExecutionException {
        Statement<T> statement = new Statement<>(work, before);
        running.add(statement);
        try {
            if (interrupted) {
                throw new CancellationException();
            }
            threads.execute(statement);
            return statement.get();
        } finally {
            running.remove(statement);
        }
    }

    private ExecutionControl.RunException failed(Throwable e) {
        Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof VirtualMachineError) {
            results.clear(); // of an OutOfMemoryError, room for what comes next
        }
        thrown = cause;
        return forJShell(cause);
    }

    private static ExecutionControl.RunException forJShell(Throwable e) {
        List<Throwable> causes = Causes.of(e);
        ExecutionControl.RunException outermost = null;
        for (int i = causes.size() - 1; i >= 0; i--) {
            ExecutionControl.RunException one = withoutCause(causes.get(i));
            if (outermost != null && one instanceof ExecutionControl.UserException) {
                one.initCause(outermost);
            }
            outermost = one;
        }
        return outermost;
    }

    private static ExecutionControl.RunException withoutCause(Throwable e) {
        return e instanceof SPIResolutionException unresolved
                ? new ExecutionControl.ResolutionException(unresolved.id(), e.getStackTrace())
                : new ExecutionControl.UserException(String.valueOf(Causes.message(e)), e.getClass().getName(),
                        e.getStackTrace());
    }
}
