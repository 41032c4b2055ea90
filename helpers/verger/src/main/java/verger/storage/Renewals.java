package verger.storage;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says again and again that the runs of this process live, until they or the process end. */
final class Renewals {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);
    private static final Map<Lease, Future<?>> RUNNING = new ConcurrentHashMap<>();
    private static final ScheduledExecutorService THREADS = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "verger-lease");
        thread.setDaemon(true);
        return thread;
    });

    static {
        // Before Hadoop closes its file systems: without them nothing can be given back.
        ShutdownHookManager.get().addShutdownHook(Lease::endAll, FileSystem.SHUTDOWN_HOOK_PRIORITY + 1);
    }

    private Renewals() {
    }

    static void begin(Lease lease, long everyMillis) {
        RUNNING.put(lease, THREADS.scheduleWithFixedDelay(() -> renew(lease), 0, everyMillis, TimeUnit.MILLISECONDS));
    }

    /** What fails once may succeed the next time; whether it is too late then, publishing finds out. */
    private static void renew(Lease lease) {
        try {
            if (!lease.renew()) {
                end(lease);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot say at {} that this run lives, and will try again: {}", lease.holder(), e.toString());
        }
    }

    static void end(Lease lease) {
        Future<?> renewing = RUNNING.remove(lease);
        if (renewing != null) {
            renewing.cancel(false);
        }
    }
}
