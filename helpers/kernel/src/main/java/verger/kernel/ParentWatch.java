package verger.kernel;

import java.util.Optional;

/**
 * Ends the kernel when the process that started it is gone, as the Python kernel does: a killed papermill would leave a
 * JVM behind, and its executors on the cluster.
 */
final class ParentWatch {

    private ParentWatch() {
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end
    static void start() {
        parent().ifPresent(pid -> ProcessHandle.of(pid).ifPresentOrElse(
                process -> process.onExit().thenRun(() -> System.exit(0)),
                () -> System.exit(0))); // it ended while this JVM started
    }

    /** What jupyter_client names in the environment of the kernels that it starts itself. */
    private static Optional<Long> parent() {
        String pid = System.getenv("JPY_PARENT_PID");
        return pid == null || !pid.matches("[1-9]\\d*") ? Optional.empty() : Optional.of(Long.parseLong(pid));
    }
}
