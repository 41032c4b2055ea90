package verger.progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.progress.ImagesDone.Report;

/**
 * Tells the driver how far the tasks of executors are: a few numbers four times a second at most, and at the end of a task before
 * Spark says that it has ended.
 *
 * <p>{@code spark.plugins} names it, where executors have this JAR. An executor without it could not start.
 */
public final class ProgressPlugin implements SparkPlugin {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressPlugin.class);

    private static final long PAUSE_MILLIS = 250;

    /** Spark's name for the one executor of local mode. */
    private static final String DRIVER = "driver";

    /** For Spark. */
    public ProgressPlugin() {
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Object receive(Object message) {
                for (Report report : (Report[]) message) {
                    ImagesDone.tell(report);
                }
                return null;
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Teller();
    }

    private static final class Teller implements ExecutorPlugin {

        private final Map<Long, Long> told = new HashMap<>();
        private PluginContext context;
        private Thread thread;

        @Override
        public void init(PluginContext executor, Map<String, String> settings) {
            if (executor.executorID().equals(DRIVER)) {
                return; // the driver's own JVM is asked
            }
            context = executor;
            ImagesDone.listen(this::tellEnd);
            thread = new Thread(this::tellNowAndThen, "verger-progress");
            thread.setDaemon(true);
            thread.start();
        }

        /** Waits for the driver to hear it, else a cell would end before its last images are counted. */
        private void tellEnd(Report report) {
            try {
                context.ask(new Report[] {report});
            } catch (Exception e) { // Scala's, which are not declared, included: no task fails for it
                LOG.debug("The driver was not told of {}", report, e);
            }
        }

        private void tellNowAndThen() {
            try {
                while (true) {
                    Thread.sleep(PAUSE_MILLIS);
                    tell(ImagesDone.running());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the executor ends
            }
        }

        private void tell(List<Report> running) throws InterruptedException {
            List<Report> news = new ArrayList<>();
            for (Report report : running) {
                Long before = told.put(key(report), report.images());
                if (before == null || before != report.images()) {
                    news.add(report);
                }
            }
            told.keySet().retainAll(running.stream().map(Teller::key).toList());
            if (news.isEmpty()) {
                return;
            }
            try {
                context.send(news.toArray(new Report[0]));
            } catch (Exception e) {
                LOG.debug("The driver was not told of {} tasks", news.size(), e);
            }
        }

        private static long key(Report report) {
            return (long) report.stage() << 32 | report.partition();
        }

        @Override
        public void shutdown() {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
