package verger.doctor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.SerializableConfiguration;

/** Asks every executor: by jobs of as many tasks as there are cores, until each one has answered. */
final class Executors {

    private static final int ROUNDS = 10;
    /** A task that ends at once leaves its core to the next one, and other executors without any. */
    private static final long PAUSE_MILLIS = 300;
    private static final String WHAT = "executor";

    private final SparkContext context;
    private final Broadcast<SerializableConfiguration> conf;

    Executors(SparkContext context, SerializableConfiguration conf) {
        this.context = context;
        this.conf = new JavaSparkContext(context).broadcast(conf);
    }

    /**
     * What an executor said.
     *
     * @param where    its name for people
     * @param millis   its clock
     * @param versions of its JVM
     * @param findings of its machine
     */
    record Answer(String where, long millis, Machine.Versions versions, List<Finding> findings) implements Serializable {
    }

    /**
     * What is found on all of them.
     *
     * @param file in the folder that is tried, or null
     */
    List<Finding> findings(Machine.Versions driver, String file) {
        Map<String, List<Finding>> answered = new LinkedHashMap<>();
        Set<String> silent = new TreeSet<>();
        try {
            for (int round = 0; round < ROUNDS && (round == 0 || !silent.isEmpty()); round++) {
                ask(driver, file, answered);
                silent = known();
                silent.removeAll(answered.keySet());
            }
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            return List.of(Finding.failed("executors", WHAT, e, "a job on the executors failed: their logs say more, "
                    + "in Spark's UI under Executors, or by yarn logs"));
        } finally {
            conf.destroy();
        }
        List<Finding> findings = new ArrayList<>();
        answered.values().forEach(findings::addAll);
        silent.forEach(one -> findings.add(Finding.failed("executor at " + one, WHAT, "no answer in " + ROUNDS + " rounds",
                "it takes no tasks: look into its log, and at what else runs on the cluster")));
        if (answered.isEmpty() && silent.isEmpty()) {
            findings.add(Finding.failed("executors", WHAT, "none", "Spark was given none: look at the queue of the cluster"));
        }
        return findings;
    }

    private void ask(Machine.Versions driver, String file, Map<String, List<Finding>> answered) {
        int tasks = Math.max(context.defaultParallelism(), 2 * known().size());
        List<Integer> numbers = Collections.nCopies(tasks, 0);
        long begin = System.currentTimeMillis();
        List<Said> all = new JavaSparkContext(context).parallelize(numbers, tasks).mapPartitions(new Question(file, conf))
                .collect();
        long end = System.currentTimeMillis();
        for (Said said : all) {
            Answer answer = said.answer();
            answered.computeIfAbsent(said.address(), address -> {
                List<Finding> findings = new ArrayList<>(answer.versions().compared(answer.where(), driver));
                findings.addAll(answer.findings());
                findings.add(Clock.compared(answer.where(), "clock", answer.millis(), begin, end, 0));
                return findings;
            });
        }
    }

    /** Host and port of all executors that Spark knows now. */
    private Set<String> known() {
        Set<String> known = new TreeSet<>();
        Arrays.stream(context.statusTracker().getExecutorInfos()).map(one -> one.host() + ":" + one.port()).forEach(known::add);
        known.remove(address());
        return known;
    }

    private static String address() {
        BlockManagerId here = SparkEnv.get().blockManager().blockManagerId();
        return here.host() + ":" + here.port();
    }

    private record Said(String address, Answer answer) implements Serializable {
    }

    private static final class Question implements FlatMapFunction<Iterator<Integer>, Said> {

        private static final long serialVersionUID = 1L;

        private final String file;
        private final Broadcast<SerializableConfiguration> conf;

        Question(String file, Broadcast<SerializableConfiguration> conf) {
            this.file = file;
            this.conf = conf;
        }

        @Override
        public Iterator<Said> call(Iterator<Integer> numbers) throws InterruptedException {
            Thread.sleep(PAUSE_MILLIS);
            SparkEnv env = SparkEnv.get();
            String where = "executor " + env.executorId() + " on " + env.blockManager().blockManagerId().host();
            long millis = System.currentTimeMillis();
            List<Finding> findings = new ArrayList<>(Machine.everywhere(where));
            if (file != null) {
                findings.add(Folder.read(where, new Path(file), conf.value().value()));
            }
            return List.of(new Said(address(), new Answer(where, millis, Machine.Versions.here(), findings))).iterator();
        }
    }
}
